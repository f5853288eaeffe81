using ActorTrace.Actors.Cores;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>Installs, arms, moves and removes the probes of the guest that is on the core, and reports what becomes of them.</summary>
internal static class ProbeInstaller
{
    /// <summary>Takes a probe into the table and arms it: its start time has come, or it would not have been asked for.</summary>
    public static void Install(ProbeWork work, ProbeDefinition definition)
    {
        InstalledProbe added = work.Table.Add(definition);
        VcpuId concerned = new(work.Guest.Id, 0);
        work.Guest.ProbeTallies.Of(definition).State = ProbeState.Installing;
        if (definition.End != VirtualInstant.Never)
        {
            work.Lease.Timers.Add(new HypTimerEntry(definition.End, HypTimerPurpose.DisarmProbe, concerned, definition.Number, work.Cause));
        }

        work.Guest.LiveProbes++;
        Resolve(work, added);
        ProbeTraps.Apply(work.Guest);
    }

    /// <summary>Takes a probe out; what it awaits is forgotten with it.</summary>
    public static void Remove(ProbeWork work, InstalledProbe probe)
    {
        Lift(work, probe);
        ReturnTracker.Forget(work, probe);
        work.Guest.LiveProbes--;
        ProbeTraps.Apply(work.Guest);
        work.Lease.Timers.Cancel(HypTimerPurpose.DisarmProbe, probe.Probe);
        probe.State = ProbeState.Removed;
        work.Table.Remove(probe);
        Report(work, probe);
    }

    /// <summary>Makes the guest's bytes agree with where the addresses lead now, after something that may have changed it.</summary>
    /// <param name="work">The guest.</param>
    /// <param name="concerned">Which addresses it may have changed.</param>
    public static void ResolveAll(ProbeWork work, Predicate<PlacedCode> concerned)
    {
        foreach (InstalledProbe probe in work.Table.All.Where(p => p.State is ProbeState.Armed or ProbeState.Pending && concerned(p)))
        {
            Resolve(work, probe);
        }

        foreach (Landing landing in work.Table.Landings.Where(l => l.IsCode && concerned(l)))
        {
            Settle(work, landing);
        }

        ProbeTraps.Apply(work.Guest);
    }

    /// <summary>Puts the probe instruction of a place where its address leads now, or nowhere.</summary>
    /// <returns>Why it cannot be there.</returns>
    public static ProbeError Settle(ProbeWork work, PlacedCode code)
    {
        bool located = GuestCode.TryLocate(work.Lease, work.Guest, code.Address, out Pa address, out int steps);
        work.Charge(
            StepKind.Install, CostCategory.Walk, work.Costs.WalkStep * (ulong)steps, code.Address.Value, code.Probe,
            located ? address.Value : ulong.MaxValue);
        if (code.Site is { } present)
        {
            CodePatcher.GiveUpOverwritten(work, present);
        }

        if (located && code.Site is { } site && site.Address == address)
        {
            CodePatcher.SuitPrivilege(work, code);
            return ProbeError.None;
        }

        Lift(work, code);
        return located ? CodePatcher.Place(work, code, address) : ProbeError.None;
    }

    private static void Resolve(ProbeWork work, InstalledProbe probe)
    {
        ProbeState before = probe.State;
        ProbeSite? site = probe.Site;
        probe.Error = Settle(work, probe);
        probe.State = probe.Error != ProbeError.None ? ProbeState.Error : probe.Site is null ? ProbeState.Pending : ProbeState.Armed;
        if (probe.State != before)
        {
            Report(work, probe);
        }
        else if (site is not null && probe.Site != site)
        {
            Missed(work, probe);
        }
    }

    private static void Lift(ProbeWork work, PlacedCode code)
    {
        if (code.Site is null)
        {
            return;
        }

        CodePatcher.Lift(work, code);
        Missed(work, code);
    }

    /// <summary>A probe on the scheduler was out of its place: what was read before is old then.</summary>
    private static void Missed(ProbeWork work, PlacedCode code)
    {
        if (code is InstalledProbe { Definition.ConcernsScheduler: true })
        {
            work.Guest.ProbesLifted++;
        }
    }

    private static void Report(ProbeWork work, InstalledProbe probe)
    {
        ProbeTally tally = work.Guest.ProbeTallies.Of(probe.Definition);
        (tally.State, tally.Error) = (probe.State, probe.Error);
        ProbeStateReport report = new(probe.Probe, probe.State, probe.Error);
        CoreLease lease = work.Lease;
        CoreId gpos = lease.Topology.GposCore;
        if (gpos == lease.Id)
        {
            work.FollowUp.Add(new MailboxWork(work.Cause, report));
            return;
        }

        work.Charge(StepKind.SgiSend, CostCategory.SgiSend, work.Costs.SgiSend, 0, InterruptNumbers.Mailbox, gpos.Index);
        lease.SendAcross(work.At, work.Cause, gpos, new SgiSignal(InterruptNumbers.Mailbox, report), work.Outbox);
    }
}
