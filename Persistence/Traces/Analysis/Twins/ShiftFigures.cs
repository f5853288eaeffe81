namespace ActorTrace.Traces.Analysis.Twins;

/// <summary>By how much a time differs between twins, traced minus untraced, over all jobs; in cycles, exact.</summary>
/// <param name="Count">Jobs compared.</param>
/// <param name="Changed">Of these, those whose time is another.</param>
/// <param name="Min">The smallest shift; negative where the traced one was shorter. 0 where there is no job.</param>
/// <param name="Sum">All shifts added.</param>
/// <param name="P50">Median by nearest rank.</param>
/// <param name="P99">99th percentile by nearest rank.</param>
/// <param name="Max">The largest shift.</param>
/// <param name="Bins">Histogram: bins of equal width in order, those without a job left out.</param>
public sealed record ShiftFigures(int Count, int Changed, long Min, long Sum, long P50, long P99, long Max, IReadOnlyList<ShiftBin> Bins)
{
    private const int MostBins = 20;

    /// <summary>The mean; 0 where there is no job.</summary>
    public double Mean => Count == 0 ? 0 : (double)Sum / Count;

    /// <summary>The figures of some shifts.</summary>
    public static ShiftFigures Of(IEnumerable<long> shifts)
    {
        long[] sorted = [.. shifts.Order()];
        return sorted.Length == 0
            ? new ShiftFigures(0, 0, 0, 0, 0, 0, 0, [])
            : new ShiftFigures(
                sorted.Length, sorted.Count(shift => shift != 0), sorted[0], sorted.Sum(), Rank(sorted, 50), Rank(sorted, 99), sorted[^1], Histogram(sorted));
    }

    private static long Rank(long[] sorted, int percent) => sorted[(((long)sorted.Length * percent) + 99) / 100 - 1];

    private static ShiftBin[] Histogram(long[] sorted)
    {
        long width = ((sorted[^1] - sorted[0]) / MostBins) + 1;
        return [.. sorted.GroupBy(shift => (shift - sorted[0]) / width)
            .Select(bin => new ShiftBin(sorted[0] + (bin.Key * width), sorted[0] + ((bin.Key + 1) * width), bin.Count()))];
    }
}

/// <summary>A bar of a histogram of shifts.</summary>
/// <param name="From">The smallest shift in it, cycles.</param>
/// <param name="To">The first that is too large for it.</param>
/// <param name="Count">Jobs, at least 1.</param>
public sealed record ShiftBin(long From, long To, int Count);
