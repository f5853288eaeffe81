using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Scenarios;

/// <summary>A guest's memory map (guest physical addresses).</summary>
/// <param name="RamStart">First byte of RAM, 1 MiB aligned.</param>
/// <param name="RamSize">Bytes, a multiple of 1 MiB, at most 512 MiB.</param>
/// <param name="Distributor">GICD, 4 KiB aligned.</param>
/// <param name="CpuInterface">GICC, 4 KiB aligned; 8 KiB long.</param>
/// <param name="Uart">The UART, 4 KiB aligned.</param>
public sealed record PlatformSpec(Ipa RamStart, uint RamSize, Ipa Distributor, Ipa CpuInterface, Ipa Uart)
{
    /// <summary>Which UART it is.</summary>
    public UartModel UartModel { get; init; }

    /// <summary>The UART's interrupt number, 32..95.</summary>
    public int UartInterrupt { get; init; } = 33;

    /// <summary>First byte of the flash, 2 MiB aligned: two banks of 64 MiB. Null where there is none.</summary>
    public Ipa? Flash { get; init; }

    /// <summary>The addresses of QEMU's virt board.</summary>
    public static PlatformSpec Virt(uint ramSize) =>
        new(new Ipa(0x4000_0000), ramSize, new Ipa(0x0800_0000), new Ipa(0x0801_0000), new Ipa(0x0900_0000)) { Flash = new Ipa(0) };

    /// <summary>The addresses of the Arndale board (Exynos 5250): its UART 2, SPI 53.</summary>
    public static PlatformSpec Arndale(uint ramSize) =>
        new(new Ipa(0x4000_0000), ramSize, new Ipa(0x1048_1000), new Ipa(0x1048_2000), new Ipa(0x12C2_0000))
        {
            UartModel = UartModel.Exynos4210,
            UartInterrupt = 85,
        };
}
