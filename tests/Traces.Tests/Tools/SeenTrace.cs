namespace ActorTrace.Traces.Tests.Tools;

/// <summary>A task as a tool names it.</summary>
internal readonly record struct SeenTask(int Pid, string Comm, int Priority);

/// <summary>An event as a tool shows it.</summary>
/// <param name="Cpu">The CPU.</param>
/// <param name="At">Nanoseconds.</param>
/// <param name="Pid">The task that was current.</param>
/// <param name="Name">The event's name as the kernel has it.</param>
/// <param name="Detail">Its arguments, of events that have no record of their own here.</param>
internal record SeenEvent(int Cpu, ulong At, int Pid, string Name, string Detail = "");

/// <summary>sched_switch; State in letters.</summary>
internal sealed record SeenSwitch(int Cpu, ulong At, SeenTask Previous, string State, SeenTask Next)
    : SeenEvent(Cpu, At, Previous.Pid, "sched_switch");

/// <summary>sched_waking or sched_wakeup.</summary>
internal sealed record SeenWakeup(int Cpu, ulong At, int Pid, string Name, SeenTask Task, int Target) : SeenEvent(Cpu, At, Pid, Name);

/// <summary>sched_stat_runtime.</summary>
internal sealed record SeenRuntime(int Cpu, ulong At, int Pid, string Comm, ulong Nanoseconds) : SeenEvent(Cpu, At, Pid, "sched_stat_runtime");

/// <summary>What a tool shows of a trace, or what a journal holds.</summary>
/// <param name="Events">By time, those of one time by CPU; of one CPU and time in the order of the source.</param>
/// <param name="Groups">The thread groups of the tasks; null where the format has none.</param>
internal sealed record SeenTrace(IReadOnlyList<SeenEvent> Events, IReadOnlyDictionary<int, int>? Groups = null)
{
    public static SeenTrace Of(IEnumerable<SeenEvent> events, IReadOnlyDictionary<int, int>? groups = null) =>
        new([.. events.OrderBy(e => e.At).ThenBy(e => e.Cpu)], groups);

    public IEnumerable<SeenSwitch> Switches => Events.OfType<SeenSwitch>();

    /// <summary>Pids from 1 on that are the current task of an event.</summary>
    public IEnumerable<int> Tasks => Events.Select(e => e.Pid).Where(pid => pid != 0).Distinct();

    /// <summary>The same with earlier times put off to this one.</summary>
    public SeenTrace From(ulong nanoseconds) => Of(Events.Select(e => e with { At = Math.Max(e.At, nanoseconds) }), Groups);

    /// <summary>The same with times cut to whole units, as a coarser tool shows them.</summary>
    public SeenTrace InUnitsOf(ulong nanoseconds) => Of(Events.Select(e => e with { At = e.At / nanoseconds * nanoseconds }), Groups);
}
