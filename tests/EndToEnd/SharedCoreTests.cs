using System.Buffers.Binary;
using System.Text.RegularExpressions;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>Two RTOS guests take turns on core 1.</summary>
public sealed class SharedCoreTests
{
    private const string SecondGuest = """
          - name: second
            core: 1
            elf: ../guests/rtos/bin/rtos-mmu.elf
            profile: ucos2

        trace:
        """;

    [SkippableFact]
    public void Both_guests_are_traced_whole_and_none_sees_the_others_switches()
    {
        SimulatedRun run = SimulatedRun.ByActors(
            "arndale",
            ("duration: 2s", "duration: 500ms"),
            ("trace:\n", SecondGuest + "\n"),
            ("  - {at: 50ms, file: trace/enable, value: 1}", """
              - {at: 50ms, file: trace/enable, value: 1}
              - {at: 60ms, file: trace/guest, value: second}
              - {at: 60ms, file: trace/probes, value: switch}
              - {at: 60ms, file: trace/enable, value: 1}
            """));
        TraceCmdLog log = run.Log();
        Assert.Contains(run.Records<StepRecord>(StreamNames.Core(1)), s => s is { Step: StepKind.VcpuSwitch, Detail2: 1 });
        SwitchTruth.AssertEqual(run, "ucos", 1, log, onlyItsOwnProbes: true);
        SwitchTruth.AssertEqual(run, "second", 2, log, onlyItsOwnProbes: true);
        Assert.All(run.Probes, p => Assert.True(p.Balances, p.ToString()));
    }

    [Fact]
    public void The_hash_is_the_reference_engines()
    {
        Scenario Shared() => SimulatedRun.Load("arndale", ("duration: 2s", "duration: 100ms"), ("trace:\n", SecondGuest + "\n"));
        Assert.Equal(SimulatedRun.Sequentially(Shared()).Outcome.Hash, SimulatedRun.ByActors(Shared(), 2).Outcome.Hash, StringComparer.Ordinal);
    }

    [Fact]
    public void A_gpos_that_shares_its_core_with_the_traced_guest_gets_every_record()
    {
        SimulatedRun run = SimulatedRun.ByActors("arndale", ("duration: 2s", "duration: 400ms"), ("core: 1", "core: 0"));
        SwitchTruth.AssertEqual(run, "ucos", 1, run.Log());
        Assert.All(run.Probes, p => Assert.True(p.Balances, p.ToString()));
    }

    [Fact]
    public void No_tick_of_a_guest_is_lost_while_another_runs()
    {
        SimulatedRun run = SimulatedRun.ByActors("arndale", ("duration: 2s", "duration: 500ms"), ("trace:\n", SecondGuest + "\n"));
        ulong millisecond = run.Board.Scenario.Board.Clock.TimerHz / 1000;
        ulong end = run.Board.Scenario.Board.Clock.CountAt(run.Board.Scenario.Duration);
        ulong slice = run.Board.Scenario.SliceCycles * 1000 / run.Board.Scenario.Board.Clock.CoreHz;
        foreach (string guest in new[] { "ucos", "second" })
        {
            // The guest's own deadline is absolute: it lies ticks + 1 periods after the start of its tick.
            ulong ticks = BinaryPrimitives.ReadUInt32LittleEndian(TruthRing.Bytes(run.Guest(guest), "OSTime", 4));
            ulong deadline = BinaryPrimitives.ReadUInt64LittleEndian(TruthRing.Bytes(run.Guest(guest), "tick_deadline", 8));
            Assert.InRange(ticks, 400UL, 500UL);
            Assert.InRange((long)end - (long)deadline, -(long)millisecond, (long)((slice + 1) * millisecond));
        }
    }

    /// <summary>Sleeping until each tick of the physical timer, then busy for some periods.</summary>
    [Fact]
    public void Guests_that_sleep_leave_the_core_to_others_and_lose_no_tick()
    {
        SimulatedRun run = SimulatedRun.ByActors(Sleepers(), 2);
        foreach (string guest in new[] { "one", "two", "three" })
        {
            Match counted = Regex.Match(run.Console(guest), "ticks=(?<ticks>[0-9]+)\n.*periods=(?<periods>[0-9]+)\n", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
            Assert.True(counted.Success, run.Console(guest));
            Assert.Equal(counted.Groups["ticks"].Value, counted.Groups["periods"].Value);
        }

        StepRecord[] switches = [.. run.Records<StepRecord>(StreamNames.Core(0)).Where(s => s.Step == StepKind.VcpuSwitch)];
        Assert.True(switches.Count(s => s.Detail2 == 2) > 500, "a guest that waits gives up the core");
        Assert.Equal(SimulatedRun.Sequentially(Sleepers()).Outcome.Hash, run.Outcome.Hash, StringComparer.Ordinal);
    }

    internal static Scenario Sleepers() => SimulatedRun.LoadText(Workspace.Scenario("sleepers"), """
        name: sleepers
        duration: 300ms
        hypervisor: {slice: 5ms}
        board: {preset: arndale, cores: 1}
        guests:
          - {name: one, core: 0, elf: ../guests/rtos/bin/timers.elf}
          - {name: two, core: 0, elf: ../guests/rtos/bin/timers.elf}
          - {name: three, core: 0, elf: ../guests/rtos/bin/timers.elf}
        """);
}
