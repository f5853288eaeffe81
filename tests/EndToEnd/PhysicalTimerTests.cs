using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>The physical timer CNTP against QEMU's: native it is the core's own, under the hypervisor every access traps.</summary>
public sealed class PhysicalTimerTests
{
    private const string Mark = "ActorTrace timers: done";

    [SkippableTheory]
    [InlineData("none")]
    [InlineData("{slice: 5ms}")]
    public void A_guest_finds_what_it_finds_on_qemu_to_the_count(string hypervisor)
    {
        string expected = Qemu.Console(Path.Combine(Workspace.Root, "guests", "rtos", "bin", "timers.elf"), Mark);
        SimulatedRun run = Run(hypervisor, "zero");
        Assert.Equal(expected, run.Console("ucos"));
        int trapped = run.Records<StepRecord>(StreamNames.Core(0)).Count(s => s.Step == StepKind.SystemRegister);
        Assert.Equal(string.Equals(hypervisor, "none", StringComparison.Ordinal), trapped == 0);
    }

    [Fact]
    public void What_an_access_costs_is_charged_and_no_tick_is_lost_by_it()
    {
        SimulatedRun run = Run("{slice: 5ms}", "arndale");
        Assert.Contains("ticks=200\n", run.Console("ucos"), StringComparison.Ordinal);
        Assert.Contains("periods=200\n", run.Console("ucos"), StringComparison.Ordinal);
        ulong cost = run.Board.Scenario.Board.Costs.SystemRegister;
        StepRecord[] accesses = [.. run.Records<StepRecord>(StreamNames.Core(0)).Where(s => s.Step == StepKind.SystemRegister)];
        Assert.NotEmpty(accesses);
        Assert.All(accesses, s => Assert.Equal(cost, s.End - s.Start));
    }

    private static SimulatedRun Run(string hypervisor, string costs) => SimulatedRun.ByActors(
        "native",
        ("bin/rtos.elf\n    profile: ucos2", "bin/timers.elf"),
        ("duration: 2s", "duration: 500ms"),
        ("hypervisor: none", "hypervisor: " + hypervisor),
        ("costs: {preset: zero}", "costs: {preset: " + costs + "}"));
}
