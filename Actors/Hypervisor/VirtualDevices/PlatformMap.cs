using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Flash;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.VirtualDevices;

/// <summary>Which device of a guest's platform an address belongs to.</summary>
/// <param name="platform">The platform.</param>
internal readonly struct PlatformMap(PlatformSpec platform)
{
    /// <summary>The trace control device, 4 KiB.</summary>
    public const ulong TraceControl = 0x0A00_0000;

    /// <summary>The shared rings in the GPOS.</summary>
    public const ulong RingArea = 0x0B00_0000;

    /// <summary>Bytes of an interrupt interface, GICC or GICV.</summary>
    public const uint InterfaceSize = 0x2000;

    private const ulong PageMask = ~0xFFFUL;

    /// <summary>Any device that is emulated for every guest.</summary>
    public bool IsDevice(Ipa address) => IsInterruptController(address) || IsUart(address) || IsFlash(address);

    /// <summary>Distributor or interrupt interface.</summary>
    public bool IsInterruptController(Ipa address) => IsDistributor(address) || IsInterface(address);

    /// <summary>The interrupt interface; emulated only where the board has no virtual one.</summary>
    public bool IsInterface(Ipa address) => address.Value - platform.CpuInterface.Value < InterfaceSize;

    /// <summary>The emulated distributor.</summary>
    public bool IsDistributor(Ipa address) => (address.Value & PageMask) == platform.Distributor.Value;

    /// <summary>The emulated UART.</summary>
    public bool IsUart(Ipa address) => (address.Value & PageMask) == platform.Uart.Value;

    /// <summary>The flash.</summary>
    public bool IsFlash(Ipa address) => platform.Flash is { } start && address.Value - start.Value < CfiFlash.Size;

    /// <summary>The trace control device.</summary>
    public static bool IsTraceControl(Ipa address) => (address.Value & PageMask) == TraceControl;
}
