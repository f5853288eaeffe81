namespace ActorTrace.EndToEnd;

/// <summary>An 8-slot ring and a GPOS that masks its interrupts for 20 ms: records are lost, and counted.</summary>
public sealed class LossTests
{
    [SkippableFact]
    public void An_8_slot_ring_and_20_ms_without_interrupts_lose_records_and_every_one_is_counted()
    {
        // Two records a switch: the switch itself and the function hit in the hook.
        SimulatedRun run = SimulatedRun.ByActors("small-ring");
        TraceCmdLog log = run.Log();
        IReadOnlyList<TruthEntry> truth = SwitchTruth.Expected(run, "ucos");
        ulong underway = run.Probes.Aggregate(0UL, (sum, p) => sum + p.InRing);
        ulong lost = log.Lost.Aggregate(0UL, (sum, l) => sum + l.Count);
        int hooks = log.Lines.Count(l => l.Cpu == 1 && string.Equals(l.Event, "OSTaskSwHook", StringComparison.Ordinal));
        Assert.True(lost > 0, "nothing was lost");
        Assert.All(log.Lost, l => Assert.Equal(1, l.Cpu));
        Assert.Equal(2UL * (ulong)truth.Count, (ulong)(log.Switches(1).Count + hooks) + lost + underway);
        Assert.All(run.Probes, p => Assert.True(p.Balances, p.ToString()));
    }

    [SkippableFact]
    public void What_is_in_the_log_and_what_is_lost_make_up_the_guests_ring()
    {
        SimulatedRun run = SimulatedRun.ByActors(
            "small-ring", ("for: 20ms", "for: 60ms"),
            ("  - {at: 50ms, file: trace/symbol, value: OSTaskSwHook}\n  - {at: 50ms, file: trace/enable, value: 1}\n", string.Empty));
        TraceCmdLog log = run.Log();
        IReadOnlyList<TruthEntry> truth = SwitchTruth.Expected(run, "ucos");
        ulong underway = run.Probes.Aggregate(0UL, (sum, p) => sum + p.InRing);
        ulong lost = log.Lost.Aggregate(0UL, (sum, l) => sum + l.Count);
        Assert.True(lost > 0, "nothing was lost");
        Assert.All(log.Lost, l => Assert.Equal(1, l.Cpu));
        Assert.Equal((ulong)truth.Count, (ulong)log.Switches(1).Count + lost + underway);
        Assert.All(run.Probes, p => Assert.True(p.Balances, p.ToString()));
        AssertNothingInvented(run, log, truth);
    }

    /// <summary>Walks both lists: each switch of the log is the next one of the ring, with just the counted ones left out at the marks.</summary>
    private static void AssertNothingInvented(SimulatedRun run, TraceCmdLog log, IReadOnlyList<TruthEntry> truth)
    {
        int pidBase = run.Guest("ucos").Spec.PidBase;
        Queue<(int Cpu, ulong Count, int Before)> marks = new(log.Lost);
        int at = 0;
        for (int i = 0; i < log.Lines.Count; i++)
        {
            while (marks.TryPeek(out (int Cpu, ulong Count, int Before) mark) && mark.Before == i)
            {
                at += (int)marks.Dequeue().Count;
            }

            LogLine line = log.Lines[i];
            if (line.Cpu == 1 && string.Equals(line.Event, "sched_switch", StringComparison.Ordinal))
            {
                string next = truth[at].To == 63 ? "next_pid=0 " : $"next_pid={pidBase + truth[at].To} ";
                Assert.Contains(next, line.Text, StringComparison.Ordinal);
                at++;
            }
        }
    }
}
