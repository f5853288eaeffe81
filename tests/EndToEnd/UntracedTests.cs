using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;

namespace ActorTrace.EndToEnd;

/// <summary>With tracing off nothing shows in the guest.</summary>
public sealed class UntracedTests
{
    private const string OneGuest = """
        name: alone
        duration: 400ms
        hypervisor: HYPERVISOR
        board:
          preset: arndale
          costs: {preset: zero}
        guests:
          - name: ucos
            core: 1
            elf: ../guests/rtos/bin/rtos.elf
            profile: ucos2
        """;

    [Fact]
    public void With_free_costs_its_own_ring_equals_that_without_a_hypervisor()
    {
        SimulatedRun hosted = SimulatedRun.ByActors(World("{slice: 5ms}"), 2);
        SimulatedRun native = SimulatedRun.ByActors(World("none"), 2);
        IReadOnlyList<TruthEntry> truth = TruthRing.Read(native.Guest("ucos"));
        Assert.True(truth.Count > 50, "the guest ran");
        Assert.Equal(truth, TruthRing.Read(hosted.Guest("ucos")));
        Assert.Equal(native.Console("ucos"), hosted.Console("ucos"));
    }

    [Fact]
    public void The_guests_code_is_untouched_with_tracing_off_and_again_after_it()
    {
        SimulatedRun off = SimulatedRun.ByActors(WithoutControl(), 2);
        AssertCodeAsLoaded(off.Guest("ucos"));
        SimulatedRun stopped = SimulatedRun.ByActors(
            "arndale",
            ("duration: 2s", "duration: 200ms"),
            ("  - {at: 50ms, file: trace/enable, value: 1}", "  - {at: 50ms, file: trace/enable, value: 1}\n  - {at: 150ms, file: trace/enable, value: 0}"));
        Assert.All(stopped.Probes, p => Assert.Equal("removed", p.Status));
        Assert.True(stopped.Probes.Aggregate(0UL, (sum, p) => sum + p.Hits) > 0);
        AssertCodeAsLoaded(stopped.Guest("ucos"));
        SimulatedRun on = SimulatedRun.ByActors("arndale", ("duration: 2s", "duration: 200ms"));
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertCodeAsLoaded(on.Guest("ucos")));
    }

    private static Scenario World(string hypervisor) =>
        SimulatedRun.LoadText(Workspace.Scenario("alone"), OneGuest.Replace("HYPERVISOR", hypervisor, StringComparison.Ordinal));

    private static Scenario WithoutControl() =>
        SimulatedRun.Load("arndale", ("duration: 2s", "duration: 200ms")) with { Control = [] };

    private static void AssertCodeAsLoaded(GuestLease guest)
    {
        ElfSegment code = guest.Spec.Image.Segments.First(s => s.Flags.HasFlag(ElfSegmentFlags.Execute));
        ulong offset = code.PhysicalAddress.Value - guest.Spec.Platform.RamStart.Value;
        Pa ram = guest.Memory.Regions.First(r => r.Bytes.Length == guest.Spec.Platform.RamSize).Start;
        Assert.True(
            guest.Memory.Slice(new Pa(ram.Value + offset), (uint)code.FileBytes.Length).SequenceEqual(code.FileBytes.Span),
            "the code in memory is not what was loaded");
    }
}
