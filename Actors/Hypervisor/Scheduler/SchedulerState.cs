using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.Scheduler;

/// <summary>vCPU scheduling of one core: a vCPU is pinned; several take turns by time slice (round robin).</summary>
/// <param name="core">Which core.</param>
/// <param name="guests">The guests pinned to it, in scenario order.</param>
public sealed class SchedulerState(CoreId core, IReadOnlyList<GuestId> guests) : IPart
{
    private int present = -1;
    private PendingSwitch? pending;

    /// <inheritdoc/>
    public Address Address { get; } = Address.Of(Role.Scheduler, core);

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        switch (message)
        {
            case StartScheduling start when present < 0 && pending is null:
                Start(start, outbox);
                break;
            case GuestSwitchedIn switched when pending is { } waiting:
                pending = null;
                Place(waiting, switched.Guest, outbox);
                break;
            case HandleTrap trap when pending is null:
                HandleTrap(trap, outbox);
                break;
            case DoWork { Work: TimerWork } slice when pending is null:
                EndSlice(slice, outbox);
                break;
            default:
                throw new ProtocolViolationException(Address, pending is null ? "deciding" : "switching", message);
        }
    }

    private void Start(StartScheduling start, IOutbox outbox)
    {
        if (guests.Count == 0)
        {
            outbox.Send(Address.Of(Role.Router, core), new ServiceDone(start.At, start.Lease));
            return;
        }

        SwitchTo(0, start.At, start.Cause, start.Lease, SwitchReason.First, outbox);
    }

    private void HandleTrap(HandleTrap trap, IOutbox outbox)
    {
        CoreLease lease = trap.Lease;
        GuestLease guest = lease.Guest ?? throw new InvalidOperationException("A trap without a guest.");
        if (trap.Exit.Kind != CoreExitKind.GuestDead)
        {
            throw new InvalidOperationException($"WFI is not trapped on this board: {trap.Exit}.");
        }

        guest.Dead = true;
        lease.Recorder.GuestState(new GuestStateRecord(trap.Cause, trap.At, guest.Vcpu.Id, "dead", GuestDeath.Describe(trap.Exit)));
        outbox.Send(Address.Of(Role.Router, core), new ServiceDone(trap.At, lease));
    }

    private void EndSlice(DoWork slice, IOutbox outbox) =>
        SwitchTo((present + 1) % guests.Count, slice.At, slice.Work.Cause, slice.Lease, SwitchReason.Slice, outbox);

    private void SwitchTo(int next, VirtualInstant at, Stamp cause, CoreLease lease, SwitchReason reason, IOutbox outbox)
    {
        int previous = present;
        if (lease.Guest is { } leaving)
        {
            leaving.Distributor?.Hold(0, null);
            leaving.SavedInterrupts = lease.Peripherals.SaveVirtual();
            leaving.SavedTimers = lease.Peripherals.SaveGuestTimers();
            leaving.RecordUnfinishedLine(lease);
            lease.Core.Detach();
            lease.Guest = null;
            outbox.Send(Address.Of(leaving.Id), new SwitchOut(leaving));
        }

        present = next;
        pending = new PendingSwitch(at, cause, lease, previous, reason);
        outbox.Send(Address.Of(guests[next]), new SwitchIn(Address));
    }

    private void Place(PendingSwitch waiting, GuestLease guest, IOutbox outbox)
    {
        CoreLease lease = waiting.Lease;
        lease.Guest = guest;
        lease.Core.Attach(guest.Vcpu, guest.Memory);
        guest.Distributor?.Hold(0, lease.Peripherals.VirtualInterrupts);
        VirtualInstant at = waiting.At;
        ulong cycles = waiting.Reason == SwitchReason.First ? 0 : lease.Costs.VcpuSwitch;
        ulong previous = waiting.Previous < 0 ? ulong.MaxValue : guests[waiting.Previous].Index;
        at = lease.Charge(waiting.Cause, StepKind.VcpuSwitch, CostCategory.VcpuSwitch, at, cycles, 0, previous, (ulong)waiting.Reason);
        if (guest.SavedInterrupts is { } interrupts && guest.SavedTimers is { } timers)
        {
            lease.Peripherals.RestoreVirtual(interrupts);
            lease.Peripherals.RestoreGuestTimers(timers, at);
        }

        if (waiting.Reason == SwitchReason.First)
        {
            lease.Recorder.GuestState(new GuestStateRecord(waiting.Cause, at, guest.Vcpu.Id, "started", guest.Spec.Name));
        }

        if (guests.Count > 1)
        {
            lease.Timers.Add(new HypTimerEntry(at + lease.Scenario.SliceCycles, HypTimerPurpose.SliceEnd, 0, waiting.Cause));
        }

        outbox.Send(Address.Of(Role.Router, core), new ServiceDone(at, lease, null,
        [
            new VcpuPlacedWork(waiting.Cause, Role.Instrumentation), new VcpuPlacedWork(waiting.Cause, Role.Injection),
        ]));
    }

    private enum SwitchReason
    {
        First = 0,
        Slice = 1,
    }

    private sealed record PendingSwitch(VirtualInstant At, Stamp Cause, CoreLease Lease, int Previous, SwitchReason Reason);
}
