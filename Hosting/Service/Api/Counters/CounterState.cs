using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Hosting.Service.Api.Counters;

/// <summary>Counts the records of a run in the order of its board view.</summary>
/// <param name="placeOf">Names the place of a probe: given the probed vCPU and the address.</param>
internal sealed class CounterState(Func<VcpuId, uint, string> placeOf)
{
    private const ulong Pending = ulong.MaxValue;

    private readonly SortedDictionary<ulong, Probe> _probes = [];
    private readonly Dictionary<Stamp, Probe> _inRing = [];
    private readonly Dictionary<int, (Stamp Cause, Probe Probe)> _lastHit = [];
    private ulong _events;
    private ulong _switches;
    private ulong _wakeups;
    private ulong _hits;
    private ulong _ipis;
    private ulong _injections;
    private ulong _traps;
    private ulong _lost;

    /// <summary>The figures now.</summary>
    public RunCounters Now => new(
        _events, _switches, _wakeups, _hits, _ipis, _injections, _traps, _lost, [.. _probes.Select(probe => probe.Value.Now((int)probe.Key))]);

    /// <summary>Counts a record.</summary>
    public void Add(TraceRecord record)
    {
        switch (record)
        {
            case StepRecord step:
                Step(step);
                break;
            case LostRecordsRecord loss:
                _events++;
                _lost += loss.Count;
                break;
            case LaneRecord entry:
                _events++;
                _switches += entry is SwitchRecord ? 1u : 0;
                _wakeups += entry is WakeupRecord ? 1u : 0;
                break;
            default:
                break;
        }
    }

    /// <summary>The figures of the probes as the run itself counted them at its end.</summary>
    public void Settle(IEnumerable<ProbeCountsRecord> counts)
    {
        foreach (IGrouping<ushort, ProbeCountsRecord> probe in counts.GroupBy(count => count.Probe))
        {
            _probes[probe.Key] = Probe.Settled([.. probe]);
        }
    }

    private void Step(StepRecord step)
    {
        switch (step.Step)
        {
            case StepKind.Trap: _traps++; break;
            case StepKind.SgiSend: _ipis++; break;
            case StepKind.Injection: _injections++; break;
            case StepKind.Install: Of(step.Detail, step).Status = step.Detail2 == Pending ? "pending" : "armed"; break;
            case StepKind.Remove: Of(step.Detail, step).Status = "removed"; break;
            case StepKind.Extraction:
                _lastHit[step.Core.Index] = (step.Cause, Of(step.Detail, step));
                break;
            case StepKind.DisplacedInstruction:
                _hits++;
                Probe hit = Of(step.Detail2, step);
                hit.Hits++;
                _lastHit[step.Core.Index] = (step.Cause, hit);
                break;
            case StepKind.RingWrite: RingWrite(step); break;
            case StepKind.Conversion when _inRing.Remove(step.Cause, out Probe? converted): converted.Converted++; break;
            default: break;
        }
    }

    private void RingWrite(StepRecord step)
    {
        if (!_lastHit.TryGetValue(step.Core.Index, out (Stamp Cause, Probe Probe) last) || last.Cause != step.Cause)
        {
            return;
        }

        last.Probe.Written++;
        if (step.Detail2 != 0)
        {
            last.Probe.Overrun++;
        }
        else
        {
            _inRing[step.Cause] = last.Probe;
        }
    }

    private Probe Of(ulong number, StepRecord step)
    {
        if (!_probes.TryGetValue(number, out Probe? probe))
        {
            _probes[number] = probe = new Probe { Name = placeOf(step.Vcpu, step.Pc) };
        }

        return probe;
    }

    private sealed class Probe
    {
        public required string Name { get; init; }

        public string Status { get; set; } = "armed";

        public ulong Hits { get; set; }

        public ulong Written { get; set; }

        public ulong Overrun { get; set; }

        public ulong Converted { get; set; }

        private ulong? Drained { get; init; }

        private ulong? Filtered { get; init; }

        public static Probe Settled(IReadOnlyList<ProbeCountsRecord> counts) => new()
        {
            Name = counts[0].Name,
            Status = counts[0].Status,
            Hits = Sum(counts, count => count.Hits),
            Filtered = Sum(counts, count => count.Filtered),
            Overrun = Sum(counts, count => count.Overrun),
            Drained = Sum(counts, count => count.Drained),
            Converted = Sum(counts, count => count.Converted),
        };

        /// <summary>What was drained is converted at once; what was neither written nor overrun was filtered.</summary>
        public ProbeCounters Now(int number) =>
            new(number, Name, Status, Hits, Filtered ?? (Hits - Math.Min(Hits, Written)), Overrun, Drained ?? Converted, Converted);

        private static ulong Sum(IEnumerable<ProbeCountsRecord> counts, Func<ProbeCountsRecord, ulong> figure) =>
            counts.Aggregate(0ul, (sum, count) => sum + figure(count));
    }
}
