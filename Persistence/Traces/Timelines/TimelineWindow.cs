namespace ActorTrace.Traces.Timelines;

/// <summary>The part of a trace that is drawn.</summary>
/// <param name="From">First instant, nanoseconds.</param>
/// <param name="Until">The first instant that is too late, nanoseconds.</param>
public readonly record struct TimelineWindow(ulong From, ulong Until)
{
    /// <summary>Everything.</summary>
    public static TimelineWindow All => new(0, ulong.MaxValue);

    /// <summary>Whether an instant belongs to it.</summary>
    public bool Contains(ulong at) => at >= From && at < Until;

    /// <summary>Adds what of a slice belongs to it.</summary>
    internal void Slice(TimelineLane lane, ulong start, ulong end, int label)
    {
        if (start < Until && (end > From || (end == start && start == From)))
        {
            lane.Add(new TimelineSlice(Math.Max(start, From), Math.Min(end, Until), label));
        }
    }

    /// <summary>Adds a point if it belongs to it.</summary>
    internal void Point(TimelineLane lane, in TimelinePoint point)
    {
        if (Contains(point.At))
        {
            lane.Add(point);
        }
    }
}
