using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Alignment;

/// <summary>Where events of the catalogue name tasks and CPUs, beside the task and CPU that every event has.</summary>
internal static class EventParts
{
    private static readonly Dictionary<EventType, int[]> Pids = new()
    {
        [EventCatalogue.SchedSwitch] = [0, 3],
        [EventCatalogue.SchedWaking] = [0],
        [EventCatalogue.SchedWakeup] = [0],
        [EventCatalogue.SchedStatRuntime] = [0],
    };

    private static readonly Dictionary<EventType, int> Cpus = new()
    {
        [EventCatalogue.SchedWaking] = 2,
        [EventCatalogue.SchedWakeup] = 2,
        [EventCatalogue.CpuIdle] = 1,
    };

    /// <summary>The numeric arguments that are pids.</summary>
    public static int[] PidSlots(EventType type) => Pids.GetValueOrDefault(type, []);

    /// <summary>The numeric argument that is a CPU.</summary>
    public static int? CpuSlot(EventType type) => Cpus.TryGetValue(type, out int slot) ? slot : null;

    /// <summary>The numeric argument that is a mask of CPUs.</summary>
    public static int? MaskSlot(EventType type) => ReferenceEquals(type, EventCatalogue.IpiRaise) ? 0 : null;
}
