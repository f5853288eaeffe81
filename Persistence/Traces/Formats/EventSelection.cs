namespace ActorTrace.Traces.Formats;

/// <summary>Which events of a run are replayed; all where nothing is set.</summary>
/// <param name="From">First instant, nanoseconds since the board was switched on.</param>
/// <param name="Until">The first instant that is too late, nanoseconds.</param>
/// <param name="Cpu">Only this CPU of the view.</param>
/// <param name="Task">Only what a task of this name does, and what is done to it: switches to it, its wake-ups.</param>
public sealed record EventSelection(ulong From = 0, ulong Until = ulong.MaxValue, int? Cpu = null, string? Task = null)
{
    /// <summary>Everything.</summary>
    public static EventSelection All { get; } = new();

    /// <summary>Whether an event belongs to it.</summary>
    public bool Selects(in TraceEvent candidate) =>
        SelectsPlace(candidate.Cpu, candidate.Nanoseconds) && (Task is null || Concerns(candidate, Task));

    /// <summary>Whether a loss at this place is shown: one of any task, as it is not known whose events are missing.</summary>
    public bool SelectsPlace(int cpu, ulong nanoseconds) =>
        nanoseconds >= From && nanoseconds < Until && (Cpu is null || Cpu == cpu);

    private static bool Concerns(in TraceEvent candidate, string task) =>
        string.Equals(candidate.Comm, task, StringComparison.Ordinal)
        || (ReferenceEquals(candidate.Type, EventCatalogue.SchedSwitch) && string.Equals(candidate.Text(1), task, StringComparison.Ordinal))
        || ((ReferenceEquals(candidate.Type, EventCatalogue.SchedWaking) || ReferenceEquals(candidate.Type, EventCatalogue.SchedWakeup))
            && string.Equals(candidate.Text(0), task, StringComparison.Ordinal));
}
