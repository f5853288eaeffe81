using ActorTrace.Actors.Scenarios;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>
/// A guest that writes down which interrupts it takes, in which order and at which running priority, and what is typed at its
/// console: it prints the same on QEMU, on our board without a hypervisor, and under the hypervisor, whose four list registers are
/// fewer than what it makes pending and active at once.
/// </summary>
public sealed class BoardInterruptTests
{
    private const string Image = "interrupts.elf";
    private const string ArndaleImage = "interrupts-arndale.elf";

    private static readonly Lazy<string> OnQemu = new(() => QemuDialogue.Run(
        ["-M", "virt", "-cpu", "cortex-a15", "-nic", "none", "-kernel", Path.Combine(Workspace.Root, "guests", "board", "bin", Image)],
        ("type two lines\n", "hello world\n"), ("typed: hello world\n", "a much longer line than the FIFO can hold at once\n"), ("done\n", "")));

    [SkippableTheory]
    [InlineData("virt", true)]
    [InlineData("virt", false)]
    [InlineData("arndale", true)]
    [InlineData("arndale", false)]
    public void The_guest_takes_the_same_interrupts_in_the_same_order_as_on_QEMU(string platform, bool hypervisor)
    {
        SimulatedRun run = SimulatedRun.ByActors("interrupts", Edits(platform, hypervisor));
        Assert.Equal(OnQemu.Value, run.Console("board"));
    }

    [SkippableTheory]
    [InlineData("virt")]
    [InlineData("arndale")]
    public void On_a_board_without_a_virtual_interface_every_access_traps_and_the_guest_takes_the_same(string platform)
    {
        SimulatedRun run = SimulatedRun.ByActors("interrupts", [.. Edits(platform, true), .. WithoutInterface("zero")]);
        Assert.Equal(OnQemu.Value, run.Console("board"));
        ulong start = run.Guest("board").Spec.Platform.CpuInterface.Value;
        StepRecord[] accesses = [.. run.Records<StepRecord>(StreamNames.Core(0)).Where(s => s.Step == StepKind.Mmio && s.Detail - start < 0x2000)];
        Assert.Contains(accesses, s => s.Detail == start + 0x0C);
        Assert.Contains(accesses, s => s.Detail == start + 0x10);
    }

    [Theory]
    [InlineData("arndale")]
    [InlineData("arndale-no-vgic")]
    public void What_the_interface_takes_makes_the_same_run_with_any_engine(string costs)
    {
        foreach (bool hypervisor in new[] { true, false })
        {
            Scenario scenario = SimulatedRun.Load("interrupts", [.. Edits("virt", hypervisor), .. WithoutInterface(costs)]);
            Assert.Equal(SimulatedRun.Sequentially(scenario).Outcome.Hash, SimulatedRun.ByActors(scenario, 2).Outcome.Hash);
        }
    }

    [Fact]
    public void What_finds_no_list_register_comes_by_the_maintenance_interrupt()
    {
        SimulatedRun run = SimulatedRun.ByActors("interrupts");
        const ulong Maintenance = 25;
        StepRecord[] steps = [.. run.Records<StepRecord>(StreamNames.Core(0))];
        Assert.Contains(steps, s => s.Step == StepKind.PpiTake && s.Detail == Maintenance);
        string firstLine = run.Console("board").Split('\n')[0];
        Assert.Equal(16, firstLine.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(w => w.Contains('/', StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_typed_makes_the_same_run_with_any_engine(bool hypervisor)
    {
        Scenario scenario = SimulatedRun.Load("interrupts", Edits("virt", hypervisor));
        Assert.Equal(SimulatedRun.Sequentially(scenario).Outcome.Hash, SimulatedRun.ByActors(scenario, 2).Outcome.Hash);
    }

    private static (string From, string To)[] WithoutInterface(string costs) =>
        [("preset: custom", "preset: arndale-no-vgic\n  costs: {preset: " + costs + "}")];

    private static (string From, string To)[] Edits(string platform, bool hypervisor)
    {
        List<(string From, string To)> edits = [];
        if (platform is "arndale")
        {
            edits.AddRange([(Image, ArndaleImage), ("ram: 16MiB", "ram: 16MiB\n    platform: arndale")]);
        }

        if (!hypervisor)
        {
            edits.Add(("board:\n", "hypervisor: none\nboard:\n"));
        }

        return [.. edits];
    }
}
