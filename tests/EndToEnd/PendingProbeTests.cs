using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>Probes asked for before the guest has turned its MMU on.</summary>
public sealed class PendingProbeTests
{
    // With free costs the GPOS has booted, and asked for the probes, before the RTOS has built its page tables.
    private static readonly (string, string) Free = ("preset: arndale\n", "preset: arndale\n  costs: {preset: zero}\n");

    [Fact]
    public void A_probe_whose_address_does_not_translate_is_pending_and_armed_at_the_right_place_later()
    {
        SimulatedRun run = SimulatedRun.ByActors("arndale-mmu", ("duration: 2s", "duration: 100ms"), Free);
        StepRecord[] installs = [.. run.Records<StepRecord>(StreamNames.Core(1)).Where(s => s.Step == StepKind.Install)];
        Assert.Contains(installs, s => s.Detail2 == ulong.MaxValue);
        StepRecord[] patches = [.. installs.Where(s => s.Category == CostCategory.Patch)];
        Assert.Equal(2, patches.Length);
        const ulong SecondGuestRam = 0x1_4000_0000;
        const uint VirtualBase = 0xC000_0000;
        Assert.All(patches, p => Assert.Equal(SecondGuestRam + (p.Pc - VirtualBase), p.Detail2));
        Assert.All(run.Probes, p => Assert.Equal("armed", p.Status));
    }

    [Fact]
    public void A_guest_that_never_turns_it_on_keeps_its_bytes_and_the_probe_is_reported_pending()
    {
        SimulatedRun run = SimulatedRun.ByActors(
            "arndale-mmu", ("duration: 2s", "duration: 4us"), Free);
        Assert.All(run.Probes, p => Assert.Equal("pending", p.Status));
        Assert.DoesNotContain(run.Records<StepRecord>(StreamNames.Core(1)), s => s.Category == CostCategory.Patch);
    }
}
