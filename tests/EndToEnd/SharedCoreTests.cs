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
        Actors.Scenarios.Scenario Shared() => SimulatedRun.Load("arndale", ("duration: 2s", "duration: 100ms"), ("trace:\n", SecondGuest + "\n"));
        Assert.Equal(SimulatedRun.Sequentially(Shared()).Outcome.Hash, SimulatedRun.ByActors(Shared(), 2).Outcome.Hash, StringComparer.Ordinal);
    }
}
