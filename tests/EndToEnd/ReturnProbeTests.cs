using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>Return probes: every way out, recursion, tail calls, other tasks in between, calls that never come back.</summary>
public sealed class ReturnProbeTests
{
    public static TheoryData<string> Sets => ["arm", "thumb"];

    [Theory]
    [MemberData(nameof(Sets))]
    public void Each_call_returns_once_through_whichever_exit(string set)
    {
        SimulatedRun run = Traced(set, "shape_exits/return", "shape_pop_pc/return", "shape_bl/return", "shape_interworking/return");
        foreach (string function in new[] { "shape_exits", "shape_pop_pc", "shape_bl", "shape_interworking" })
        {
            Assert.Equal(3, Returns(run, function).Length);
            ProbeCountsRecord counts = ProbedGuest.Probe(run, function + "/return");
            Assert.Equal((6UL, 3UL, 3UL, "removed"), (counts.Hits, counts.Filtered, counts.Converted, counts.Status));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Recursive_calls_come_back_innermost_first_each_with_its_own_time_of_entry(string set)
    {
        SimulatedRun run = Traced(set, "shape_recursive", "shape_recursive/return");
        Stack<FunctionHitRecord> open = new();
        int returned = 0;
        foreach (LaneRecord record in ProbedGuest.Records(run))
        {
            if (record is FunctionHitRecord call)
            {
                open.Push(call);
            }
            else if (record is FunctionReturnRecord back)
            {
                FunctionHitRecord its = open.Pop();
                Assert.Equal((its.At, its.StackPointer, its.Caller & ~1u), (back.EnteredAt, back.StackPointer, back.Pc));
                returned++;
            }
        }

        // shape_recursive(4), (5) and (6)
        Assert.Equal(5 + 6 + 7, returned);
        Assert.Empty(open);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_tail_call_comes_back_together_with_its_caller_and_before_it(string set)
    {
        SimulatedRun run = Traced(set, "shape_tail_caller/return", "shape_tail_callee/return");
        FunctionReturnRecord[] callee = Returns(run, "shape_tail_callee");
        FunctionReturnRecord[] caller = Returns(run, "shape_tail_caller");
        Assert.Equal(3, callee.Length);
        Assert.Equal(callee.Select(r => (r.At, r.Pc)), caller.Select(r => (r.At, r.Pc)));
        Assert.Equal(
            ["shape_tail_callee", "shape_tail_caller"], ProbedGuest.Records(run).OfType<FunctionReturnRecord>().Take(2).Select(r => r.Symbol),
            StringComparer.Ordinal);
        Assert.All(callee.Select((r, i) => (Callee: r, Caller: caller[i])), p => Assert.True(p.Callee.EnteredAt > p.Caller.EnteredAt));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_task_comes_back_with_its_own_call_although_another_passes_the_same_place_meanwhile(string set)
    {
        SimulatedRun run = Traced(set, "shared_work", "shared_work/return");
        foreach (string task in new[] { "first task", "second" })
        {
            FunctionHitRecord[] calls = [.. ProbedGuest.Records(run).OfType<FunctionHitRecord>().Where(r => string.Equals(r.Current.Comm, task, StringComparison.Ordinal))];
            FunctionReturnRecord[] returns = [.. ProbedGuest.Records(run).OfType<FunctionReturnRecord>().Where(r => string.Equals(r.Current.Comm, task, StringComparison.Ordinal))];
            Assert.Equal(8, calls.Length);
            Assert.Equal(calls.Select(c => c.At), returns.Select(r => r.EnteredAt));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Calls_that_never_come_back_are_forgotten_with_the_probe_and_counted(string set)
    {
        SimulatedRun run = Traced(set, "abandoned_work/return", "escape_deeper/return");
        Assert.Empty(ProbedGuest.Records(run).OfType<FunctionReturnRecord>());
        Assert.Equal("removed, 1 calls forgotten", ProbedGuest.Probe(run, "abandoned_work/return").Status);
        Assert.Equal("removed, 3 calls forgotten", ProbedGuest.Probe(run, "escape_deeper/return").Status);
    }

    /// <summary>The tick has made tasks ready when it returns; the ring that the guest keeps itself says which.</summary>
    [Fact]
    public void The_ready_set_is_read_when_the_function_that_changes_it_has_returned()
    {
        Scenario scenario = SimulatedRun.Load("arndale", ("duration: 2s", "duration: 300ms"), ("preset: arndale\n", "preset: arndale\n  costs: {preset: zero}\n"));
        GuestSpec rtos = scenario.Guests[1];
        ProbePoint[] points =
        [
            new("OSCtxSw", "OSCtxSw", ProbePointKind.Switch), new("OSIntCtxSw", "OSIntCtxSw", ProbePointKind.Switch),
            new("OSTimeTick", "OSTimeTick", ProbePointKind.ReadySet, ProbeMoment.Return),
        ];
        KernelProfile profile = rtos.Profile!.Profile with { ProbeSets = [new ProbeSet("switch", points)] };
        SimulatedRun run = SimulatedRun.ByActors(scenario with { Guests = [scenario.Guests[0], rtos with { Profile = CompiledProfile.Bind(profile, rtos.Image) }] }, 2);

        int lane = run.Board.Topology.RingOf(run.Guest("ucos").Vcpu.Id).Lane;
        WakeupRecord[] seen = [.. run.Records<WakeupRecord>(StreamNames.Lane(lane)).Where(w => !w.Derived)];
        ClockRates clock = scenario.Board.Clock;
        VirtualInstant begin = clock.FromNanoseconds(60_000_000);
        VirtualInstant end = clock.FromNanoseconds(295_000_000);
        (int Pid, VirtualInstant At)[] truth =
        [
            .. TruthRing.Read(run.Guest("ucos")).Where(e => !e.IsSwitch)
                .Select(e => (rtos.PidBase + e.To, clock.FirstInstantOf(e.Counter))).Where(e => e.Item2 > begin && e.Item2 < end),
        ];
        Assert.True(truth.Length > 40, $"{truth.Length} tasks were made ready");
        ulong microseconds = clock.CoreHz / 1_000_000;
        foreach ((int pid, VirtualInstant at) in truth)
        {
            Assert.Contains(seen, w => w.Task.Pid == pid && w.At + microseconds >= at && w.At <= at + (20 * microseconds));
        }

        Assert.All(run.Probes, p => Assert.True(p.Balances, p.ToString()));
    }

    [Fact]
    public void Linux_tools_are_shown_how_long_a_call_took()
    {
        SimulatedRun run = Traced("arm", "shape_pop_pc/return");
        FunctionReturnRecord back = Returns(run, "shape_pop_pc")[0];
        ulong expected = run.Board.Scenario.Board.Clock.ToNanoseconds(back.At) - run.Board.Scenario.Board.Clock.ToNanoseconds(back.EnteredAt);
        using TemporaryFolder folder = Workspace.Temporary();
        string file = folder.File("t.txt");
        Traces.Formats.TraceFormats.Ftrace.ToFile(new Traces.Formats.Replay(new MemorySource(run.Journal), Traces.Merge.TraceView.Gpos), file);
        Assert.Contains(File.ReadAllLines(file), l => l.Contains("shape_pop_pc_return: ", StringComparison.Ordinal)
            && l.EndsWith($" duration={expected} [ns]", StringComparison.Ordinal));
    }

    /// <summary>Traces, and compares with a run without probes that all is as it was when the probes are gone.</summary>
    private static SimulatedRun Traced(string set, params string[] places)
    {
        Scenario scenario = ProbedGuest.Scenario(set, ProbedGuest.Enable("trace/symbol", places));
        SimulatedRun run = ProbedGuest.Run(scenario.Unprobed());
        SimulatedRun plain = ProbedGuest.Run(scenario with { Control = [] });
        Assert.Equal(ProbedGuest.Text(plain), ProbedGuest.Text(run));
        Assert.True(ProbedGuest.Ram(plain).SequenceEqual(ProbedGuest.Ram(run)));
        return run;
    }

    private static FunctionReturnRecord[] Returns(SimulatedRun run, string function) =>
        [.. ProbedGuest.Records(run).OfType<FunctionReturnRecord>().Where(r => string.Equals(r.Symbol, function, StringComparison.Ordinal))];
}
