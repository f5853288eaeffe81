using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Uart;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Gic;

/// <summary>Interrupts of a core without a hypervisor, by the transitions of ARM IHI 0048B 3.2.4.</summary>
public sealed class NativeInterruptTests
{
    private const uint Gicd = 0x0800_0000;
    private const uint Gicc = 0x0801_0000;
    private const uint Spurious = 1023;
    private readonly CorePeripherals core;
    private VirtualInstant now = new(1600);

    public NativeInterruptTests()
    {
        core = Create(0, 2);
        Store(Gicd, 1);
        Store(Gicc, 1);
        Store(Gicc + 4, 0xFF);
    }

    private uint Iar => Load(Gicc + 0x0C);

    private bool Irq => core.Lines == InterruptLines.Irq;

    [Fact]
    public void A_timer_interrupt_is_asserted_at_its_instant_and_while_the_condition_holds()
    {
        Store(Gicd + 0x100, 1U << 27);
        core.WriteTimer(TimerRegister.VirtualCompare, 1000, now);
        core.WriteTimer(TimerRegister.VirtualControl, 1, now);
        Assert.Equal(new VirtualInstant(16_000), core.NextDeadline);
        core.AdvanceTo(new VirtualInstant(15_999));
        Assert.Equal(InterruptLines.None, core.Lines);
        core.AdvanceTo(new VirtualInstant(16_000));
        Assert.True(Irq);
        now = new VirtualInstant(16_064);
        Assert.Equal(27U, Iar);
        Assert.False(Irq);
        Assert.Equal(1U << 27, Load(Gicd + 0x200));
        Store(Gicc + 0x10, 27);
        Assert.True(Irq);
        core.WriteTimer(TimerRegister.VirtualCompare, 2000, now);
        Assert.False(Irq);
        Assert.Equal(Spurious, Iar);
        Assert.Equal(new VirtualInstant(32_000), core.NextDeadline);
    }

    [Fact]
    public void The_physical_timer_is_interrupt_30()
    {
        Store(Gicd + 0x100, 1U << 30);
        core.WriteTimer(TimerRegister.PhysicalTimerValue, 0, now);
        core.WriteTimer(TimerRegister.PhysicalControl, 1, now);
        Assert.Equal(30U, Iar);
    }

    [Fact]
    public void An_edge_during_the_handling_is_kept_as_active_and_pending()
    {
        PendSpi(100, 0xA0);
        Assert.Equal(100U, Iar);
        Store(Gicd + 0x20C, 1U << 4);
        Assert.Equal(Spurious, Iar);
        Assert.Equal((1U << 4, 1U << 4), (Load(Gicd + 0x20C), Load(Gicd + 0x30C)));
        Store(Gicc + 0x10, 100);
        Assert.Equal(100U, Iar);
        Store(Gicc + 0x10, 100);
        Assert.Equal(Spurious, Iar);
    }

    [Fact]
    public void A_higher_priority_preempts_and_the_running_priority_returns()
    {
        PendSpi(100, 0xA0);
        Assert.Equal(100U, Iar);
        Assert.Equal(0xA0U, Load(Gicc + 0x14));
        PendSpi(101, 0xA0);
        Assert.False(Irq);
        PendSpi(102, 0x80);
        Assert.True(Irq);
        Assert.Equal(102U, Iar);
        Assert.Equal(0x80U, Load(Gicc + 0x14));
        Store(Gicc + 0x10, 102);
        Assert.Equal(0xA0U, Load(Gicc + 0x14));
        Store(Gicc + 0x10, 100);
        Assert.Equal(101U, Iar);
    }

    [Fact]
    public void The_binary_point_keeps_priorities_of_one_group_from_preempting_each_other()
    {
        Store(Gicc + 8, 4);
        PendSpi(100, 0xB0);
        Assert.Equal(100U, Iar);
        PendSpi(101, 0xA0);
        Assert.False(Irq);
        PendSpi(102, 0x80);
        Assert.True(Irq);
    }

    [Fact]
    public void Equal_priorities_are_taken_by_number_and_the_mask_hides_what_is_not_urgent_enough()
    {
        PendSpi(101, 0x90);
        PendSpi(100, 0x90);
        Store(Gicc + 4, 0x90);
        Assert.False(Irq);
        Assert.Equal(Spurious, Iar);
        Store(Gicc + 4, 0x91);
        Assert.True(Irq);
        Assert.Equal(100U, Iar);
    }

    [Fact]
    public void With_EOImode_1_the_priority_drops_first_and_the_interrupt_may_come_again_after_DIR()
    {
        Store(Gicc, 0x201);
        PendSpi(100, 0xA0);
        Assert.Equal(100U, Iar);
        Store(Gicc + 0x10, 100);
        Assert.Equal(0xFFU, Load(Gicc + 0x14));
        PendSpi(100, 0xA0);
        Assert.False(Irq);
        Store(Gicc + 0x1000, 100);
        Assert.True(Irq);
    }

    [Fact]
    public void An_SGI_to_the_others_leaves_by_the_event_and_one_to_itself_is_pending_at_once()
    {
        List<SgiRequest> sent = [];
        core.SgiSent = sent.Add;
        Store(Gicd + 0xF00, 0x0100_0003);
        Store(Gicd + 0xF00, 0x0003_0004);
        Store(Gicd + 0xF00, 0x0200_0005);
        Store(Gicd + 0xF00, 0x0300_0006);
        Store(Gicd + 0xF00, 0x0000_0007);
        Assert.Equal([3, 4], sent.Select(s => (int)s.Sgi));
        Assert.All(sent, s => Assert.Equal([new CoreId(1)], s.Targets));
        Assert.All(sent, s => Assert.Equal((new CoreId(0), now), (s.Source, s.At)));
        Assert.Equal((4U, 5U, Spurious), (Iar, End(4), End(5)));
    }

    [Fact]
    public void An_SGI_from_two_cores_is_taken_once_for_each_with_its_sender()
    {
        core.RaiseSgi(9, new SourceId(1), now);
        core.RaiseSgi(9, new SourceId(0), now);
        Assert.Equal(9U, Iar);
        Assert.Equal(9U | (1U << 10), End(9));
        Assert.Equal(Spurious, End(9 | (1U << 10)));
    }

    [Fact]
    public void Interrupts_of_group_1_show_only_with_AckCtl_and_group_0_may_be_FIQ()
    {
        Store(Gicd, 3);
        Store(Gicc, 0xB);
        Store(Gicd + 0x8C, 1U << 4);
        PendSpi(100, 0xA0);
        Assert.Equal(InterruptLines.Irq, core.Lines);
        Assert.Equal(1022U, Iar);
        PendSpi(101, 0x80);
        Assert.Equal(InterruptLines.Fiq, core.Lines);
        Assert.Equal(101U, Iar);
        Store(Gicc + 0x10, 101);
        Assert.Equal(100U, Load(Gicc + 0x20));
        Store(Gicc + 0x24, 100);
        Assert.Equal(0xFFU, Load(Gicc + 0x14));
    }

    [Fact]
    public void The_UART_drives_its_interrupt()
    {
        Store(Gicd + 0x821, 1, 1);
        Store(Gicd + 0x104, 2);
        Store(0x0900_0038, 0x20);
        Store(0x0900_0000, 'x');
        Assert.Equal(33U, Iar);
        Store(0x0900_0044, 0x20);
        Store(Gicc + 0x10, 33);
        Assert.Equal(Spurious, Iar);
    }

    [Fact]
    public void Where_no_device_is_nothing_answers()
    {
        foreach (uint address in new uint[] { 0x0800_1000, 0x0801_2000, 0x0900_1000, 0x0A00_0000, 0x1048_6000 })
        {
            Assert.False(core.TryRead(new Pa(address), 4, now, out _));
            Assert.False(core.TryWrite(new Pa(address), 4, 0, now));
        }

        Assert.True(core.TryRead(new Pa(Gicd + 0xE00), 4, now, out uint reserved));
        Assert.Equal(0U, reserved);
    }

    [Fact]
    public void Target_registers_of_banked_interrupts_name_the_core_that_reads()
    {
        Assert.Equal(0x0101_0101U, Load(Gicd + 0x800));
        Assert.True(Create(1, 2).TryRead(new Pa(Gicd + 0x81C), 4, now, out uint second));
        Assert.Equal(0x0202_0202U, second);
    }

    private static CorePeripherals Create(byte index, int cores) => CorePeripherals.Native(
        new ClockRates(1_000_000_000, 62_500_000, 64), new CoreId(index), cores,
        new NativeDevices(new Pa(Gicd), new Pa(Gicc), new Pa(0x0900_0000), new Pl011((_, _) => { })));

    private void PendSpi(uint id, byte priority)
    {
        Store(Gicd + 0x400 + id, priority, 1);
        Store(Gicd + 0x800 + id, 1, 1);
        Store(Gicd + 0xC00 + (id / 16 * 4), 2U << (int)(2 * (id % 16)));
        Store(Gicd + 0x100 + (id / 32 * 4), 1U << (int)(id % 32));
        Store(Gicd + 0x200 + (id / 32 * 4), 1U << (int)(id % 32));
    }

    private uint End(uint interrupt)
    {
        Store(Gicc + 0x10, interrupt);
        return Iar;
    }

    private void Store(uint address, uint value, int size = 4) => Assert.True(core.TryWrite(new Pa(address), size, value, now));

    private uint Load(uint address)
    {
        Assert.True(core.TryRead(new Pa(address), 4, now, out uint value));
        return value;
    }
}
