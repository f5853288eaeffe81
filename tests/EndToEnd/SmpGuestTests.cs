using ActorTrace.Actors.Scenarios;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>A guest of two vCPUs (guests/rtos/smp): PSCI, locks, SGIs between its vCPUs, on two cores and on one.</summary>
public sealed class SmpGuestTests
{
    private const string Mark = "ActorTrace smp: done";

    /// <summary>QEMU offers PSCI 1.1: what names the version differs, and so does what only that has.</summary>
    private static readonly string[] Newer = ["PSCI_VERSION", "PSCI_FEATURES"];

    public static TheoryData<string> Places => new() { "cores: [0, 1]", "cores: [1, 0]", "core: 0" };

    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void What_the_guest_finds_equals_what_it_finds_on_qemu(string cores)
    {
        string expected = Qemu.Console(Path.Combine(Workspace.Root, "guests", "rtos", "bin", "smp.elf"), Mark, cores: 2);
        SimulatedRun run = SimulatedRun.ByActors(Guest(cores), 2);
        string console = run.Console("smp");
        Assert.Contains("PSCI_VERSION=0x00000002\n", console, StringComparison.Ordinal);
        Assert.Contains("PSCI_FEATURES=0xFFFFFFFF\n", console, StringComparison.Ordinal);
        Assert.Equal(Timeless(expected), Timeless(console));
        Assert.Contains(run.Records<GuestStateRecord>(StreamNames.Core(run.Guest("smp").Spec.Core.Index)), g => g is { State: "stopped", Reason: "SYSTEM_OFF" });
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void The_hash_is_the_reference_engines_for_any_number_of_threads(string cores)
    {
        string expected = SimulatedRun.Sequentially(Guest(cores)).Outcome.Hash;
        foreach (int threads in new[] { 1, 2, 4 })
        {
            Assert.Equal((threads, expected), (threads, SimulatedRun.ByActors(Guest(cores), threads).Outcome.Hash));
        }
    }

    /// <summary>guests/rtos/pingpong is made for two cores: the first starts the second where PSCI does that.</summary>
    [SkippableTheory]
    [MemberData(nameof(Places))]
    public void Two_vcpus_hand_an_sgi_to_and_fro_asleep_between(string cores)
    {
        const string Done = "ActorTrace ping-pong: done rounds=1000";
        string expected = Qemu.Console(Path.Combine(Workspace.Root, "guests", "rtos", "bin", "pingpong.elf"), Done, cores: 2);
        string console = SimulatedRun.ByActors(Guest(cores, "pingpong.elf"), 2).Console("smp");
        Assert.Equal(expected.Split("counter=")[0], console.Split("counter=")[0]);
    }

    [SkippableFact]
    public void A_traced_guest_whose_second_vcpu_never_starts_is_traced_whole()
    {
        SimulatedRun run = SimulatedRun.ByActors("arndale", ("duration: 2s", "duration: 300ms"), ("    core: 1", "    vcpus: 2\n    cores: [1, 0]"));
        SwitchTruth.AssertEqual(run, "ucos", 1, run.Log());
        Assert.All(run.Probes, p => Assert.True(p.Balances, p.ToString()));
        Assert.Equal([0, 1, 1], run.Board.Inputs.Manifest.Lanes.Skip(1).Select(l => (int)l.Vcpu.Guest.Index));
    }

    internal static Scenario Guest(string cores, string image = "smp.elf") => SimulatedRun.LoadText(Workspace.Scenario("smp"), $$"""
        name: smp
        duration: 200ms
        hypervisor: {slice: 1ms}
        board: {preset: arndale}
        guests:
          - {name: smp, vcpus: 2, {{cores}}, elf: ../guests/rtos/bin/{{image}}}
        """);

    private static string Timeless(string console) =>
        string.Join('\n', console.Split('\n').Where(l => !l.StartsWith(Mark, StringComparison.Ordinal) && !Newer.Any(n => l.Contains(n, StringComparison.Ordinal))));
}
