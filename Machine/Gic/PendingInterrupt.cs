namespace ActorTrace.Machine.Gic;

/// <summary>The interrupt that waits first.</summary>
/// <param name="Id">Its number, or <see cref="InterruptNumber.Spurious"/>.</param>
/// <param name="Source">For an SGI the CPU that sent it.</param>
/// <param name="Priority">0 (most urgent) .. 255; 256 for none.</param>
/// <param name="Group1">It is of group 1.</param>
public readonly record struct PendingInterrupt(int Id, int Source, int Priority, bool Group1)
{
    /// <summary>Nothing waits.</summary>
    public static readonly PendingInterrupt None = new(InterruptNumber.Spurious, 0, 256, false);

    /// <summary>As GICC_IAR and GICC_HPPIR show it: CPUID in [12:10], number in [9:0].</summary>
    public uint Encoded => (uint)(Id | (Source << 10));
}
