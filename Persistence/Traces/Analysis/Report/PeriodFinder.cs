namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Finds the period of a task in the times between its releases, and how far each release is off it.</summary>
/// <remarks>
/// The candidate is the median of the first <see cref="Samples.Kept"/> times between releases. A time fits where it is not farther
/// from a multiple of the candidate than a quarter of it. There is a period where at least <see cref="Fewest"/> times, and 80 % of
/// all, fit. It is the median over all stretches of a quarter of the releases: the time of a stretch by the sum of its multiples. A
/// release that is late or missing, and a shift of the phase, change nothing in it; what a kernel's tick rounds averages out.
/// </remarks>
internal sealed class PeriodFinder
{
    /// <summary>Times between releases that a period needs.</summary>
    public const int Fewest = 4;

    private const int StretchesOfAll = 4;

    private readonly Samples _jitter = new();
    private List<ulong>? _intervals = [];
    private ulong? _period;
    private ulong? _last;

    /// <summary>A release; not earlier than the one before.</summary>
    public void Release(ulong at)
    {
        if (_last is { } before)
        {
            Add(at - before);
        }

        _last = at;
    }

    /// <summary>Releases may be missing here.</summary>
    public void Break() => _last = null;

    /// <summary>What was found: the period, null where there is none, and the deviations.</summary>
    public (ulong? Period, Distribution Jitter) Result()
    {
        Decide();
        return (_period, _jitter.Distribution());
    }

    private void Add(ulong interval)
    {
        if (_intervals is null)
        {
            Deviate(interval);
            return;
        }

        _intervals.Add(interval);
        if (_intervals.Count == Samples.Kept)
        {
            Decide();
        }
    }

    private void Decide()
    {
        if (_intervals is not { } intervals)
        {
            return;
        }

        _period = Find(intervals);
        _intervals = null;
        intervals.ForEach(Deviate);
    }

    private void Deviate(ulong interval)
    {
        if (_period is { } period)
        {
            _jitter.Add(Deviation(interval, period));
        }
    }

    private static ulong? Find(List<ulong> intervals)
    {
        if (intervals.Count < Fewest)
        {
            return null;
        }

        ulong candidate = intervals.Order().ElementAt(intervals.Count / 2);
        if (candidate == 0)
        {
            return null;
        }

        int fitting = intervals.Count(interval => Fits(interval, candidate));
        return fitting < Fewest || (long)fitting * 5 < (long)intervals.Count * 4 ? null : OfStretches(intervals, candidate);
    }

    private static ulong OfStretches(List<ulong> intervals, ulong candidate)
    {
        // A release that is late by almost a period makes a time of two periods and one of none.
        ulong[] multiples = [.. intervals.Select(interval => Nearest(interval, candidate))];
        int length = intervals.Count / StretchesOfAll;
        UInt128 time = 0;
        UInt128 periods = 0;
        var found = new List<ulong>(intervals.Count);
        for (int i = 0; i < intervals.Count; i++)
        {
            time += intervals[i];
            periods += multiples[i];
            if (i >= length)
            {
                time -= intervals[i - length];
                periods -= multiples[i - length];
            }

            if (i >= length - 1 && periods > 0)
            {
                found.Add((ulong)((time + (periods / 2)) / periods));
            }
        }

        return Math.Max(found.Order().ElementAt(found.Count / 2), 1);
    }

    private static bool Fits(ulong interval, ulong period) => Deviation(interval, period) <= period / 4;

    /// <summary>How far a time is off the nearest multiple.</summary>
    private static ulong Deviation(ulong interval, ulong period)
    {
        ulong nearest = Multiple(interval, period) * period;
        return interval > nearest ? interval - nearest : nearest - interval;
    }

    /// <summary>The nearest multiple, at least 1.</summary>
    private static ulong Multiple(ulong interval, ulong period) => Math.Max(Nearest(interval, period), 1);

    private static ulong Nearest(ulong interval, ulong period) => (interval + (period / 2)) / period;
}
