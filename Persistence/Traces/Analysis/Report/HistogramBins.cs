namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Divides observations into bars of round widths: 1, 2 or 5 times a power of ten.</summary>
/// <remarks>
/// Equal widths, at most about 20, where the longest time is less than 16 times the shortest; else bounds at 0, 1, 2, 5, 10, 20,
/// 50, ... so that rare long times do not hide how the short ones lie.
/// </remarks>
internal sealed class HistogramBins
{
    private const ulong MostLinear = 20;
    private const ulong WidestLinear = 16;

    private readonly SortedDictionary<ulong, DistributionBin> _bins = [];
    private readonly ulong _width;

    /// <summary>Empty bars for times from a shortest to a longest one.</summary>
    public HistogramBins(ulong min, ulong max) => _width = max / WidestLinear < Math.Max(min, 1) ? RoundUp(Math.Max((max - min) / MostLinear, 1)) : 0;

    /// <summary>Adds observations.</summary>
    public void Add(ulong value, ulong count)
    {
        (ulong from, ulong to) = _width > 0 ? (value / _width * _width, (value / _width * _width) + _width) : Logarithmic(value);
        _bins[from] = new DistributionBin(from, to, count + (_bins.TryGetValue(from, out DistributionBin? bin) ? bin.Count : 0));
    }

    /// <summary>The bars that hold something.</summary>
    public IReadOnlyList<DistributionBin> NotEmpty() => [.. _bins.Values];

    private static (ulong From, ulong To) Logarithmic(ulong value)
    {
        if (value == 0)
        {
            return (0, 1);
        }

        ulong decade = 1;
        while (value / decade >= 10)
        {
            decade *= 10;
        }

        return (value / decade) switch
        {
            1 => (decade, 2 * decade),
            < 5 => (2 * decade, 5 * decade),
            _ => (5 * decade, 10 * decade),
        };
    }

    /// <summary>The smallest round number that is not smaller.</summary>
    private static ulong RoundUp(ulong width)
    {
        (ulong from, ulong to) = Logarithmic(width);
        return from == width ? from : to;
    }
}
