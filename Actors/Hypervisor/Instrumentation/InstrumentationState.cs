using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Actors.Hypervisor.Injection;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>
/// The dynamic instrumentation manager: keeps the probe tables of the guests of this core, writes and removes probe
/// instructions, and turns a trap at one of them into a hit. A probe stays armed: the displaced instruction runs beside it.
/// </summary>
/// <param name="core">Which core.</param>
public sealed class InstrumentationState(CoreId core) : IPart
{
    private readonly List<(GuestId Guest, HypervisorWork Work)> deferred = [];
    private DisplacedInstruction? hit;

    /// <inheritdoc/>
    public Address Address { get; } = Address.Of(Role.Instrumentation, core);

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        switch (message)
        {
            case HandleTrap trap when hit is null && trap.Exit.Kind == CoreExitKind.SystemRegisterTrap:
                ChangeTranslation(trap, outbox);
                break;
            case HandleTrap trap when hit is null:
                TakeHit(trap, outbox);
                break;
            case HitExtracted extracted when hit is not null:
                FinishHit(extracted.At, extracted.Lease, outbox);
                break;
            case Announced announced when hit is not null:
                FinishHit(announced.At, announced.Lease, outbox);
                break;
            case DoWork work when hit is null:
                Work(work, outbox);
                break;
            default:
                throw new ProtocolViolationException(Address, hit is null ? "waiting for traps" : "in a hit", message);
        }
    }

    private void TakeHit(HandleTrap trap, IOutbox outbox)
    {
        CoreLease lease = trap.Lease;
        GuestLease guest = lease.Guest ?? throw new InvalidOperationException("A hypercall without a guest.");
        if (!GuestCode.TryLocate(lease, guest, trap.Exit.Pc, out Pa address, out _) || guest.ProbeTable.Find(address) is not { } probe)
        {
            outbox.Send(Address.Of(Role.Router, core), new ServiceDone(trap.At, lease, null, [new HypercallWork(trap.Cause, trap.Exit)]));
            return;
        }

        guest.ProbeTallies.Of(probe.Definition).Hits++;
        hit = new DisplacedInstruction(probe.SavedBits, probe.Definition.Number);
        ProbeDefinition reached = probe.Definition with { Address = trap.Exit.Pc };
        outbox.Send(Address.Of(Role.Extraction, core), new ExtractHit(trap.At, trap.Cause, lease, reached));
    }

    private void FinishHit(VirtualInstant at, CoreLease lease, IOutbox outbox)
    {
        DisplacedInstruction? displaced = hit;
        hit = null;
        outbox.Send(Address.Of(Role.Router, core), new ServiceDone(at, lease, displaced, []));
    }

    /// <summary>
    /// A write to a translation register while probes live: the write is done, then every probe of the guest is looked at anew.
    /// The instruction itself performs the write, so that it has the very effect it has without the trap.
    /// </summary>
    private void ChangeTranslation(HandleTrap trap, IOutbox outbox)
    {
        CoreLease lease = trap.Lease;
        GuestLease guest = lease.Guest ?? throw new InvalidOperationException("A trapped register access without a guest.");
        VirtualInstant at = lease.Charge(
            trap.Cause, StepKind.SystemRegister, CostCategory.SystemRegister, trap.At, lease.Costs.SystemRegister,
            trap.Exit.Pc.Value, trap.Exit.Syndrome, trap.Exit.Value);
        lease.Core.AdvanceTo(at);
        if (GuestCode.TryLocate(lease, guest, trap.Exit.Pc, out Pa address, out _) && guest.Memory.TryReadWord(address, out uint bits))
        {
            guest.Vcpu.Hyp.TrapVm = false;
            CoreExit? exit = lease.Core.ExecuteDisplaced(guest.ProbeTable.Find(address)?.SavedBits ?? bits);
            guest.Vcpu.Hyp.TrapVm = guest.LiveProbes > 0;
            if (exit is not null)
            {
                throw new InvalidOperationException($"A translation register write left the guest again: {exit}.");
            }
        }

        at = lease.Core.Now;
        List<HypervisorWork> followUp = [];
        foreach (InstalledProbe probe in guest.ProbeTable.All.Where(p => p.State is ProbeState.Armed or ProbeState.Pending))
        {
            at = Resolve(probe, at, trap.Cause, lease, guest, followUp, outbox);
        }

        outbox.Send(Address.Of(Role.Router, core), new ServiceDone(at, lease, null, followUp));
    }

    private void Work(DoWork work, IOutbox outbox)
    {
        List<HypervisorWork> followUp = [];
        VirtualInstant at = work.At;
        if (work.Work is VcpuPlacedWork && work.Lease.Guest is { } placed)
        {
            foreach (HypervisorWork waiting in TakeDeferred(placed.Id))
            {
                at = Carry(waiting, at, work.Lease, followUp, outbox);
            }
        }
        else
        {
            at = Carry(work.Work, at, work.Lease, followUp, outbox);
        }

        outbox.Send(Address.Of(Role.Router, core), new ServiceDone(at, work.Lease, null, followUp));
    }

    /// <summary>Carries work out where its guest is on the core, and keeps it until the guest comes back where it is not.</summary>
    private VirtualInstant Carry(HypervisorWork work, VirtualInstant at, CoreLease lease, List<HypervisorWork> followUp, IOutbox outbox)
    {
        GuestId guest = work switch
        {
            MailboxWork { Item: InstallRequest install } => install.Probe.Guest,
            MailboxWork { Item: RemoveRequest remove } => remove.Guest,
            TimerWork timer => timer.Entry.Vcpu.Guest,
            _ => throw new ProtocolViolationException(Address, "waiting for traps", work),
        };
        if (lease.Guest is not { } present || present.Id != guest)
        {
            deferred.Add((guest, work));
            return at;
        }

        ProbeTable table = present.ProbeTable;
        return work switch
        {
            MailboxWork { Item: InstallRequest install } => Install(install.Probe, at, work.Cause, lease, present, followUp, outbox),
            MailboxWork { Item: RemoveRequest remove } when table.Find(remove.Probe) is { } probe =>
                Remove(probe, at, work.Cause, lease, present, followUp, outbox),
            TimerWork { Entry.Purpose: HypTimerPurpose.ArmProbe } timer when table.Find(timer.Entry.Probe) is { } probe =>
                Arm(probe, at, work.Cause, lease, present, followUp, outbox),
            TimerWork timer when table.Find(timer.Entry.Probe) is { } probe => Remove(probe, at, work.Cause, lease, present, followUp, outbox),
            _ => at,
        };
    }

    private List<HypervisorWork> TakeDeferred(GuestId guest)
    {
        List<HypervisorWork> taken = [.. deferred.Where(d => d.Guest == guest).Select(d => d.Work)];
        deferred.RemoveAll(d => d.Guest == guest);
        return taken;
    }

    private VirtualInstant Install(
        ProbeDefinition definition, VirtualInstant at, Stamp cause, CoreLease lease, GuestLease guest, List<HypervisorWork> followUp, IOutbox outbox)
    {
        InstalledProbe added = guest.ProbeTable.Add(definition);
        VcpuId concerned = new(guest.Id, 0);
        guest.ProbeTallies.Of(definition).State = ProbeState.Installing;
        if (definition.End != VirtualInstant.Never)
        {
            lease.Timers.Add(new HypTimerEntry(definition.End, HypTimerPurpose.DisarmProbe, concerned, definition.Number, cause));
        }

        if (definition.Start > at)
        {
            lease.Timers.Add(new HypTimerEntry(definition.Start, HypTimerPurpose.ArmProbe, concerned, definition.Number, cause));
            return at;
        }

        return Arm(added, at, cause, lease, guest, followUp, outbox);
    }

    private VirtualInstant Arm(
        InstalledProbe probe, VirtualInstant at, Stamp cause, CoreLease lease, GuestLease guest, List<HypervisorWork> followUp, IOutbox outbox)
    {
        guest.LiveProbes++;
        guest.Vcpu.Hyp.TrapVm = true;
        at = Resolve(probe, at, cause, lease, guest, followUp, outbox);
        return probe.State == ProbeState.Installing ? throw new InvalidOperationException("A probe was resolved without a state.") : at;
    }

    /// <summary>Makes the guest's bytes agree with where the probe's address leads now.</summary>
    private VirtualInstant Resolve(
        InstalledProbe probe, VirtualInstant at, Stamp cause, CoreLease lease, GuestLease guest, List<HypervisorWork> followUp, IOutbox outbox)
    {
        ProbeState before = probe.State;
        bool located = GuestCode.TryLocate(lease, guest, probe.Definition.Address, out Pa address, out int steps);
        at = lease.Charge(
            cause, StepKind.Install, CostCategory.Walk, at, lease.Costs.WalkStep * (ulong)steps, probe.Definition.Address.Value,
            probe.Definition.Number, located ? address.Value : ulong.MaxValue);
        if (before == ProbeState.Armed && located && address == probe.Address)
        {
            return at;
        }

        if (before == ProbeState.Armed)
        {
            at = Restore(probe, at, cause, lease, guest);
        }

        probe.State = ProbeState.Pending;
        if (located && guest.ProbeTable.Find(address) is not null)
        {
            probe.State = ProbeState.Error;
        }
        else if (located)
        {
            at = Patch(probe, address, at, cause, lease, guest);
        }

        return probe.State == before ? at : Report(probe, at, cause, lease, guest, followUp, outbox);
    }

    private static VirtualInstant Patch(InstalledProbe probe, Pa address, VirtualInstant at, Stamp cause, CoreLease lease, GuestLease guest)
    {
        if (!guest.Memory.TryReadWord(address, out uint bits))
        {
            throw new InvalidOperationException($"{address} was located and is no RAM.");
        }

        probe.SavedBits = bits;
        probe.Address = address;
        probe.State = ProbeState.Armed;
        guest.ProbeTable.Place(probe);
        guest.Memory.TryWriteWord(address, ProbeInstruction.Encode(probe.Definition.Number));
        lease.Core.InvalidateInstructions(address, sizeof(uint));
        return lease.Charge(
            cause, StepKind.Install, CostCategory.Patch, at, lease.Costs.Patch, probe.Definition.Address.Value, probe.Definition.Number, address.Value);
    }

    private static VirtualInstant Restore(InstalledProbe probe, VirtualInstant at, Stamp cause, CoreLease lease, GuestLease guest)
    {
        Pa address = probe.Address;
        guest.Memory.TryReadWord(address, out uint present);
        if (present == ProbeInstruction.Encode(probe.Definition.Number))
        {
            guest.Memory.TryWriteWord(address, probe.SavedBits);
            lease.Core.InvalidateInstructions(address, sizeof(uint));
        }

        guest.ProbeTable.Lift(probe);
        guest.ProbesLifted++;
        return lease.Charge(
            cause, StepKind.Remove, CostCategory.Patch, at, lease.Costs.Patch, probe.Definition.Address.Value, probe.Definition.Number, address.Value);
    }

    private VirtualInstant Remove(
        InstalledProbe probe, VirtualInstant at, Stamp cause, CoreLease lease, GuestLease guest, List<HypervisorWork> followUp, IOutbox outbox)
    {
        if (probe.State == ProbeState.Armed)
        {
            at = Restore(probe, at, cause, lease, guest);
        }

        if (probe.State != ProbeState.Installing)
        {
            guest.LiveProbes--;
            guest.Vcpu.Hyp.TrapVm = guest.LiveProbes > 0;
        }

        lease.Timers.Cancel(HypTimerPurpose.ArmProbe, probe.Definition.Number);
        lease.Timers.Cancel(HypTimerPurpose.DisarmProbe, probe.Definition.Number);
        probe.State = ProbeState.Removed;
        guest.ProbeTable.Remove(probe);
        return Report(probe, at, cause, lease, guest, followUp, outbox);
    }

    private VirtualInstant Report(
        InstalledProbe probe, VirtualInstant at, Stamp cause, CoreLease lease, GuestLease guest, List<HypervisorWork> followUp, IOutbox outbox)
    {
        guest.ProbeTallies.Of(probe.Definition).State = probe.State;
        ProbeStateReport report = new(probe.Definition.Number, probe.State, probe.Address);
        if (lease.Topology.GposCore == core)
        {
            followUp.Add(new MailboxWork(cause, report));
            return at;
        }

        CoreId gpos = lease.Topology.GposCore;
        at = lease.Charge(cause, StepKind.SgiSend, CostCategory.SgiSend, at, lease.Costs.SgiSend, 0, InterruptNumbers.Mailbox, gpos.Index);
        lease.SendAcross(at, cause, gpos, new SgiSignal(InterruptNumbers.Mailbox, report), outbox);
        return at;
    }
}
