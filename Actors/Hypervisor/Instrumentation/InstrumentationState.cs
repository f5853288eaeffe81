using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Actors.Hypervisor.Injection;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>
/// The dynamic instrumentation manager: keeps the probe tables of the guests of this core, writes and removes probe
/// instructions, and turns a trap at one of them into hits. A probe stays armed: the displaced instruction runs beside it.
/// </summary>
/// <param name="core">Which core.</param>
public sealed class InstrumentationState(CoreId core) : IPart
{
    private readonly List<(GuestId Guest, HypervisorWork Work)> deferred = [];
    private ProbeHit? hit;

    /// <inheritdoc/>
    public Address Address { get; } = Address.Of(Role.Instrumentation, core);

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        switch (message)
        {
            case HandleTrap trap when hit is null && trap.Exit.Kind == CoreExitKind.SystemRegisterTrap:
                LetPass(trap, outbox);
                break;
            case HandleTrap trap when hit is null:
                TakeTrap(trap, outbox);
                break;
            case TaskIdentified identified when hit is { Identifying: true }:
                hit.Identify(Work(identified.At, identified.Lease, hit.Cause, outbox), identified.Task);
                Continue(hit, identified.At, identified.Lease, outbox);
                break;
            case HitExtracted extracted when hit is { Identifying: false }:
                Continue(hit, extracted.At, extracted.Lease, outbox);
                break;
            case Announced announced when hit is { Identifying: false }:
                Continue(hit, announced.At, announced.Lease, outbox);
                break;
            case DoWork work when hit is null:
                Work(work, outbox);
                break;
            default:
                throw new ProtocolViolationException(Address, hit is null ? "waiting for traps" : "in a hit", message);
        }
    }

    /// <summary>A hypercall or breakpoint: a probe's, or the guest's own.</summary>
    private void TakeTrap(HandleTrap trap, IOutbox outbox)
    {
        CoreLease lease = trap.Lease;
        ProbeWork work = Work(trap.At, lease, trap.Cause, outbox);
        if (!trap.OfDisplaced && FindSite(work, trap.Exit.Pc) is { } site)
        {
            hit = ProbeHit.Begin(work, site, trap);
            if (hit.Identifying)
            {
                outbox.Send(Address.Of(Role.Extraction, core), new IdentifyTask(trap.At, trap.Cause, lease, hit.First));
                return;
            }

            Continue(hit, trap.At, lease, outbox);
        }
        else if (trap.Exit.Kind == CoreExitKind.DebugTrap)
        {
            LetPass(trap, outbox);
        }
        else
        {
            outbox.Send(Address.Of(Role.Router, core), new ServiceDone(trap.At, lease, null, [new HypercallWork(trap.Cause, trap.Exit)]));
        }
    }

    private static ProbeSite? FindSite(ProbeWork work, GuestVa pc) =>
        (GuestCode.TryLocate(work.Lease, work.Guest, pc, out Pa address, out _) ? work.Table.SiteAt(address) : null)
        ?? work.Table.LastSiteOf(pc);

    /// <summary>Goes on with what a hit has to be recorded of, or ends it.</summary>
    private void Continue(ProbeHit going, VirtualInstant at, CoreLease lease, IOutbox outbox)
    {
        at = VirtualInstant.Max(at, going.At);
        if (going.TakeNext(at, lease) is { } extract)
        {
            outbox.Send(Address.Of(Role.Extraction, core), extract);
            return;
        }

        hit = null;
        outbox.Send(Address.Of(Role.Router, core), new ServiceDone(at, lease, going.Displaced, []));
    }

    /// <summary>
    /// Lets an instruction pass that traps only because of the probes, with the very effect that it has without the trap: a write to a
    /// translation register, TLB or cache maintenance, after which the probes are looked at anew; an access to a debug register; a
    /// breakpoint of the guest's own, which becomes its prefetch abort.
    /// </summary>
    private void LetPass(HandleTrap trap, IOutbox outbox)
    {
        CoreLease lease = trap.Lease;
        ProbeWork work = Work(trap.At, lease, trap.Cause, outbox);
        work.Charge(
            StepKind.SystemRegister, CostCategory.SystemRegister, lease.Costs.SystemRegister, trap.Exit.Pc.Value, trap.Exit.Syndrome,
            trap.Exit.Value);
        lease.Core.AdvanceTo(work.At);
        ProbeTraps.Suspend(work.Guest);
        CoreExit? exit = lease.Core.RepeatTrapped();
        ProbeTraps.Apply(work.Guest);
        if (exit is { Kind: not CoreExitKind.GuestDead })
        {
            throw new InvalidOperationException($"An instruction that was let pass left the guest again: {exit}.");
        }

        work.At = lease.Core.Now;
        if (TrappedAccess.MayMoveCode(trap.Exit))
        {
            ProbeInstaller.ResolveAll(work, new TrappedAccess(trap.Exit).Concerns);
        }

        outbox.Send(Address.Of(Role.Router, core), new ServiceDone(work.At, lease, null, work.FollowUp));
    }

    private void Work(DoWork work, IOutbox outbox)
    {
        VirtualInstant at = work.At;
        List<HypervisorWork> followUp = [];
        IEnumerable<HypervisorWork> items = work.Work is VcpuPlacedWork
            ? work.Lease.Guest is { } placed ? TakeDeferred(placed.Id) : []
            : [work.Work];
        foreach (HypervisorWork item in items)
        {
            at = Carry(item, at, work.Lease, followUp, outbox);
        }

        outbox.Send(Address.Of(Role.Router, core), new ServiceDone(at, work.Lease, null, followUp));
    }

    /// <summary>Carries work out where its guest is on the core, and keeps it until the guest comes back where it is not.</summary>
    private VirtualInstant Carry(HypervisorWork item, VirtualInstant at, CoreLease lease, List<HypervisorWork> followUp, IOutbox outbox)
    {
        GuestId guest = item switch
        {
            MailboxWork { Item: InstallRequest install } => install.Probe.Guest,
            MailboxWork { Item: RemoveRequest remove } => remove.Guest,
            TimerWork timer => timer.Entry.Vcpu.Guest,
            _ => throw new ProtocolViolationException(Address, "waiting for traps", item),
        };
        if (lease.Guest?.Id != guest)
        {
            deferred.Add((guest, item));
            return at;
        }

        ProbeWork work = Work(at, lease, item.Cause, outbox);
        switch (item)
        {
            case MailboxWork { Item: InstallRequest install }:
                ProbeInstaller.Install(work, install.Probe);
                break;
            case MailboxWork { Item: RemoveRequest remove } when work.Table.Find(remove.Probe) is { } probe:
                ProbeInstaller.Remove(work, probe);
                break;
            case TimerWork timer when work.Table.Find(timer.Entry.Probe) is { } probe:
                ProbeInstaller.Remove(work, probe);
                break;
            default:
                break;
        }

        followUp.AddRange(work.FollowUp);
        return work.At;
    }

    private List<HypervisorWork> TakeDeferred(GuestId guest)
    {
        List<HypervisorWork> taken = [.. deferred.Where(d => d.Guest == guest).Select(d => d.Work)];
        deferred.RemoveAll(d => d.Guest == guest);
        return taken;
    }

    private static ProbeWork Work(VirtualInstant at, CoreLease lease, Stamp cause, IOutbox outbox) =>
        new(lease, lease.Guest ?? throw new InvalidOperationException("A trap without a guest."), cause, at, outbox);
}
