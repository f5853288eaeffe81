namespace ActorTrace.Traces.Analysis.Report;

/// <summary>How long something took, over all its observations; times in nanoseconds.</summary>
/// <remarks>
/// p50 and p99 are by nearest rank: the smallest value that at least so many per cent of the observations do not exceed. Count,
/// Min, Mean and Max are always exact; the percentiles and the bins' counts are where <see cref="IsExact"/> is true, else they are
/// at most 0.1 % too high.
/// </remarks>
/// <param name="Count">Observations.</param>
/// <param name="Min">Shortest; 0 where there is none.</param>
/// <param name="Mean">Mean, rounded down; 0 where there is none.</param>
/// <param name="P50">Median; 0 where there is none.</param>
/// <param name="P99">99th percentile; 0 where there is none.</param>
/// <param name="Max">Longest; 0 where there is none.</param>
/// <param name="IsExact">Whether every observation was kept.</param>
/// <param name="Bins">Histogram: in order, without overlap, each with at least one observation.</param>
public sealed record Distribution(
    ulong Count, ulong Min, ulong Mean, ulong P50, ulong P99, ulong Max, bool IsExact, IReadOnlyList<DistributionBin> Bins)
{
    /// <summary>No observation.</summary>
    public static Distribution None { get; } = new(0, 0, 0, 0, 0, 0, IsExact: true, []);
}

/// <summary>A bar of a histogram.</summary>
/// <param name="From">First time in it, nanoseconds.</param>
/// <param name="To">First time that is too long for it, nanoseconds.</param>
/// <param name="Count">Observations, at least 1.</param>
public sealed record DistributionBin(ulong From, ulong To, ulong Count);
