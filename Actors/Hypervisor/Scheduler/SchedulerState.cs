using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.Scheduler;

/// <summary>
/// vCPU scheduling of one core. A vCPU is pinned; several take turns: by time slice while more than one is ready, and at once
/// where one waits for an interrupt or gives up its turn. Where none is ready the last one stays on the core, which sleeps.
/// </summary>
/// <remarks>A woken vCPU does not preempt: it waits for its turn. What wakes one that is off the core: an interrupt queued for it, or its timer.</remarks>
/// <param name="core">Which core.</param>
/// <param name="vcpus">The vCPUs pinned to it, in scenario order.</param>
public sealed class SchedulerState(CoreId core, IReadOnlyList<VcpuId> vcpus) : IPart
{
    private readonly RunQueue queue = new(vcpus);
    private readonly HashSet<VcpuId> started = [];
    private readonly Dictionary<VcpuId, StartVcpuRequest> starting = [];
    private VcpuId? present;
    private PendingSwitch? pending;

    private enum SwitchReason
    {
        First = 0,
        Slice = 1,
        GaveUp = 2,
    }

    /// <inheritdoc/>
    public Address Address { get; } = Address.Of(Role.Scheduler, core);

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        switch (message)
        {
            case StartScheduling start when present is null && pending is null:
                Start(start, outbox);
                break;
            case GuestSwitchedIn switched when pending is { } waiting:
                pending = null;
                Place(waiting, switched.Guest, outbox);
                break;
            case HandleTrap trap when pending is null:
                HandleTrap(trap, outbox);
                break;
            case DoWork work when pending is null:
                Work(work, outbox);
                break;
            default:
                throw new ProtocolViolationException(Address, pending is null ? "deciding" : "switching", message);
        }
    }

    private void Start(StartScheduling start, IOutbox outbox) => GiveUp(start.At, start.Cause, start.Lease, SwitchReason.First, outbox);

    private void HandleTrap(HandleTrap trap, IOutbox outbox)
    {
        CoreLease lease = trap.Lease;
        VcpuLease vcpu = lease.Guest?.Present ?? throw new InvalidOperationException("A trap without a guest.");
        if (trap.Exit.Kind == CoreExitKind.GuestDead)
        {
            vcpu.Dead = true;
            queue[vcpu.Id] = VcpuRunState.Dead;
            lease.Recorder.GuestState(new GuestStateRecord(trap.Cause, trap.At, vcpu.Id, "dead", GuestDeath.Describe(trap.Exit)));
            GiveUp(trap.At, trap.Cause, lease, SwitchReason.GaveUp, outbox);
            return;
        }

        const uint WaitForEvent = 1;
        lease.Core.AdvanceTo(trap.At);
        lease.Core.CompleteEmulated(null);
        if ((trap.Exit.Iss & WaitForEvent) == 0)
        {
            Wait(lease, vcpu);
        }

        GiveUp(lease.Core.Now, trap.Cause, lease, SwitchReason.GaveUp, outbox);
    }

    private void Work(DoWork work, IOutbox outbox)
    {
        CoreLease lease = work.Lease;
        switch (work.Work)
        {
            case TimerWork { Entry.Purpose: HypTimerPurpose.SliceEnd }:
                GiveUp(work.At, work.Work.Cause, lease, SwitchReason.Slice, outbox);
                return;
            case YieldWork:
                GiveUp(work.At, work.Work.Cause, lease, SwitchReason.GaveUp, outbox);
                return;
            case TimerWork { Entry.Purpose: HypTimerPurpose.WakeVcpu } due:
                Wake(due.Entry.Vcpu, lease);
                break;
            case WakeWork wake:
                Wake(wake.Vcpu, lease);
                break;
            case WaitWork:
                Wait(lease, lease.Guest!.Present);
                GiveUp(work.At, work.Work.Cause, lease, SwitchReason.GaveUp, outbox);
                return;
            case RescheduleWork:
                Reschedule(work, outbox);
                return;
            case MailboxWork { Item: StartVcpuRequest start }:
                StartVcpu(start, lease);
                break;
            case MailboxWork { Item: StopGuestRequest stop }:
                StopGuest(stop.Guest, lease);
                break;
            default:
                throw new ProtocolViolationException(Address, "deciding", work.Work);
        }

        Done(work.At, work.Work.Cause, lease, outbox);
    }

    /// <summary>The vCPU waits from now on, unless an interrupt is there already.</summary>
    private void Wait(CoreLease lease, VcpuLease vcpu)
    {
        if (!InterruptWaits(lease))
        {
            vcpu.Waiting = true;
            queue[vcpu.Id] = VcpuRunState.Waiting;
        }
    }

    private void Wake(VcpuId vcpu, CoreLease lease)
    {
        lease.Timers.Cancel(HypTimerPurpose.WakeVcpu, vcpu);
        if (vcpu != present && queue[vcpu] == VcpuRunState.Waiting)
        {
            queue[vcpu] = VcpuRunState.Ready;
        }
    }

    /// <summary>Nobody runs at the end of a trap: the one on the core may have got its interrupt, or another may have become ready.</summary>
    private void Reschedule(DoWork work, IOutbox outbox)
    {
        CoreLease lease = work.Lease;
        if (lease.Guest?.Present is { Power: VcpuPower.Off } off)
        {
            queue[off.Id] = VcpuRunState.Off;
        }

        if (lease.Guest?.Present is { Waiting: true } vcpu && InterruptWaits(lease))
        {
            vcpu.Waiting = false;
            queue[vcpu.Id] = VcpuRunState.Ready;
            Done(work.At, work.Work.Cause, lease, outbox);
            return;
        }

        GiveUp(work.At, work.Work.Cause, lease, SwitchReason.GaveUp, outbox);
    }

    /// <summary>A vCPU that is off the core is reset when its turn comes; one that was switched off stayed on the core where no other was ready.</summary>
    private void StartVcpu(StartVcpuRequest start, CoreLease lease)
    {
        queue[start.Vcpu] = VcpuRunState.Ready;
        if (lease.Vcpu is { } here && here.Id == start.Vcpu)
        {
            Reset(here, start);
        }
        else
        {
            starting[start.Vcpu] = start;
        }
    }

    private void StopGuest(GuestId guest, CoreLease lease)
    {
        foreach (VcpuId vcpu in vcpus.Where(v => v.Guest == guest))
        {
            queue[vcpu] = VcpuRunState.Off;
            starting.Remove(vcpu);
            lease.Timers.Cancel(HypTimerPurpose.WakeVcpu, vcpu);
        }

        if (lease.Guest is { } here && here.Id == guest)
        {
            here.Present.Power = VcpuPower.Off;
        }
    }

    private static bool InterruptWaits(CoreLease lease) =>
        (lease.Peripherals.Lines & (InterruptLines.VirtualIrq | InterruptLines.VirtualFiq)) != InterruptLines.None;

    /// <summary>The next vCPU's turn, where one is ready.</summary>
    private void GiveUp(VirtualInstant at, Stamp cause, CoreLease lease, SwitchReason reason, IOutbox outbox)
    {
        if (present is { } runs)
        {
            lease.Timers.Cancel(HypTimerPurpose.SliceEnd, runs);
        }

        if (queue.After(present) is { } next)
        {
            SwitchTo(next, at, cause, lease, reason, outbox);
        }
        else
        {
            Done(at, cause, lease, outbox);
        }
    }

    private void SwitchTo(VcpuId next, VirtualInstant at, Stamp cause, CoreLease lease, SwitchReason reason, IOutbox outbox)
    {
        VcpuId? previous = present;
        if (lease.Guest is { } leaving)
        {
            Leave(lease, leaving, cause);
            outbox.Send(Address.Of(leaving.Id), new SwitchOut(leaving, Address));
        }

        present = next;
        pending = new PendingSwitch(at, cause, lease, previous, next, reason);
        outbox.Send(Address.Of(next.Guest), new SwitchIn(Address));
    }

    /// <summary>Takes the vCPU off the core. The exclusive monitor does not outlive it; one that waits is woken by its timer at the latest.</summary>
    private void Leave(CoreLease lease, GuestLease guest, Stamp cause)
    {
        VcpuLease vcpu = guest.Present;
        vcpu.Context.ClearExclusive();
        guest.Distributor?.Hold(vcpu.Id.Index, null);
        vcpu.SavedInterrupts = lease.Peripherals.SaveVirtual();
        vcpu.SavedTimers = lease.Peripherals.SaveGuestTimers();
        lease.Timers.Cancel(HypTimerPurpose.PhysicalTimer, vcpu.Id);
        guest.RecordUnfinishedLine(lease);
        lease.Detach();
        if (queue[vcpu.Id] == VcpuRunState.Waiting)
        {
            VirtualInstant due = VirtualInstant.Min(vcpu.NextTimer(lease.Scenario.Board.Clock, lease.Core.Now), guest.Uart.NextChange);
            lease.Timers.Add(new HypTimerEntry(due, HypTimerPurpose.WakeVcpu, vcpu.Id, 0, cause));
        }
    }

    private void Place(PendingSwitch waiting, GuestLease guest, IOutbox outbox)
    {
        CoreLease lease = waiting.Lease;
        VcpuLease vcpu = guest.Vcpus[waiting.Next.Index];
        vcpu.Waiting = false;
        lease.Attach(guest, vcpu);
        guest.Distributor?.Hold(vcpu.Id.Index, lease.Peripherals.VirtualInterrupts);
        VirtualInstant at = waiting.At;
        ulong cycles = waiting.Reason == SwitchReason.First ? 0 : lease.Costs.VcpuSwitch;
        ulong previous = waiting.Previous is { } left ? left.Guest.Index | ((ulong)left.Index << 8) : ulong.MaxValue;
        at = lease.Charge(waiting.Cause, StepKind.VcpuSwitch, CostCategory.VcpuSwitch, at, cycles, 0, previous, (ulong)waiting.Reason);
        if (vcpu.SavedInterrupts is { } interrupts && vcpu.SavedTimers is { } timers)
        {
            lease.Peripherals.RestoreVirtual(interrupts);
            lease.Peripherals.RestoreGuestTimers(timers, at);
        }

        if (starting.Remove(vcpu.Id, out StartVcpuRequest? start))
        {
            Reset(vcpu, start);
        }

        if (started.Add(vcpu.Id))
        {
            lease.Recorder.GuestState(new GuestStateRecord(waiting.Cause, at, vcpu.Id, "started", guest.Spec.Name));
        }

        Done(at, waiting.Cause, lease, outbox,
            new VcpuPlacedWork(waiting.Cause, Role.Instrumentation),
            new VcpuPlacedWork(waiting.Cause, Role.VirtualTimers),
            new VcpuPlacedWork(waiting.Cause, Role.VirtualDevices),
            new VcpuPlacedWork(waiting.Cause, Role.Injection));
    }

    /// <summary>The state in which CPU_ON starts a vCPU (ARM DEN 0022, 6.4): as at power on, but for the entry and r0.</summary>
    private static void Reset(VcpuLease vcpu, StartVcpuRequest start)
    {
        const uint Thumb = 1;
        const uint ThumbState = 1 << 5;
        vcpu.Context.Reset(new GuestVa(start.Entry & ~Thumb), start.Context, 0, 0);
        vcpu.Context.Cpsr |= (start.Entry & Thumb) != 0 ? ThumbState : 0;
        vcpu.Power = VcpuPower.On;
    }

    /// <summary>The decision stands. While another vCPU is ready the turn of the one that runs ends with its slice.</summary>
    private void Done(VirtualInstant at, Stamp cause, CoreLease lease, IOutbox outbox, params HypervisorWork[] followUp)
    {
        if (present is { } runs && queue[runs] == VcpuRunState.Ready && queue.After(runs) is not null
            && !lease.Timers.Contains(HypTimerPurpose.SliceEnd, runs))
        {
            lease.Timers.Add(new HypTimerEntry(at + lease.Scenario.SliceCycles, HypTimerPurpose.SliceEnd, runs, 0, cause));
        }

        outbox.Send(Address.Of(Role.Router, core), new ServiceDone(at, lease, null, followUp));
    }

    private sealed record PendingSwitch(
        VirtualInstant At, Stamp Cause, CoreLease Lease, VcpuId? Previous, VcpuId Next, SwitchReason Reason);
}
