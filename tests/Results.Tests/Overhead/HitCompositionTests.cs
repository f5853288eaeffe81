using ActorTrace.Actors.Experiments.Overhead;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Simulation;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Results.Tests.Overhead;

/// <summary>What was written down of a hit's cost, against the charges of each hit in the journal.</summary>
public sealed class HitCompositionTests
{
    private static readonly CoreId GuestCore = new(1);

    [Fact]
    public void Each_switch_hit_is_charged_what_its_composition_says()
    {
        ulong[] said = [.. Enumerable.Range(0, 2).Select(woken => HitComposition.Cycles(HitComposition.SwitchHit(woken), CostTable.Arndale))];
        ulong[] charged = ChargesOf(OverheadTracing.Switches);

        // Both kinds of hit by turns, and nothing else.
        Assert.All(charged, cycles => Assert.Contains(cycles, said));
        Assert.All(said, cycles => Assert.InRange(charged.Count(c => c == cycles), 100, charged.Length));
    }

    [Fact]
    public void Each_function_hit_is_charged_what_its_composition_says()
    {
        ulong said = HitComposition.Cycles(HitComposition.FunctionHit(), CostTable.Arndale);
        ulong[] charged = ChargesOf(OverheadTracing.AllFunctions);
        Assert.True(charged.Length > 1000);
        Assert.All(charged, cycles => Assert.Equal(said, cycles));
    }

    /// <summary>The cycles that each hit of 100 rounds of context1 charged to the guest's core.</summary>
    private static ulong[] ChargesOf(OverheadTracing tracing)
    {
        OverheadWorld world = OverheadWorld.All.Single(w => w.Tracing == tracing);
        SimulatedBoard board = SimulatedBoard.Build(
            world.Apply(BuiltInScenario.Load("overhead"), OverheadSuite.Context1, 100, CostTable.Arndale) with { Duration = new VirtualInstant(300_000_000) });
        MemoryJournal journal = new();
        RunOutcome outcome = SimulationHost.RunInMemoryAsync(board, journal, 2, null, CancellationToken.None).GetAwaiter().GetResult();
        Assert.Null(outcome.Failure);
        return
        [
            .. journal.Read(StreamNames.Core(GuestCore.Index)).OfType<StepRecord>()
                .GroupBy(s => s.Cause).Where(g => g.Any(s => s.Step == StepKind.Extraction) && g.Any(s => s.Step == StepKind.DisplacedInstruction))
                .Select(g => g.Where(s => s.Step != StepKind.DisplacedInstruction).Aggregate(0UL, (sum, s) => sum + (s.End - s.Start))),
        ];
    }
}
