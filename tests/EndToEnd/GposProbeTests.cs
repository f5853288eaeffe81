using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>The GPOS probes itself.</summary>
public sealed class GposProbeTests
{
    [Fact]
    public void A_probe_on_its_switch_to_hits_once_for_each_switch_of_its_own_tracer_with_equal_pids()
    {
        SimulatedRun run = SimulatedRun.ByActors(
            "arndale",
            ("duration: 2s", "duration: 300ms"),
            ("file: trace/guest, value: ucos", "file: trace/guest, value: android"),
            ("file: trace/probes, value: switch", "file: trace/symbol, value: __switch_to"));
        int lane = run.Board.Topology.RingOf(run.Guest("android").Vcpu.Id).Lane;
        StepRecord armed = run.Records<StepRecord>(StreamNames.Core(0)).First(s => s.Step == StepKind.Install && s.Category == CostCategory.Patch);
        SwitchRecord[] own = [.. run.Records<SwitchRecord>(StreamNames.Lane(0)).Where(s => s.At > armed.End)];
        FunctionHitRecord[] hits = [.. run.Records<FunctionHitRecord>(StreamNames.Lane(lane))];
        ulong underway = run.Probes.Aggregate(0UL, (sum, p) => sum + p.InRing);
        Assert.True(hits.Length > 20, "it was hit");
        Assert.InRange((ulong)own.Length, (ulong)hits.Length + underway, (ulong)hits.Length + underway + 1);
        for (int i = 0; i < hits.Length; i++)
        {
            Assert.Equal((i, own[i].Current.Pid), (i, hits[i].Current.Pid));
            Assert.True(hits[i].At >= own[i].At);
        }
    }
}
