using ActorTrace.Hosting.Cli;

namespace ActorTrace.Hosting.Validation;

/// <summary>Measures every published figure in the simulation.</summary>
internal static class Validator
{
    /// <summary>Runs the guests that measure and puts their figures beside the published ones.</summary>
    /// <param name="figures">The published figures.</param>
    /// <param name="thresholds">How they are judged.</param>
    /// <param name="stop">Ends the runs.</param>
    public static async Task<IReadOnlyList<ValidationRow>> RunAsync(IReadOnlyList<PublishedFigure> figures, Thresholds thresholds, CancellationToken stop)
    {
        var runs = new Dictionary<string, GuestMeasurements>(StringComparer.Ordinal);
        foreach (string scenario in figures.Select(f => f.Scenario).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            runs[scenario] = await GuestMeasurements.RunAsync(scenario, stop);
        }

        return [.. figures.Select(figure => new ValidationRow(figure, Ours(figure, runs), thresholds.Of(figure.Kind)))];
    }

    private static double? Ours(PublishedFigure figure, Dictionary<string, GuestMeasurements> runs)
    {
        if (figure is not { Scenario: { } scenario, Measurement: { } measurement })
        {
            return null;
        }

        GuestMeasurements run = runs[scenario];
        double cycles = Cycles(run, scenario, measurement) - (figure.Without is { } without ? Cycles(run, scenario, without) : 0);
        return figure.Unit == FigureUnit.Cycles ? cycles : cycles / run.Scenario.Board.Clock.CoreHz * 1e6;
    }

    private static double Cycles(GuestMeasurements run, string scenario, string measurement) =>
        run.Cycles.TryGetValue(measurement, out double cycles)
            ? cycles
            : throw new CliFailureException($"{scenario}: the guest printed no measurement '{measurement}' (please report it)");
}
