using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Timelines;

/// <summary>What an event does to a timeline.</summary>
internal enum EventRole
{
    /// <summary>Nothing: another event says the same.</summary>
    None,

    /// <summary>A context switch.</summary>
    Switch,

    /// <summary>A task becomes runnable.</summary>
    Wakeup,

    /// <summary>An interrupt handler begins.</summary>
    HandlerEntry,

    /// <summary>An interrupt handler ends.</summary>
    HandlerExit,

    /// <summary>A guest is left for the hypervisor.</summary>
    HypervisorEntry,

    /// <summary>The hypervisor goes back to a guest.</summary>
    HypervisorExit,

    /// <summary>A step of the hypervisor's: a point on its lane.</summary>
    HypervisorStep,

    /// <summary>A point on the CPU's lane.</summary>
    Point,
}

/// <summary>The roles of event types; one of no role here is a point.</summary>
internal static class EventRoles
{
    private static readonly Dictionary<string, EventRole> ByName = new(StringComparer.Ordinal)
    {
        ["sched:sched_switch"] = EventRole.Switch,
        ["sched:sched_wakeup"] = EventRole.Wakeup,
        ["sched:sched_wakeup_new"] = EventRole.Wakeup,
        ["sched:sched_waking"] = EventRole.None,        // sched_wakeup follows
        ["sched:sched_stat_runtime"] = EventRole.None,  // the switch says when
        ["power:cpu_idle"] = EventRole.None,            // idle is a task
        ["irq:irq_handler_entry"] = EventRole.HandlerEntry,
        ["irq:irq_handler_exit"] = EventRole.HandlerExit,
        ["irq:softirq_entry"] = EventRole.HandlerEntry,
        ["irq:softirq_exit"] = EventRole.HandlerExit,
        ["ipi:ipi_entry"] = EventRole.HandlerEntry,
        ["ipi:ipi_exit"] = EventRole.HandlerExit,
        ["hyp:hyp_enter"] = EventRole.HypervisorEntry,
        ["hyp:hyp_exit"] = EventRole.HypervisorExit,
    };

    /// <summary>The role of a type.</summary>
    public static EventRole Of(EventType type) =>
        ByName.TryGetValue(type.System + ":" + type.Name, out EventRole role) ? role
        : IsHypervisor(type) ? EventRole.HypervisorStep
        : EventRole.Point;

    /// <summary>How a point of a type looks.</summary>
    public static LabelStyle StyleOf(EventType type) => type switch
    {
        { System: "hyp", Name: "hyp_install" or "hyp_remove" } => LabelStyle.Probe,
        { System: "hyp" } => LabelStyle.Step,
        { System: "rtos" } => LabelStyle.Hit,
        { Id: EventCatalogue.PrintId } => LabelStyle.Marker,
        _ => LabelStyle.Other,
    };

    /// <summary>Whether its events belong to the hypervisor's lanes.</summary>
    public static bool IsHypervisor(EventType type) => string.Equals(type.System, "hyp", StringComparison.Ordinal);
}
