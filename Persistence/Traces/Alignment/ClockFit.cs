namespace ActorTrace.Traces.Alignment;

/// <summary>An event that two logs have, with the time that each gives it.</summary>
/// <param name="Reference">In the log that the other is put beside.</param>
/// <param name="Own">In the other.</param>
public readonly record struct EventPair(ulong Reference, ulong Own);

/// <summary>How the clock of a log was fitted to another's by events that both have: least squares over the pairs.</summary>
/// <param name="Map">The fit.</param>
/// <param name="Pairs">How many pairs.</param>
/// <param name="DriftError">Standard error of the drift; NaN where it was not estimated.</param>
/// <param name="Residual">Root of the mean square of what is left between the pairs, nanoseconds.</param>
/// <param name="LargestResidual">The most that is left between a pair, nanoseconds.</param>
public sealed record ClockFit(ClockMap Map, int Pairs, double DriftError, double Residual, double LargestResidual)
{
    /// <summary>Clocks that run apart more than this are not clocks: the events are not the same.</summary>
    public const double MostDrift = 0.01;

    // Two points lie on a line whatever their error is.
    private const int FewestForDrift = 3;

    /// <summary>Whether there were pairs enough to estimate the drift.</summary>
    public bool HasDrift => !double.IsNaN(DriftError);

    /// <summary>Fits.</summary>
    /// <param name="pairs">At least one.</param>
    public static ClockFit Of(IReadOnlyList<EventPair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        if (pairs.Count == 0)
        {
            throw new ArgumentException("no pair", nameof(pairs));
        }

        ulong pivot = (ulong)Mean(pairs.Select(pair => (Int128)pair.Own), pairs.Count);
        Int128 offset = Mean(pairs.Select(pair => (Int128)pair.Reference - pair.Own), pairs.Count);
        (double squares, double products) = (0, 0);
        foreach (EventPair pair in pairs)
        {
            double x = (double)((Int128)pair.Own - pivot);
            squares += x * x;
            products += x * (double)((Int128)pair.Reference - pair.Own - offset);
        }

        bool estimates = pairs.Count >= FewestForDrift && squares > 0;
        var map = new ClockMap(offset, pivot, estimates ? products / squares : 0);
        double[] left = [.. pairs.Select(pair => (double)(pair.Reference - map.Map(pair.Own)))];
        double sum = left.Sum(error => error * error);
        return new ClockFit(
            map, pairs.Count, estimates ? Math.Sqrt(sum / (pairs.Count - 2) / squares) : double.NaN,
            Math.Sqrt(sum / pairs.Count), left.Max(Math.Abs));
    }

    /// <summary>The mean, rounded down.</summary>
    private static Int128 Mean(IEnumerable<Int128> values, int count)
    {
        Int128 sum = values.Aggregate(Int128.Zero, (total, value) => total + value);
        (Int128 quotient, Int128 rest) = Int128.DivRem(sum, count);
        return rest < 0 ? quotient - 1 : quotient;
    }
}
