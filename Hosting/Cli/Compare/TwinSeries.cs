using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Twins;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Yaml;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Analysis.Twins;

namespace ActorTrace.Hosting.Cli.Compare;

/// <summary>Runs the twins of a comparison one after the other, and compares each as soon as it has run.</summary>
/// <param name="context">Where progress is shown, and what stops it.</param>
/// <param name="threads">Worker threads.</param>
internal sealed class TwinSeries(CliContext context, int threads)
{
    private const string Untraced = "untraced";

    /// <summary>Runs and compares.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="request">Which twins.</param>
    public async Task<TwinComparison> RunAsync(Scenario scenario, CompareRequest request)
    {
        IReadOnlyList<TwinVariant> variants = request.Variants(scenario);
        Scenario off = scenario with { Control = [] };
        string unobserved = (await RunAsync("untraced, unobserved", off, observed: false)).Hash;
        TwinRun untraced = await RunAsync(Untraced, off, observed: true);
        var comparer = new TwinComparer(untraced, DeadlinesOf(untraced, request, scenario.Board.Clock));
        List<VariantShift> shifts = [];
        foreach (TwinVariant variant in variants)
        {
            shifts.Add(comparer.Compare(await RunAsync(variant.Name, variant.Scenario, observed: true)));
        }

        return new TwinComparison(
            scenario.Name, scenario.Board.Clock, scenario.Duration.Cycles, new IdentityProof(untraced.Hash, unobserved), shifts);
    }

    private async Task<TwinRun> RunAsync(string name, Scenario scenario, bool observed)
    {
        context.Error.WriteLine($"{scenario.Name}, {name}");
        var progress = new RunProgress(context.Error, context.ErrorIsTerminal, scenario.Duration, scenario.Board.Clock);
        FinishedTwin twin;
        try
        {
            twin = await TwinRunner.RunAsync(name, scenario, observed, threads, progress, context.Stop);
        }
        finally
        {
            progress.Clear();
        }

        context.Stop.ThrowIfCancellationRequested();
        return twin.Outcome.Failure is null
            ? twin.Run
            : throw new CliFailureException($"{scenario.Name}, {name}: the run {twin.Outcome.Reason} (actortrace run tells more)");
    }

    private static Dictionary<string, ulong> DeadlinesOf(TwinRun run, CompareRequest request, ClockRates clock)
    {
        Dictionary<string, ulong> deadlines = Deadlines.OfRun(run.Source.Manifest).ToDictionary(d => d.Key, d => d.Value.ToCycles(clock), StringComparer.Ordinal);
        foreach ((string task, TimeQuantity time) in request.Deadlines)
        {
            deadlines[task] = time.ToCycles(clock);
        }

        return deadlines;
    }
}
