using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd.Predecessor;

/// <summary>What a log says of the switches that the guest's own ring holds.</summary>
/// <param name="Happened">Switches that happened while the probes were armed, by the guest's own ring.</param>
/// <param name="Seen">Those of them that the log has, with the right tasks, in time.</param>
/// <param name="Wrong">Switches in the log that did not happen.</param>
/// <param name="Underway">Records that were still on the way when the run ended.</param>
internal sealed record SeenSwitches(int Happened, int Seen, int Wrong, int Underway)
{
    private const int IdlePriority = 63;

    /// <summary>Switches that the log does not have and that are not on the way.</summary>
    public int Lost => Happened - Seen - Underway;

    /// <summary>Compares the switches of a guest's lane with its ring.</summary>
    /// <param name="run">The run.</param>
    /// <param name="guest">The guest.</param>
    /// <param name="happened">Which of its switches count; null for all.</param>
    public static SeenSwitches Of(SimulatedRun run, string guest, Predicate<TruthEntry>? happened = null)
    {
        int pidBase = run.Guest(guest).Spec.PidBase;
        int lane = run.Board.Topology.RingOf(run.Guest(guest).Vcpu.Id).Lane;
        return Of(run, guest, happened, run.Records<SwitchRecord>(StreamNames.Lane(lane)).Select(
            s => (s.At, (int?)Priority(s.Current.Pid, pidBase), (int?)Priority(s.Next.Pid, pidBase))));
    }

    /// <summary>Compares hits of a function that is called at each switch, by the task that leaves.</summary>
    public static SeenSwitches OfHits(SimulatedRun run, string guest, Predicate<TruthEntry>? happened = null)
    {
        int pidBase = run.Guest(guest).Spec.PidBase;
        int lane = run.Board.Topology.RingOf(run.Guest(guest).Vcpu.Id).Lane;
        return Of(run, guest, happened, run.Records<FunctionHitRecord>(StreamNames.Lane(lane)).Select(
            s => (s.At, (int?)Priority(s.Current.Pid, pidBase), (int?)null)));
    }

    private static SeenSwitches Of(
        SimulatedRun run, string guest, Predicate<TruthEntry>? happened, IEnumerable<(VirtualInstant At, int? From, int? To)> told)
    {
        // From the hit to the guest's own reading of the counter, the hypervisor's work on the hit included.
        ClockRates clock = run.Board.Scenario.Board.Clock;
        ulong near = clock.CoreHz / 20_000;
        List<TruthEntry> truth = [.. SwitchTruth.Expected(run, guest).Where(e => happened?.Invoke(e) ?? true)];
        int total = truth.Count;
        int seen = 0;
        int wrong = 0;
        foreach ((VirtualInstant at, int? from, int? to) in told)
        {
            int found = truth.FindIndex(e => Within(clock.FirstInstantOf(e.Counter), at, near) && (from is null || e.From == from) && (to is null || e.To == to));
            (seen, wrong) = found < 0 ? (seen, wrong + 1) : (seen + 1, wrong);
            if (found >= 0)
            {
                truth.RemoveAt(found);
            }
        }

        return new SeenSwitches(total, seen, wrong, (int)run.Probes.Where(p => p.Vcpu == run.Guest(guest).Vcpu.Id).Sum(p => (long)p.InRing));
    }

    private static bool Within(VirtualInstant a, VirtualInstant b, ulong cycles) => (a > b ? a - b : b - a) <= cycles;

    private static int Priority(int pid, int pidBase) => pid == 0 ? IdlePriority : pid - pidBase;
}
