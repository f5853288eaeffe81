using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Boards;

/// <summary>Physical addresses of the Arndale board (Exynos 5250): the Cortex-A15's interrupt controller.</summary>
public static class ArndaleMap
{
    /// <summary>GICD, 4 KiB.</summary>
    public static readonly Pa Distributor = new(0x1048_1000);

    /// <summary>GICC, 8 KiB.</summary>
    public static readonly Pa CpuInterface = new(0x1048_2000);

    /// <summary>GICV, 8 KiB: what stage 2 shows a guest as its CPU interface.</summary>
    public static readonly Pa VirtualCpuInterface = new(0x1048_6000);
}
