using ActorTrace.Actors.Scenarios;

namespace ActorTrace.EndToEnd;

/// <summary>The run hash depends on the inputs and on nothing else.</summary>
public sealed class DeterminismTests
{
    public static TheoryData<string> Scenarios => new() { "arndale", "arndale-mmu", "small-ring", "pingpong", "smp" };

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void The_hash_is_that_of_the_reference_engine_for_any_number_of_threads(string name)
    {
        string expected = SimulatedRun.Sequentially(Short(name)).Outcome.Hash;
        Assert.Matches("^[0-9a-f]{64}$", expected);
        foreach (int threads in new[] { 1, 2, 4, 2, 2 })
        {
            Assert.Equal((threads, expected), (threads, SimulatedRun.ByActors(Short(name), threads).Outcome.Hash));
        }
    }

    [Fact]
    public void Another_cost_gives_another_hash()
    {
        SimulatedRun one = SimulatedRun.ByActors(Short("arndale"), 2);
        SimulatedRun other = SimulatedRun.ByActors(
            "arndale", ("duration: 2s", "duration: 80ms"), ("preset: arndale\n", "preset: arndale\n  costs: {ring-write: 1}\n"));
        Assert.NotEqual(one.Outcome.Hash, other.Outcome.Hash, StringComparer.Ordinal);
    }

    private static Scenario Short(string name) => name switch
    {
        "pingpong" => SimulatedRun.Load(name, ("duration: 200ms", "duration: 20ms")),
        "smp" => SimulatedRun.Load(name, ("duration: 200ms", "duration: 40ms")),
        "small-ring" => SimulatedRun.Load(name, ("at: 300ms", "at: 80ms"), ("duration: 1s", "duration: 120ms")),
        _ => SimulatedRun.Load(name, ("duration: 2s", "duration: 80ms")),
    };
}
