using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>Whatever a guest does is a result: no hang, no crash, nothing written outside the ring.</summary>
public sealed class HostileGuestTests
{
    private static readonly (string, string) Short = ("duration: 2s", "duration: 100ms");

    [Fact]
    public void A_guest_that_pokes_the_trace_control_address_gets_an_external_abort_and_no_probe()
    {
        SimulatedRun run = Hostile("pokes-control.elf");
        Assert.Contains("aborts=", run.Console("ucos"), StringComparison.Ordinal);
        Assert.DoesNotContain("aborts=0", run.Console("ucos"), StringComparison.Ordinal);
        Assert.Empty(run.Probes);
        Assert.Contains(run.Records<StepRecord>(StreamNames.Core(1)), s => s.Step == StepKind.GuestFault && s.Detail2 == 0x0A00_0000);
    }

    [Theory]
    [InlineData("jumps-nowhere.elf")]
    [InlineData("faults-forever.elf")]
    public void A_guest_without_a_way_on_is_reported_dead_and_the_other_goes_on(string image)
    {
        SimulatedRun run = Hostile(image);
        GuestStateRecord dead = Assert.Single(run.Records<GuestStateRecord>(StreamNames.Core(1)), s => s.State is "dead");
        Assert.Contains("exceptions", dead.Reason, StringComparison.Ordinal);
        Assert.Equal("completed", run.Outcome.Reason);
        Assert.Contains(run.Records<SwitchRecord>(StreamNames.Lane(0)), s => s.At > dead.At);
    }

    [Fact]
    public void A_guest_that_never_yields_ends_with_the_run()
    {
        SimulatedRun run = SimulatedRun.ByActors(
            Untraced("never-yields.elf", ("duration: 2s", "duration: 10ms")), 2);
        Assert.Equal("completed", run.Outcome.Reason);
    }

    [Fact]
    public void Garbage_in_the_rings_consumer_index_loses_records_that_are_counted_and_nothing_else()
    {
        SimulatedRun run = SimulatedRun.ByActors(
            "arndale", ("duration: 2s", "duration: 300ms"), ("      # An Android 4.4", "      scribble: [100ms, 150ms]\n      # An Android 4.4"),
            ("file: trace/guest, value: ucos", "file: trace/guest, value: android"));
        Assert.Equal("completed", run.Outcome.Reason);
        Assert.All(run.Probes, p => Assert.True(p.Hits == p.Filtered + p.InRing + p.Overrun + p.Drained, p.ToString()));
    }

    private static SimulatedRun Hostile(string image) => SimulatedRun.ByActors(Untraced(image, Short), 2);

    private static Actors.Scenarios.Scenario Untraced(string image, (string, string) duration)
    {
        string path = Workspace.Scenario("arndale");
        string text = File.ReadAllText(path);
        string guests = text[..text.IndexOf("# What a user does", StringComparison.Ordinal)];
        return SimulatedRun.LoadText(path, guests
            .Replace(duration.Item1, duration.Item2, StringComparison.Ordinal)
            .Replace("bin/rtos.elf", "bin/hostile/" + image, StringComparison.Ordinal)
            .Replace("    profile: ucos2\n", string.Empty, StringComparison.Ordinal));
    }
}
