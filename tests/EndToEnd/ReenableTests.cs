using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>Tracing is switched off and on again.</summary>
public sealed class ReenableTests
{
    [SkippableFact]
    public void The_time_without_tracing_is_marked_and_nothing_is_invented_about_it()
    {
        const string Enable = "  - {at: 50ms, file: trace/enable, value: 1}";
        SimulatedRun run = SimulatedRun.ByActors(
            "arndale",
            ("duration: 2s", "duration: 250ms"),
            (Enable, Enable + "\n  - {at: 100ms, file: trace/enable, value: 0}\n  - {at: 150ms, file: trace/enable, value: 1}"));
        int lane = run.Board.Topology.RingOf(run.Guest("ucos").Vcpu.Id).Lane;
        LaneRecord[] records = [.. run.Records<LaneRecord>(StreamNames.Lane(lane))];
        LostRecordsRecord gap = Assert.Single(records.OfType<LostRecordsRecord>());
        Assert.Equal(0UL, gap.Count);
        Traces.Analysis.TraceInvariants invariants = new(2);
        new Traces.Formats.Replay(new MemorySource(run.Journal), Traces.Merge.TraceView.Gpos).Send(invariants);
        Assert.Empty(invariants.Violations);

        // Every wake-up in the log is one of the guest's own ring.
        Machine.Values.ClockRates clock = run.Board.Scenario.Board.Clock;
        IReadOnlyList<TruthEntry> truth = TruthRing.Read(run.Guest("ucos"));
        int pidBase = run.Guest("ucos").Spec.PidBase;
        foreach (WakeupRecord wakeup in records.OfType<WakeupRecord>())
        {
            Assert.Contains(truth, e => !e.IsSwitch && pidBase + e.To == wakeup.Task.Pid
                && clock.FirstInstantOf(e.Counter) <= wakeup.At + (2 * clock.CoreHz / 1000)
                && clock.FirstInstantOf(e.Counter) + (25 * clock.CoreHz / 1000) >= wakeup.At);
        }
    }
}
