namespace ActorTrace.Traces.Timelines;

/// <summary>A trace as something to draw: lanes of slices and points over one axis of time. Made by <see cref="TimelineBuilder"/>.</summary>
/// <remarks>All times are nanoseconds on the trace's own clock (of a run: since the board was switched on).</remarks>
public sealed class Timeline
{
    /// <summary>The most events that a timeline is made from: what one page still shows at once.</summary>
    public const int MostEvents = 2_000_000;

    /// <summary>What it is of: a scenario's name or a file's.</summary>
    public required string Title { get; init; }

    /// <summary>The first instant.</summary>
    public required ulong Start { get; init; }

    /// <summary>The last instant; not before <see cref="Start"/>.</summary>
    public required ulong End { get; init; }

    /// <summary>How many events it was made from.</summary>
    public required long Events { get; init; }

    /// <summary>From top to bottom: each CPU and its interrupts, the hypervisor on each core, the tasks.</summary>
    public required IReadOnlyList<TimelineLane> Lanes { get; init; }

    /// <summary>What slices and points are called and how they look.</summary>
    public required IReadOnlyList<TimelineLabel> Labels { get; init; }

    /// <summary>Details of points and arrows, by <see cref="TimelinePoint.Detail"/>.</summary>
    public required IReadOnlyList<string> Details { get; init; }

    /// <summary>From hits to their log entries, in order of time; only a journal knows them.</summary>
    public required IReadOnlyList<TimelineArrow> Arrows { get; init; }

    /// <summary>The lane of a key, null where there is none.</summary>
    public TimelineLane? Find(string key) => Lanes.FirstOrDefault(lane => string.Equals(lane.Key, key, StringComparison.Ordinal));
}

/// <summary>The trace holds more events than a timeline is made from.</summary>
public sealed class TimelineTooLongException() : Exception(FormattableString.Invariant($"more than {Timeline.MostEvents} events"));
