using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.Scheduler;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Tests.Hypervisor.Scheduler;

/// <summary>Two guests on core 0, the scheduler alone: who is on the core after what.</summary>
public sealed class SchedulerStateTests : IOutbox
{
    private static readonly CoreId Zero = new(0);
    private static readonly VcpuId First = new(new GuestId(0), 0);
    private static readonly VcpuId Second = new(new GuestId(1), 0);
    private readonly TestWorld world = new();
    private readonly SchedulerState scheduler = new(Zero, [First, Second]);
    private readonly CoreLease lease;
    private ServiceDone? done;

    public SchedulerStateTests()
    {
        lease = world.Lease(0);
        scheduler.Handle(new StartScheduling(VirtualInstant.Zero, lease.NewStamp(VirtualInstant.Zero), lease), this);
    }

    [Fact]
    public void The_first_runs_with_a_slice_because_another_is_ready()
    {
        Assert.Equal(First, lease.Guest!.Vcpu.Id);
        Assert.Equal(new VirtualInstant(1_000_000), lease.Timers.Earliest);
    }

    [Fact]
    public void At_the_end_of_a_slice_the_other_comes_and_has_a_slice_of_its_own()
    {
        EndSlice();
        Assert.Equal(Second, lease.Guest!.Vcpu.Id);
        Assert.Equal(done!.At + 1_000_000, lease.Timers.Earliest);
        Assert.Equal([Role.Instrumentation, Role.VirtualTimers, Role.VirtualDevices, Role.Injection], done.FollowUp.Select(w => w.Service));
        EndSlice();
        Assert.Equal(First, lease.Guest!.Vcpu.Id);
    }

    [Fact]
    public void One_that_waits_gives_up_the_core_and_the_other_runs_without_a_slice()
    {
        Wait();
        Assert.Equal(Second, lease.Guest!.Vcpu.Id);
        Assert.Equal(VirtualInstant.Never, lease.Timers.Earliest);
        Assert.Equal(2UL, Switches().Last().Detail2);
    }

    [Fact]
    public void When_all_wait_the_last_one_stays_on_the_core_and_does_not_run()
    {
        Wait();
        Wait();
        Assert.Equal(Second, lease.Guest!.Vcpu.Id);
        Assert.False(lease.Guest.Present.Runs);
    }

    [Fact]
    public void One_that_waits_is_woken_by_its_timer_and_comes_at_once_where_none_runs()
    {
        const ulong Count = 24_000;
        lease.Peripherals.WriteTimer(TimerRegister.VirtualCompare, Count, lease.Core.Now);
        lease.Peripherals.WriteTimer(TimerRegister.VirtualControl, 1, lease.Core.Now);
        Wait();
        VirtualInstant due = world.Board.Scenario.Board.Clock.FirstInstantOf(Count);
        Assert.Equal(due, lease.Timers.Earliest);
        Wait();
        lease.Core.AdvanceTo(due);
        Work(new TimerWork(lease.NewStamp(due), lease.Timers.TakeDue(due)!));
        Work(new RescheduleWork(lease.NewStamp(due)));
        Assert.Equal(First, lease.Guest!.Vcpu.Id);
        Assert.True(lease.Guest.Present.Runs);
    }

    [Fact]
    public void One_that_gets_an_interrupt_while_it_is_off_the_core_waits_for_its_turn()
    {
        Wait();
        Work(new WakeWork(lease.NewStamp(lease.Core.Now), First));
        Assert.Equal(Second, lease.Guest!.Vcpu.Id);
        Assert.Equal(done!.At + 1_000_000, lease.Timers.Earliest);
        EndSlice();
        Assert.Equal(First, lease.Guest!.Vcpu.Id);
    }

    [Fact]
    public void One_that_waits_on_the_core_goes_on_when_its_interrupt_is_there()
    {
        Wait();
        Wait();
        lease.Peripherals.TryWrite(new Pa(0x1048_6000), 4, 1, lease.Core.Now);
        lease.Peripherals.TryWrite(new Pa(0x1048_6004), 4, 0xFF, lease.Core.Now);
        lease.Peripherals.TryInject(27, 0x80, null, lease.Core.Now);
        Work(new RescheduleWork(lease.NewStamp(lease.Core.Now)));
        Assert.Equal(Second, lease.Guest!.Vcpu.Id);
        Assert.True(lease.Guest.Present.Runs);
    }

    [Fact]
    public void One_that_yields_stays_ready()
    {
        Work(new YieldWork(lease.NewStamp(lease.Core.Now)));
        Assert.Equal(Second, lease.Guest!.Vcpu.Id);
        Work(new YieldWork(lease.NewStamp(lease.Core.Now)));
        Assert.Equal(First, lease.Guest!.Vcpu.Id);
    }

    [Fact]
    public void A_dead_one_never_gets_the_core_again()
    {
        scheduler.Handle(new HandleTrap(lease.Core.Now, lease.NewStamp(lease.Core.Now), lease, new CoreExit(CoreExitKind.GuestDead, default, 0, default, default, 0)), this);
        Assert.Equal(Second, lease.Guest!.Vcpu.Id);
        Work(new YieldWork(lease.NewStamp(lease.Core.Now)));
        Assert.Equal(Second, lease.Guest!.Vcpu.Id);
    }

    [Fact]
    public void What_the_one_had_in_its_registers_the_other_does_not_see()
    {
        lease.Core[4] = 0x1234;
        EndSlice();
        Assert.NotEqual(0x1234u, lease.Core[4]);
        EndSlice();
        Assert.Equal(0x1234u, lease.Core[4]);
    }

    [Theory]
    [InlineData(0x4000_9001u, 0x4000_9000u, 0x20u)]
    [InlineData(0x4000_9000u, 0x4000_9000u, 0u)]
    public void A_vcpu_is_started_as_at_power_on_in_the_state_that_bit_0_of_its_entry_says(uint entry, uint pc, uint thumb)
    {
        lease.Vcpu!.Power = VcpuPower.Off;
        lease.Core[13] = 0x5555;
        lease.Vcpu.Context.Cp15.Sctlr |= 1;
        Work(new MailboxWork(lease.NewStamp(lease.Core.Now), new StartVcpuRequest(First, entry, 0xC0FFEE)));
        const uint SupervisorAndMasked = 0x1D3;
        Assert.Equal((pc, 0xC0FFEEu, 0u), (lease.Core[15], lease.Core[0], lease.Core[13]));
        Assert.Equal(SupervisorAndMasked | thumb, lease.Core.Cpsr & 0x1FF);
        Assert.Equal(Cp15.SctlrReset, lease.Vcpu.Context.Cp15.Sctlr);
        Assert.True(lease.Vcpu.Runs);
    }

    [Fact]
    public void A_guest_that_is_over_leaves_the_core_to_the_other()
    {
        Work(new MailboxWork(lease.NewStamp(lease.Core.Now), new StopGuestRequest(First.Guest)));
        Work(new RescheduleWork(lease.NewStamp(lease.Core.Now)));
        Assert.Equal(Second, lease.Guest!.Vcpu.Id);
        Work(new YieldWork(lease.NewStamp(lease.Core.Now)));
        Assert.Equal(Second, lease.Guest!.Vcpu.Id);
    }

    void IOutbox.Send(Address to, object message)
    {
        switch (message)
        {
            case SwitchIn:
                scheduler.Handle(new GuestSwitchedIn(world.Board.GuestLeases[to.Index]), this);
                break;
            case SwitchOut:
                break;
            case ServiceDone answer:
                done = answer;
                break;
            default:
                throw new InvalidOperationException($"{message} is not expected.");
        }
    }

    private void EndSlice()
    {
        HypTimerEntry entry = lease.Timers.TakeDue(VirtualInstant.Never)!;
        Assert.Equal(HypTimerPurpose.SliceEnd, entry.Purpose);
        lease.Core.AdvanceTo(entry.At);
        Work(new TimerWork(lease.NewStamp(entry.At), entry));
    }

    /// <summary>The vCPU on the core executes WFI: HSR.EC 0x01, TI = 0.</summary>
    private void Wait()
    {
        const uint WfiSyndrome = (0x01u << 26) | (1u << 25);
        VirtualInstant at = lease.Core.Now;
        scheduler.Handle(new HandleTrap(at, lease.NewStamp(at), lease, new CoreExit(CoreExitKind.WaitTrap, default, WfiSyndrome, default, default, 0)), this);
    }

    private void Work(HypervisorWork work) => scheduler.Handle(new DoWork(lease.Core.Now, lease, work), this);

    private IEnumerable<StepRecord> Switches() =>
        lease.Recorder.TakeBatches(true).SelectMany(b => new RecordReader(b.Batch.Payload).ReadAll()).OfType<StepRecord>()
            .Where(s => s.Step == StepKind.VcpuSwitch);
}
