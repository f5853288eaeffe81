using ActorTrace.Machine.Flash;
using ActorTrace.Machine.Uart;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Gic;

/// <summary>The memory-mapped devices of a core without a hypervisor.</summary>
/// <param name="Distributor">Where GICD is, 4 KiB.</param>
/// <param name="CpuInterface">Where GICC is, 8 KiB.</param>
/// <param name="UartAddress">Where the UART is, 4 KiB.</param>
/// <param name="Uart">The UART.</param>
/// <param name="UartInterrupt">The UART's interrupt: SPI 1 is number 33 on QEMU's virt board.</param>
public sealed record NativeDevices(Pa Distributor, Pa CpuInterface, Pa UartAddress, IUart Uart, int UartInterrupt = 33)
{
    /// <summary>The flash; null where there is none. Loads that its content serves do not come here.</summary>
    public CfiFlash? Flash { get; init; }
}
