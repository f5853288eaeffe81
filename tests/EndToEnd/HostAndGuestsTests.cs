using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;

namespace ActorTrace.EndToEnd;

/// <summary>A trace.dat-set of whole runs, as the unmodified trace-cmd reads it.</summary>
public class HostAndGuestsTests
{
    [SkippableFact]
    public void Each_guest_of_the_papers_scenario_has_the_switches_that_the_trace_of_both_has()
    {
        SimulatedRun run = SimulatedRun.ByActors("arndale", ("duration: 2s", "duration: 150ms"));
        using TemporaryFolder folder = Workspace.Temporary();
        TraceCmdLog both = run.Log();
        string set = Export(run, folder);

        foreach ((string guest, int cpu) in new[] { ("android", 0), ("ucos", 1) })
        {
            IReadOnlyList<LogSwitch> seen = Open(set, $"guest-{guest}.dat").Switches(0);
            Assert.True(seen.Count > 20);
            Assert.Equal(
                both.Switches(cpu).Select(s => (s.Nanoseconds, s.PreviousPid, s.PreviousState, s.NextPid)),
                seen.Select(s => (s.Nanoseconds, s.PreviousPid, s.PreviousState, s.NextPid)));
        }
    }

    [SkippableTheory]
    [InlineData("arndale", "duration: 2s")]
    [InlineData("smp", "duration: 200ms")]
    public void The_host_leaves_and_enters_each_vcpu_by_turns_in_the_thread_that_is_on_the_core(string scenario, string duration)
    {
        SimulatedRun run = SimulatedRun.ByActors(scenario, (duration, "duration: 60ms"));
        using TemporaryFolder folder = Workspace.Temporary();
        TraceCmdLog host = Open(Export(run, folder), "host.dat");

        for (int core = 0; core < 2; core++)
        {
            List<LogLine> lines = [.. host.Lines.Where(line => line.Cpu == core)];
            LogLine[] turns = [.. lines.Where(line => line.Event is "kvm_entry" or "kvm_exit")];
            Assert.All(turns, (turn, i) => Assert.Equal(i % 2 == 0 ? "kvm_entry" : "kvm_exit", turn.Event));
            Assert.Equal(
                run.Records<StepRecord>(StreamNames.Core(core)).Count(step => step.Step == StepKind.Trap),
                turns.Count(turn => string.Equals(turn.Event, "kvm_exit", StringComparison.Ordinal)));

            IReadOnlyList<LogSwitch> switches = host.Switches(core);
            Assert.Equal(0, switches[0].PreviousPid);
            Assert.Equal(switches.Skip(1).Select(s => s.PreviousPid), switches.SkipLast(1).Select(s => s.NextPid));
            int onCore = 0;
            int next = 0;
            foreach (LogLine line in lines)
            {
                Assert.Equal(onCore, line.Pid);
                onCore = string.Equals(line.Event, "sched_switch", StringComparison.Ordinal) ? switches[next++].NextPid : onCore;
            }
        }
    }

    [SkippableFact]
    public void A_vcpu_that_shares_a_core_is_in_the_guest_only_while_its_thread_is_on_the_core()
    {
        SimulatedRun run = SimulatedRun.ByActors("smp");
        using TemporaryFolder folder = Workspace.Temporary();
        TraceCmdLog host = Open(Export(run, folder), "host.dat");

        // Core 1 has vCPU 1 of the first guest and vCPU 0 of the second: 5000001 and 5001000.
        (int Pid, string Vcpu)[] entries =
        [
            .. host.Lines.Where(line => line.Cpu == 1 && string.Equals(line.Event, "kvm_entry", StringComparison.Ordinal))
                .Select(line => (line.Pid, line.Text.Split(',')[0])).Distinct(),
        ];
        Assert.Equal([(5_000_001, "vcpu 1"), (5_001_000, "vcpu 0")], entries.OrderBy(entry => entry.Pid));
    }

    private static string Export(SimulatedRun run, TemporaryFolder folder)
    {
        string set = folder.File("set");
        TraceFormats.TraceDatSet.ToFile(new Replay(new MemorySource(run.Journal), TraceView.Gpos), set);
        return set;
    }

    private static TraceCmdLog Open(string set, string file) => TraceCmdLog.Open(Path.Combine(set, file));
}
