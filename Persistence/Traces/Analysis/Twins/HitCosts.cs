using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Analysis.Twins;

/// <summary>What the hits of one probe took on the core of the probed guest.</summary>
/// <param name="Probe">The probe's number.</param>
/// <param name="Name">Its place.</param>
/// <param name="Hits">Traps that ran its displaced instruction.</param>
/// <param name="Cycles">What they took, by category.</param>
public sealed record HitCosts(ushort Probe, string Name, ulong Hits, IReadOnlyDictionary<CostCategory, ulong> Cycles)
{
    /// <summary>All of it.</summary>
    public ulong Total => Cycles.Values.Aggregate(0ul, (sum, cycles) => sum + cycles);

    /// <summary>The costs of all probes of a run that were hit on a core. The steps of a trap follow each other in the core's stream.</summary>
    public static IReadOnlyList<HitCosts> Of(ITraceSource source, CoreId core)
    {
        ArgumentNullException.ThrowIfNull(source);
        var probes = new SortedDictionary<ushort, (ulong Hits, SortedDictionary<CostCategory, ulong> Cycles)>();
        var trap = new List<StepRecord>();
        foreach (StepRecord step in source.ReadStream(StreamNames.Core(core.Index)).OfType<StepRecord>())
        {
            if (trap.Count > 0 && step.Cause != trap[0].Cause)
            {
                Count(trap, probes);
                trap.Clear();
            }

            trap.Add(step);
        }

        Count(trap, probes);
        Dictionary<ushort, string> names = source.ReadStream(StreamNames.Control).OfType<ProbeCountsRecord>().ToDictionary(c => c.Probe, c => c.Name);
        return [.. probes.Select(p => new HitCosts(p.Key, names.GetValueOrDefault(p.Key, string.Empty), p.Value.Hits, p.Value.Cycles))];
    }

    private static void Count(
        List<StepRecord> trap, SortedDictionary<ushort, (ulong Hits, SortedDictionary<CostCategory, ulong> Cycles)> probes)
    {
        if (trap.Find(step => step.Step == StepKind.DisplacedInstruction) is not { } displaced)
        {
            return;
        }

        ushort number = (ushort)displaced.Detail2;
        (ulong hits, SortedDictionary<CostCategory, ulong> cycles) = probes.TryGetValue(number, out var known) ? known : (0, []);
        foreach (StepRecord step in trap.Where(step => step.Category != CostCategory.None && step.End > step.Start))
        {
            cycles[step.Category] = cycles.GetValueOrDefault(step.Category) + (step.End - step.Start);
        }

        probes[number] = (hits + 1, cycles);
    }
}
