namespace ActorTrace.Traces.Formats.Ctf;

/// <summary>What LTTng calls the fields of our events, and how it counts priorities.</summary>
internal static class CtfNames
{
    /// <summary>LTTng's tid is the kernel's pid.</summary>
    private static readonly Dictionary<string, string> Tasks = new(StringComparer.Ordinal)
    {
        ["pid"] = "tid",
        ["prev_pid"] = "prev_tid",
        ["next_pid"] = "next_tid",
    };

    private static readonly Dictionary<EventType, string> Renamed = new()
    {
        [EventCatalogue.SoftirqRaise] = "irq_softirq_raise",
        [EventCatalogue.SoftirqEntry] = "irq_softirq_entry",
        [EventCatalogue.SoftirqExit] = "irq_softirq_exit",
        [EventCatalogue.CpuIdle] = "power_cpu_idle",
    };

    private static readonly HashSet<string> Priorities = new(["prio", "prev_prio", "next_prio"], StringComparer.Ordinal);

    /// <summary>The event's name in the trace.</summary>
    public static string Of(EventType type) => Renamed.GetValueOrDefault(type, type.Name);

    /// <summary>The field's name in the trace: fields of a payload begin with an underscore.</summary>
    public static string Of(EventType type, EventField field) =>
        "_" + (IsScheduler(type) && Tasks.TryGetValue(field.Name, out string? name) ? name : field.Name);

    /// <summary>What is subtracted from a value: LTTng's priorities of normal tasks are 0 to 39, of real-time ones negative.</summary>
    public static ulong Bias(EventType type, EventField field) => IsScheduler(type) && Priorities.Contains(field.Name) ? 100u : 0;

    private static bool IsScheduler(EventType type) => string.Equals(type.System, "sched", StringComparison.Ordinal);
}
