using System.Globalization;
using ActorTrace.Machine.Flash;

namespace ActorTrace.Machine.Boards;

/// <summary>The UARTs that a platform may have.</summary>
public enum UartModel
{
    /// <summary>ARM PL011.</summary>
    Pl011,

    /// <summary>Samsung Exynos 4210 and later.</summary>
    Exynos4210,
}

/// <summary>What a guest's device tree tells it: the platform's devices and nothing else. Addresses are the guest's physical ones.</summary>
public sealed record DeviceTree
{
    private const uint InterruptControllerHandle = 1;
    private const uint ClockHandle = 2;
    private const uint UartClockHz = 24_000_000;

    // The cells of an interrupt specifier (bindings of arm,gic): kind, number within the kind, flags.
    private const uint Spi = 0;
    private const uint Ppi = 1;
    private const uint LevelHigh = 4;
    private const uint LevelLow = 8;
    private const uint SecureTimer = 13;
    private const uint PhysicalTimer = 14;
    private const uint VirtualTimer = 11;
    private const uint HypervisorTimer = 10;
    private const uint FirstSpi = 32;

    /// <summary>First byte of RAM.</summary>
    public required uint RamStart { get; init; }

    /// <summary>Bytes of RAM.</summary>
    public required uint RamSize { get; init; }

    /// <summary>GICD.</summary>
    public required uint Distributor { get; init; }

    /// <summary>GICC.</summary>
    public required uint CpuInterface { get; init; }

    /// <summary>Registers of the UART.</summary>
    public required uint Uart { get; init; }

    /// <summary>Which UART it is.</summary>
    public required UartModel UartModel { get; init; }

    /// <summary>The UART's interrupt number, 32..1019.</summary>
    public required int UartInterrupt { get; init; }

    /// <summary>First byte of the flash; null where there is none.</summary>
    public required uint? Flash { get; init; }

    /// <summary>How many CPUs, 1..8.</summary>
    public required int Cpus { get; init; }

    /// <summary>The hypervisor answers PSCI calls by HVC.</summary>
    public required bool Psci { get; init; }

    /// <summary>The tree as a guest finds it in memory.</summary>
    public byte[] Flatten()
    {
        DeviceTreeWriter tree = new();
        tree.BeginNode("");
        tree.Strings("model", "ActorTrace guest");
        tree.Strings("compatible", "linux,dummy-virt");
        tree.Cells("#address-cells", 2);
        tree.Cells("#size-cells", 2);
        tree.Cells("interrupt-parent", InterruptControllerHandle);
        Chosen(tree);
        Memory(tree);
        Processors(tree);
        Interrupts(tree);
        Serial(tree);
        if (Flash is { } flash)
        {
            tree.BeginNode(At("flash", flash));
            tree.Strings("compatible", "cfi-flash");
            tree.Cells("reg", 0, flash, 0, CfiFlash.BankSize, 0, flash + CfiFlash.BankSize, 0, CfiFlash.BankSize);
            tree.Cells("bank-width", 4);
            tree.EndNode();
        }

        tree.EndNode();
        return tree.Finish();
    }

    private static string At(string name, uint address) => string.Create(CultureInfo.InvariantCulture, $"{name}@{address:x}");

    private void Chosen(DeviceTreeWriter tree)
    {
        tree.BeginNode("chosen");
        tree.Strings("stdout-path", "/" + UartName());
        tree.EndNode();
    }

    private void Memory(DeviceTreeWriter tree)
    {
        tree.BeginNode(At("memory", RamStart));
        tree.Strings("device_type", "memory");
        tree.Cells("reg", 0, RamStart, 0, RamSize);
        tree.EndNode();
    }

    private void Processors(DeviceTreeWriter tree)
    {
        if (Psci)
        {
            tree.BeginNode("psci");
            tree.Strings("compatible", "arm,psci-0.2", "arm,psci");
            tree.Strings("method", "hvc");
            tree.EndNode();
        }

        tree.BeginNode("cpus");
        tree.Cells("#address-cells", 1);
        tree.Cells("#size-cells", 0);
        for (uint cpu = 0; cpu < Cpus; cpu++)
        {
            tree.BeginNode(At("cpu", cpu));
            tree.Strings("device_type", "cpu");
            tree.Strings("compatible", "arm,cortex-a15");
            if (Psci)
            {
                tree.Strings("enable-method", "psci");
            }

            tree.Cells("reg", cpu);
            tree.EndNode();
        }

        tree.EndNode();
    }

    private void Interrupts(DeviceTreeWriter tree)
    {
        tree.BeginNode("timer");
        tree.Strings("compatible", "arm,armv7-timer");
        tree.Flag("always-on");
        uint flags = LevelLow | (((1U << Cpus) - 1) << 8);
        tree.Cells("interrupts", Ppi, SecureTimer, flags, Ppi, PhysicalTimer, flags, Ppi, VirtualTimer, flags, Ppi, HypervisorTimer, flags);
        tree.EndNode();
        tree.BeginNode(At("interrupt-controller", Distributor));
        tree.Strings("compatible", "arm,cortex-a15-gic");
        tree.Flag("interrupt-controller");
        tree.Cells("#interrupt-cells", 3);
        tree.Cells("reg", 0, Distributor, 0, 0x1000, 0, CpuInterface, 0, 0x2000);
        tree.Cells("phandle", InterruptControllerHandle);
        tree.EndNode();
    }

    private void Serial(DeviceTreeWriter tree)
    {
        tree.BeginNode("uart-clock");
        tree.Strings("compatible", "fixed-clock");
        tree.Cells("#clock-cells", 0);
        tree.Cells("clock-frequency", UartClockHz);
        tree.Cells("phandle", ClockHandle);
        tree.EndNode();
        tree.BeginNode(UartName());
        if (UartModel == UartModel.Pl011)
        {
            tree.Strings("compatible", "arm,pl011", "arm,primecell");
            tree.Cells("clocks", ClockHandle, ClockHandle);
            tree.Strings("clock-names", "uartclk", "apb_pclk");
        }
        else
        {
            tree.Strings("compatible", "samsung,exynos4210-uart");
            tree.Cells("clocks", ClockHandle, ClockHandle);
            tree.Strings("clock-names", "uart", "clk_uart_baud0");
        }

        tree.Cells("reg", 0, Uart, 0, 0x1000);
        tree.Cells("interrupts", Spi, (uint)UartInterrupt - FirstSpi, LevelHigh);
        tree.EndNode();
    }

    private string UartName() => At(UartModel == UartModel.Pl011 ? "pl011" : "serial", Uart);
}
