namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Finds the period of a task in the times between its releases, and how far each release is off it.</summary>
/// <remarks>
/// The candidate is the median of the first <see cref="Samples.Kept"/> times between releases. A time fits where it is not farther
/// from a multiple of the candidate than a quarter of it. There is a period where at least <see cref="Fewest"/> times, and 80 % of
/// all, fit; it is the mean over those that fit, each divided by its multiple. One release late by much, or one that was missed,
/// changes nothing in it.
/// </remarks>
internal sealed class PeriodFinder
{
    /// <summary>Times between releases that a period needs.</summary>
    public const int Fewest = 4;

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
            ulong nearest = Multiple(interval, period) * period;
            _jitter.Add(interval > nearest ? interval - nearest : nearest - interval);
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

        ulong[] fitting = [.. intervals.Where(interval => Fits(interval, candidate))];
        if (fitting.Length < Fewest || (long)fitting.Length * 5 < (long)intervals.Count * 4)
        {
            return null;
        }

        UInt128 time = 0;
        UInt128 periods = 0;
        foreach (ulong interval in fitting)
        {
            time += interval;
            periods += Multiple(interval, candidate);
        }

        return (ulong)((time + (periods / 2)) / periods);
    }

    private static bool Fits(ulong interval, ulong period)
    {
        ulong nearest = Multiple(interval, period) * period;
        return (interval > nearest ? interval - nearest : nearest - interval) <= period / 4;
    }

    /// <summary>The nearest multiple, at least 1.</summary>
    private static ulong Multiple(ulong interval, ulong period) => Math.Max((interval + (period / 2)) / period, 1);
}
