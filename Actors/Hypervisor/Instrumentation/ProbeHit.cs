using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>
/// A trap at a probe site, from the trap until the displaced instruction can run: one or more hits, first the calls that come back
/// there, then the probes there by number.
/// </summary>
internal sealed class ProbeHit
{
    private readonly ProbeSite site;
    private readonly GuestVa pc;
    private readonly Queue<(ProbeDefinition Probe, TaskSnapshot? Task, EnteredCall? Call)> events = new();

    private ProbeHit(ProbeSite site, HandleTrap trap, DisplacedInstruction displaced)
    {
        this.site = site;
        pc = trap.Exit.Pc;
        (Cause, At, Displaced) = (trap.Cause, trap.At, displaced);
    }

    /// <summary>The trap's stamp.</summary>
    public Stamp Cause { get; }

    /// <summary>How far the hypervisor's own work on it has come.</summary>
    public VirtualInstant At { get; private set; }

    /// <summary>What runs in place of the probe instruction.</summary>
    public DisplacedInstruction Displaced { get; }

    /// <summary>It must be known who runs before it can go on.</summary>
    public bool Identifying { get; private set; }

    /// <summary>The number of the first probe that has to do with the site.</summary>
    public ushort First { get; private init; }

    /// <summary>Begins a hit.</summary>
    public static ProbeHit Begin(ProbeWork work, ProbeSite site, HandleTrap trap)
    {
        ushort first = site.Probes.FirstOrDefault()?.Probe ?? site.Landings.First().Probe;
        ProbeHit begun = new(site, trap, new DisplacedInstruction(site.SavedBits, first))
        {
            First = first,
            Identifying = site.Landings.Any(work.Table.Returns.NeedsTask)
                || site.Probes.Any(p => p.Definition is { OnReturn: true, ConcernsScheduler: false }),
        };
        if (!begun.Identifying)
        {
            begun.Identify(work, null);
        }

        return begun;
    }

    /// <summary>It is known who runs; null where that cannot be read, or does not matter.</summary>
    public void Identify(ProbeWork work, TaskSnapshot? task)
    {
        Identifying = false;
        CollectReturns(work, task);
        CollectProbes(work, task);
        At = work.At;
    }

    /// <summary>What to record next; null at the end.</summary>
    public ExtractHit? TakeNext(VirtualInstant at, CoreLease lease) => events.TryDequeue(out (ProbeDefinition Probe, TaskSnapshot? Task, EnteredCall? Call) next)
        ? new ExtractHit(at, Cause, lease, next.Probe with { Address = pc }) { Current = next.Task, Call = next.Call }
        : null;

    private void CollectReturns(ProbeWork work, TaskSnapshot? task)
    {
        HashSet<ushort> fired = [];
        ushort[] waiting = [.. site.Landings.SelectMany(work.Table.Returns.ProbesAt).Distinct().Order()];
        if (site.Landings.FirstOrDefault(l => l.Address == pc) is { } landing)
        {
            foreach (PendingReturn call in ReturnTracker.Arrive(work, landing, task))
            {
                fired.Add(call.Probe);
                ProbeDefinition definition = Definition(work, call.Probe);
                work.Guest.ProbeTallies.Of(definition).Hits++;
                events.Enqueue((definition, definition.ConcernsScheduler ? null : task, new EnteredCall(call.Function, call.EnteredAt)));
            }
        }

        foreach (ushort probe in waiting.Where(p => !fired.Contains(p)))
        {
            Discard(work, Definition(work, probe));
        }
    }

    private void CollectProbes(ProbeWork work, TaskSnapshot? task)
    {
        InstalledProbe[] probes = [.. site.Probes];
        foreach (InstalledProbe probe in probes.Where(p => !p.Definition.OnReturn))
        {
            work.Guest.ProbeTallies.Of(probe.Definition).Hits++;
            events.Enqueue((probe.Definition, null, null));
        }

        foreach (InstalledProbe probe in probes.Where(p => p.Definition.OnReturn))
        {
            Discard(work, probe.Definition);
            if (probe.Definition.ConcernsScheduler)
            {
                ReturnTracker.Enter(work, probe, null, pc, Cause.At);
            }
            else if (task is { } running && probe.Definition.Filter.AdmitsTask(running))
            {
                ReturnTracker.Enter(work, probe, running, pc, Cause.At);
            }
        }
    }

    private static void Discard(ProbeWork work, ProbeDefinition probe)
    {
        ProbeTally tally = work.Guest.ProbeTallies.Of(probe);
        tally.Hits++;
        tally.Filtered++;
    }

    private static ProbeDefinition Definition(ProbeWork work, ushort probe) =>
        (work.Table.Find(probe) ?? throw new InvalidOperationException($"A call of the removed probe {probe} is awaited.")).Definition;
}
