using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Timer;
using ActorTrace.Machine.Values;
using Xunit;

namespace ActorTrace.Machine.Tests.Gic;

/// <summary>A core under a hypervisor: the physical interface by method, GICV by the guest's accesses (ARM IHI 0048B chapter 5).</summary>
public sealed class HypervisorInterruptTests
{
    private const uint Spurious = 1023;
    private readonly CorePeripherals core = CorePeripherals.UnderHypervisor(new ClockRates(1_700_000_000, 24_000_000, 1), new CoreId(1), 2);
    private readonly VirtualInstant now = new(10_000);

    public HypervisorInterruptTests()
    {
        Gicv(0, 1);
        Gicv(4, 0xFF);
    }

    private uint Iar => Gicv(0x0C);

    [Fact]
    public void The_priority_mask_of_GICV_keeps_five_bits() => Assert.Equal(0xF8U, Gicv(4));

    [Fact]
    public void Only_GICV_answers_to_the_guest()
    {
        foreach (Pa address in new[] { ArndaleMap.Distributor, ArndaleMap.CpuInterface, new Pa(0x0900_0000), new Pa(0x1048_8000) })
        {
            Assert.False(core.TryRead(address, 4, now, out _));
        }

        Assert.True(core.TryRead(new Pa(0x1048_6000 + 0x1FFC), 4, now, out _));
    }

    [Fact]
    public void A_virtual_interrupt_goes_from_pending_to_active_to_free()
    {
        Assert.True(core.TryInject(64, 0xA0, null, now));
        Assert.Equal(InterruptLines.VirtualIrq, core.Lines);
        Assert.Equal(InterruptStatus.Pending, core.VirtualInterrupts.StatusOf(64));
        Assert.Equal(64U, Iar);
        Assert.Equal(InterruptLines.None, core.Lines);
        Assert.Equal(InterruptStatus.Active, core.VirtualInterrupts.StatusOf(64));
        Assert.Equal((0xA0U, Spurious), (Gicv(0x14), Iar));
        Gicv(0x10, 64);
        Assert.Equal((InterruptStatus.Inactive, 4), (core.VirtualInterrupts.StatusOf(64), core.FreeListRegisters));
        Assert.Equal(0xFFU, Gicv(0x14));
    }

    [Fact]
    public void An_injection_while_active_makes_active_and_pending_so_that_none_is_lost()
    {
        core.TryInject(64, 0xA0, null, now);
        Assert.Equal(64U, Iar);
        Assert.True(core.TryInject(64, 0xA0, null, now));
        Assert.Equal(3, core.FreeListRegisters);
        Assert.Equal((InterruptStatus.Active | InterruptStatus.Pending, Spurious), (core.VirtualInterrupts.StatusOf(64), Iar));
        Gicv(0x10, 64);
        Assert.Equal(InterruptLines.VirtualIrq, core.Lines);
        Assert.Equal(64U, Iar);
    }

    [Fact]
    public void Injections_of_one_number_while_it_is_pending_are_one()
    {
        core.TryInject(64, 0xA0, null, now);
        core.TryInject(64, 0xA0, null, now);
        Assert.Equal(3, core.FreeListRegisters);
        Assert.Equal(64U, Iar);
        Gicv(0x10, 64);
        Assert.Equal(Spurious, Iar);
    }

    [Fact]
    public void With_four_list_registers_taken_there_is_no_room_for_a_fifth_interrupt()
    {
        Assert.All([40, 41, 42, 43], id => Assert.True(core.TryInject(id, 0, null, now)));
        Assert.False(core.TryInject(44, 0, null, now));
        Assert.True(core.TryInject(41, 0, null, now));
        Assert.Equal(40U, Iar);
        Gicv(0x10, 40);
        Assert.True(core.TryInject(44, 0, null, now));
    }

    [Fact]
    public void The_most_urgent_comes_first_and_preempts()
    {
        core.TryInject(40, 0xA0, null, now);
        core.TryInject(50, 0x50, null, now);
        core.TryInject(41, 0x50, null, now);
        Assert.Equal(41U, Gicv(0x18));
        Assert.Equal(41U, Iar);
        Assert.Equal(InterruptLines.None, core.Lines);
        core.TryInject(60, 0x4F, null, now);
        Assert.Equal(InterruptLines.VirtualIrq, core.Lines);
        Assert.Equal(60U, Iar);
        Gicv(0x10, 60);
        Gicv(0x10, 41);
        Assert.Equal((50U, 0x50U), (Iar, Gicv(0x14)));
    }

    [Fact]
    public void The_guest_s_end_of_the_timer_interrupt_deactivates_the_physical_one()
    {
        StartVirtualTimer();
        Assert.Equal(InterruptLines.Irq, core.Lines);
        Assert.Equal((27, 0), core.AcknowledgePhysical(now));
        core.EndOfInterrupt(27, now);
        Assert.Equal(InterruptLines.None, core.Lines);
        Assert.Equal(1023, core.AcknowledgePhysical(now).Interrupt);
        core.TryInject(27, 0xA0, 27, now);
        Assert.Equal(27U, Iar);
        core.WriteTimer(TimerRegister.VirtualControl, 0, now);
        Gicv(0x10, 27);
        Assert.Equal(InterruptLines.None, core.Lines);
        core.WriteTimer(TimerRegister.VirtualControl, 1, now);
        Assert.Equal(InterruptLines.Irq, core.Lines);
        Assert.Equal(27, core.AcknowledgePhysical(now).Interrupt);
    }

    [Fact]
    public void With_the_guest_s_EOImode_1_the_link_acts_at_DIR()
    {
        Gicv(0, 0x201);
        StartVirtualTimer();
        core.AcknowledgePhysical(now);
        core.EndOfInterrupt(27, now);
        core.TryInject(27, 0xA0, 27, now);
        Assert.Equal(27U, Iar);
        Gicv(0x10, 27);
        Assert.Equal((0xFFU, InterruptLines.None), (Gicv(0x14), core.Lines));
        Gicv(0x1000, 27);
        Assert.Equal(InterruptLines.Irq, core.Lines);
    }

    [Fact]
    public void An_end_without_an_interrupt_does_nothing_to_others()
    {
        core.TryInject(64, 0xA0, null, now);
        Gicv(0x10, 64);
        Gicv(0x10, 1023);
        Assert.Equal(InterruptStatus.Pending, core.VirtualInterrupts.StatusOf(64));
        Assert.Equal(64U, Iar);
    }

    [Fact]
    public void SGIs_come_before_timers_with_their_sender_and_come_again_only_after_deactivation()
    {
        core.SetHypTimer(now, now);
        core.RaiseSgi(1, new SourceId(0), now);
        Assert.Equal((1, 0), core.AcknowledgePhysical(now));
        core.EndOfInterrupt(1, now);
        core.RaiseSgi(1, SourceId.Outside, now);
        Assert.Equal(26, core.AcknowledgePhysical(now + 71).Interrupt);
        Assert.Equal(1023, core.AcknowledgePhysical(now + 71).Interrupt);
        core.EndOfInterrupt(26, now + 71);
        core.Deactivate(1, now + 71);
        Assert.Equal(1, core.AcknowledgePhysical(now + 71).Interrupt);
    }

    [Fact]
    public void The_hypervisor_s_timer_fires_at_the_first_count_after_its_time_and_not_when_switched_off()
    {
        VirtualInstant due = new(1_000_000);
        core.SetHypTimer(due, now);
        Assert.InRange(core.NextDeadline.Cycles, due.Cycles, due.Cycles + 71);
        core.AdvanceTo(core.NextDeadline);
        Assert.Equal(InterruptLines.Irq, core.Lines);
        core.SetHypTimer(VirtualInstant.Never, new VirtualInstant(1_100_000));
        Assert.Equal((InterruptLines.None, VirtualInstant.Never), (core.Lines, core.NextDeadline));
    }

    [Fact]
    public void A_vCPU_takes_its_interrupts_and_timers_along_and_leaves_the_core_clean()
    {
        core.Cntvoff = 7;
        StartVirtualTimer();
        core.AcknowledgePhysical(now);
        core.EndOfInterrupt(27, now);
        core.TryInject(27, 0xA0, 27, now);
        Assert.Equal(27U, Iar);
        core.TryInject(64, 0x50, null, now);

        VirtualInterruptState interrupts = core.SaveVirtual();
        GuestTimerState timers = core.SaveGuestTimers();
        Assert.Equal((InterruptLines.None, 4, VirtualInstant.Never, 0UL), (core.Lines, core.FreeListRegisters, core.NextDeadline, core.Cntvoff));
        Assert.Equal((0U, 0U, 0xFFU), (Gicv(0), Gicv(4), Gicv(0x14)));
        StartVirtualTimer();
        Assert.Equal(27, core.AcknowledgePhysical(now).Interrupt);
        core.EndOfInterrupt(27, now);
        core.SaveVirtual();
        core.SaveGuestTimers();

        core.RestoreVirtual(interrupts);
        core.RestoreGuestTimers(timers, now + 1000);
        Assert.Equal((InterruptLines.VirtualIrq, 7UL, 0xA0U), (core.Lines, core.Cntvoff, Gicv(0x14)));
        Assert.Equal(64U, Iar);
        Gicv(0x10, 64);
        Gicv(0x10, 27);
        Assert.Equal(InterruptLines.Irq, core.Lines);
    }

    private void StartVirtualTimer()
    {
        core.WriteTimer(TimerRegister.VirtualCompare, 0, now);
        core.WriteTimer(TimerRegister.VirtualControl, 1, now);
    }

    private void Gicv(uint offset, uint value) => Assert.True(core.TryWrite(new Pa(0x1048_6000 + offset), 4, value, now));

    private uint Gicv(uint offset)
    {
        Assert.True(core.TryRead(new Pa(0x1048_6000 + offset), 4, now, out uint value));
        return value;
    }
}
