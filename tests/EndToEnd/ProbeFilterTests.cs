using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>Filters of probes, decided in the hypervisor; two tasks call shared_work in turn, each eight times.</summary>
public sealed class ProbeFilterTests
{
    [Theory]
    [InlineData("none", 16, "")]
    [InlineData("task=second", 8, "second")]
    [InlineData("task=\"first task\"", 8, "first task")]
    [InlineData("id=2", 8, "second")]
    [InlineData("every=3", 5, "")]
    [InlineData("id=1 every=2", 4, "first task")]
    [InlineData("task=nobody", 0, "nobody")]
    public void Only_what_the_filter_admits_is_recorded_and_the_rest_is_counted(string filter, int recorded, string task)
    {
        SimulatedRun run = ProbedGuest.Run(ProbedGuest.Scenario(
            "arm", [("trace/filter", filter), .. ProbedGuest.Enable("trace/symbol", "shared_work", "shared_work/return")]));
        ProbeCountsRecord calls = ProbedGuest.Probe(run, "shared_work");
        Assert.Equal((16UL, 16UL - (ulong)recorded, (ulong)recorded), (calls.Hits, calls.Filtered, calls.Converted));
        Assert.Equal((ulong)recorded, ProbedGuest.Probe(run, "shared_work/return").Converted);
        Assert.All(ProbedGuest.Records(run), r => Assert.True(task.Length == 0 || string.Equals(task, r.Current.Comm, StringComparison.Ordinal), r.ToString()));
    }

    [Fact]
    public void A_hit_that_is_not_its_turn_is_left_out_before_anything_is_read()
    {
        ulong[] words = Words("every=4");
        Assert.Equal(12, words.Count(w => w == 0));
        Assert.Equal(4, words.Count(w => w > 0));
        Assert.All(Words("task=second"), w => Assert.True(w > 0));
    }

    [Fact]
    public void Filtered_switches_are_a_gap_and_not_a_wrong_order()
    {
        SimulatedRun run = SimulatedRun.ByActors(
            "arndale", ("duration: 2s", "duration: 400ms"),
            ("  - {at: 50ms, file: trace/enable", "  - {at: 50ms, file: trace/filter, value: task=RTOS-Task2}\n  - {at: 50ms, file: trace/enable"));
        LaneRecord[] lane = [.. run.Records<LaneRecord>(StreamNames.Lane(run.Board.Topology.RingOf(run.Guest("ucos").Vcpu.Id).Lane))];
        Assert.NotEmpty(lane.OfType<SwitchRecord>());
        Assert.All(lane.OfType<SwitchRecord>(), s => Assert.Contains("RTOS-Task2", new[] { s.Current.Comm, s.Next.Comm }, StringComparer.Ordinal));
        Traces.Analysis.TraceInvariants invariants = new(2);
        new Traces.Formats.Replay(new MemorySource(run.Journal), Traces.Merge.TraceView.Gpos).Send(invariants);
        Assert.Empty(invariants.Violations);
        Assert.All(run.Probes, p => Assert.True(p.Balances && p.Filtered > 0, p.ToString()));
    }

    private static ulong[] Words(string filter)
    {
        SimulatedRun run = ProbedGuest.Run(ProbedGuest.Scenario(
            "arm", [("trace/filter", filter), .. ProbedGuest.Enable("trace/symbol", "shared_work")]));
        return [.. run.Records<StepRecord>(StreamNames.Core(1)).Where(s => s.Step == StepKind.Extraction).Select(s => s.Detail2)];
    }
}
