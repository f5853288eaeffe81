namespace ActorTrace.EndToEnd;

/// <summary>The RTOS guest compiled for A32 and T32, with and without VFP, at three levels, under three translations.</summary>
public sealed class GuestVariantTests
{
    private const string Mark = "ActorTrace RTOS: done";
    private const uint Rounds = 5;

    public static TheoryData<string> Variants => [.. GuestVariants.Names];

    [SkippableTheory]
    [MemberData(nameof(Variants))]
    public void Every_switch_of_its_own_ring_is_in_the_log_and_no_other(string variant)
    {
        SimulatedRun run = SimulatedRun.ByActors(
            "arndale-mmu", ("duration: 2s", "duration: 200ms"), ("../guests/rtos/bin/rtos-mmu.elf", GuestVariants.Image(variant)));
        TraceCmdLog log = run.Log();
        SwitchTruth.AssertEqual(run, "ucos", 1, log);
        SwitchTruth.AssertCountersExact(run, "ucos");
        Assert.Empty(log.Lost);
        Assert.All(run.Probes, p => Assert.True(p.Balances, p.ToString()));
    }

    /// <summary>Each task computes with floating point for as long as it works, while slices take the core away in the middle of that.</summary>
    [SkippableFact]
    public void Guests_that_share_a_core_keep_their_floating_point_registers_and_instruction_set()
    {
        using TemporaryFolder folder = Workspace.Temporary();
        string first = GuestVariants.WithRounds(GuestVariants.Image("thumb-O2-short-vfp"), Rounds, folder);
        string second = GuestVariants.WithRounds(GuestVariants.Image("arm-Os-long-vfp"), Rounds, folder);
        SimulatedRun run = SimulatedRun.ByActors(
            "arndale-mmu", ("duration: 2s", "duration: 500ms"), ("../guests/rtos/bin/rtos-mmu.elf", first),
            ("trace:\n", $"  - {{name: second, core: 1, elf: {second}, profile: ucos2}}\n\ntrace:\n"));
        foreach (string console in new[] { run.Console("ucos"), run.Console("second") })
        {
            Assert.Contains(Mark, console, StringComparison.Ordinal);
            Assert.Equal(4, console.Split('\n').Count(line => line.EndsWith(" changed 0 times", StringComparison.Ordinal)));
        }

        SwitchTruth.AssertEqual(run, "ucos", 1, run.Log());
    }

    /// <summary>One instruction is 64 ns on both; the counter that the guest prints counts its instructions, four each.</summary>
    [SkippableTheory]
    [MemberData(nameof(Variants))]
    public void Under_a_hypervisor_without_costs_it_prints_what_it_prints_on_qemu_at_the_same_instruction(string variant)
    {
        using TemporaryFolder folder = Workspace.Temporary();
        string image = GuestVariants.WithRounds(GuestVariants.Image(variant), Rounds, folder);
        string expected = Qemu.Console(image, Mark);
        (string, string)[] edits = [("duration: 2s", "duration: 200ms"), ("../guests/rtos/bin/rtos.elf", image)];
        Assert.Equal(expected, SimulatedRun.ByActors("native", edits).Console("ucos"));
        Assert.Equal(expected, SimulatedRun.ByActors("native", [.. edits, ("hypervisor: none\n", string.Empty)]).Console("ucos"));
    }
}
