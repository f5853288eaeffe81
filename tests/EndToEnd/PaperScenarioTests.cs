using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

public sealed class PaperScenarioTests
{
    private static readonly (string, string) Short = ("duration: 2s", "duration: 400ms");
    private static readonly (string, string) Free = ("preset: arndale\n", "preset: arndale\n  costs: {preset: zero}\n");

    public static TheoryData<string, bool> Worlds => new()
    {
        { "arndale", false },
        { "arndale", true },
        { "arndale-mmu", false },
        { "arndale-mmu", true },
    };

    [SkippableTheory]
    [MemberData(nameof(Worlds))]
    public void Every_switch_of_the_guests_own_ring_is_in_the_log_and_no_other(string scenario, bool free)
    {
        SimulatedRun run = Run(scenario, free);
        TraceCmdLog log = run.Log();
        SwitchTruth.AssertEqual(run, "ucos", 1, log);
        SwitchTruth.AssertCountersExact(run, "ucos");
        Assert.Empty(log.Lost);
        Assert.All(run.Probes, p => Assert.True(p.Balances, p.ToString()));
    }

    [SkippableFact]
    public void Probes_can_be_asked_for_after_the_guest_has_turned_its_mmu_on()
    {
        SimulatedRun run = SimulatedRun.ByActors("arndale-mmu", Short, ("{at: 0,", "{at: 70ms,"));
        SwitchTruth.AssertEqual(run, "ucos", 1, run.Log());
        SwitchTruth.AssertCountersExact(run, "ucos");
    }

    [SkippableFact]
    public void The_tasks_of_both_systems_stand_on_one_timeline()
    {
        SimulatedRun run = Run("arndale", free: false);
        TraceCmdLog log = run.Log();
        int pidBase = run.Guest("ucos").Spec.PidBase;
        double[] means = [.. Enumerable.Range(1, 4).Select(task => MeanExecution(log, pidBase + 3 + task, $"RTOS-Task{task}"))];
        for (int i = 1; i < means.Length; i++)
        {
            Assert.InRange(means[i] / means[0], (1 << i) * 0.98, (1 << i) * 1.02);
        }

        string[] names = [.. log.Switches(0).SelectMany(s => new[] { s.PreviousComm, s.NextComm }).Distinct(StringComparer.Ordinal)];
        Assert.Contains("system_server", names, StringComparer.Ordinal);
        Assert.Contains("SurfaceFlinger", names, StringComparer.Ordinal);
        Assert.Contains(log.Switches(1), s => s.NextPid == 0);
    }

    [SkippableFact]
    public void A_task_that_waits_leaves_asleep_and_one_that_is_preempted_leaves_runnable()
    {
        SimulatedRun run = Run("arndale", free: false);
        IReadOnlyList<TruthEntry> truth = TruthRing.Read(run.Guest("ucos"));
        IReadOnlyList<TruthEntry> switches = SwitchTruth.Expected(run, "ucos");
        IReadOnlyList<LogSwitch> log = run.Log().Switches(1);
        for (int i = 0; i < log.Count; i++)
        {
            // A task is ready when it leaves if it comes back without having been made ready in between.
            int at = truth.ToList().IndexOf(switches[i]);
            int back = truth.ToList().FindIndex(at + 1, e => e.IsSwitch && e.To == switches[i].From);
            if (back < 0)
            {
                continue;
            }

            bool madeReady = truth.Skip(at).Take(back - at).Any(e => !e.IsSwitch && e.To == switches[i].From);
            Assert.Equal((i, madeReady ? "S" : "R"), (i, log[i].PreviousState));
        }
    }

    [SkippableFact]
    public void With_the_wakeup_probes_every_task_made_ready_is_in_the_log_within_its_tick()
    {
        SimulatedRun run = SimulatedRun.ByActors("arndale", Short, ("value: switch", "value: switch+wakeup"));
        ClockRates clock = run.Board.Scenario.Board.Clock;
        VirtualInstant armed = SwitchTruth.ArmedAt(run, "ucos");
        int pidBase = run.Guest("ucos").Spec.PidBase;
        const ulong Tick = 1_000_000;
        VirtualInstant first = run.Records<StepRecord>(StreamNames.Core(1)).First(s => s.Step == StepKind.Extraction).Start;
        TruthEntry[] ready = [.. TruthRing.Read(run.Guest("ucos")).Where(e => !e.IsSwitch && clock.FirstInstantOf(e.Counter) > VirtualInstant.Max(armed, first))];
        var wakeups = run.Log().Lines.Where(l => l.Cpu == 1 && string.Equals(l.Event, "sched_wakeup", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(ready);
        ulong underway = run.Probes.Aggregate(0UL, (sum, p) => sum + p.InRing);
        foreach (TruthEntry entry in ready.SkipLast((int)underway))
        {
            ulong at = clock.ToNanoseconds(clock.FirstInstantOf(entry.Counter));
            int found = wakeups.FindIndex(w =>
                w.Text.Contains($" pid={pidBase + entry.To} ", StringComparison.Ordinal) && w.Nanoseconds >= at - 1000 && w.Nanoseconds - Math.Min(at, w.Nanoseconds) < Tick);
            Assert.True(found >= 0, $"task {entry.To} made ready at {at} ns has no wake-up");
            wakeups.RemoveAt(found);
        }
    }

    [Fact]
    public void Time_never_goes_back_and_each_switch_leaves_from_where_the_one_before_went()
    {
        SimulatedRun run = Run("arndale", free: false);
        Traces.Analysis.TraceInvariants invariants = new(2);
        new Traces.Formats.Replay(new MemorySource(run.Journal), Traces.Merge.TraceView.Gpos).Send(invariants);
        Assert.Empty(invariants.Violations);
    }

    private static SimulatedRun Run(string scenario, bool free) =>
        free ? SimulatedRun.ByActors(scenario, Short, Free) : SimulatedRun.ByActors(scenario, Short);

    /// <summary>Mean CPU time from one job's begin to its end, preempted pieces added, from the log's text.</summary>
    private static double MeanExecution(TraceCmdLog log, int pid, string name)
    {
        List<ulong> jobs = [];
        ulong since = 0;
        ulong sum = 0;
        bool running = false;
        bool whole = false;
        foreach (LogSwitch entry in log.Switches(1))
        {
            if (entry.NextPid == pid)
            {
                Assert.Equal(name, entry.NextComm);
                (since, running) = (entry.Nanoseconds, true);
            }
            else if (entry.PreviousPid == pid && running)
            {
                sum += entry.Nanoseconds - since;
                running = false;
                if (entry.PreviousState is not "R")
                {
                    if (whole)
                    {
                        jobs.Add(sum);
                    }

                    (sum, whole) = (0, true);
                }
            }
        }

        Assert.NotEmpty(jobs);
        return jobs.Average(j => (double)j);
    }
}
