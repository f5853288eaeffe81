using System.Text;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Tests.Guests;
using ActorTrace.Machine.Uart;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Gic;

/// <summary>The RTOS guest on our core with our timers, interrupt controller and UART, and on QEMU, one instruction = 64 ns.</summary>
public sealed class NativeGuestConsoleTests
{
    private const string EndMark = "ActorTrace RTOS: done ";
    private const ulong TwoSeconds = 2_000_000_000;

    [SkippableTheory]
    [InlineData("rtos.elf")]
    [InlineData("rtos-mmu.elf")]
    public void The_console_is_the_same_to_the_last_digit_of_the_counter(string name)
    {
        QemuGuest.Require();
        string image = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            QemuGuest.Patch(QemuGuest.Image(name), "app_rounds", 3, image);
            string expected = QemuGuest.Run(image, 1, EndMark).Console;
            Assert.Equal(expected, RunHere(File.ReadAllBytes(image)));
        }
        finally
        {
            File.Delete(image);
        }
    }

    private static string RunHere(byte[] bytes)
    {
        StringBuilder console = new();
        ClockRates rates = new(1_000_000_000, 62_500_000, 64);
        Pl011 uart = new((value, _) => console.Append((char)value));
        NativeDevices devices = new(new Pa(0x0800_0000), new Pa(0x0801_0000), new Pa(0x0900_0000), uart);
        Core core = new(new CoreId(0), rates, CorePeripherals.Native(rates, new CoreId(0), 1, devices));
        RamRegion ram = new(new Pa(0x4000_0000), 16 << 20);
        PhysicalMemory memory = new([ram]);
        ElfImage image = ElfImage.Parse(bytes, "rtos");
        foreach (ElfSegment segment in image.Segments)
        {
            segment.FileBytes.Span.CopyTo(memory.Slice(new Pa(segment.PhysicalAddress.Value), segment.MemorySize));
        }

        VcpuContext vcpu = new(new VcpuId(new GuestId(0), 0));
        vcpu.Reset(image.EntryPoint, 0, 0xFFFF_FFFF, 0);
        core.Attach(vcpu, memory);
        VirtualInstant step = VirtualInstant.Zero;
        while (step.Cycles < TwoSeconds && !Ended(console))
        {
            step += 1_000_000;
            CoreExit exit = core.RunUntil(step);
            Assert.Equal(CoreExitKind.LimitReached, exit.Kind);
        }

        return console.ToString();
    }

    private static bool Ended(StringBuilder console)
    {
        string text = console.ToString();
        int mark = text.IndexOf(EndMark, StringComparison.Ordinal);
        return mark >= 0 && text.IndexOf('\n', mark) >= 0;
    }
}
