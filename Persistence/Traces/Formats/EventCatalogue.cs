using static ActorTrace.Traces.Formats.EventFields;

namespace ActorTrace.Traces.Formats;

/// <summary>Every event type that a view can hold: names, fields and print formats as Linux 6.x has them (tracefs events/*/format).</summary>
public static class EventCatalogue
{
    /// <summary>The kernel's fixed number of the print event.</summary>
    public const ushort PrintId = 5;

    /// <summary>The kernel function that trace_marker writes from; tools show its name in front of a marker.</summary>
    public const string MarkerFunction = "tracing_mark_write";

    // common_flags: TRACE_FLAG_IRQS_OFF, _HARDIRQ, _SOFTIRQ of the kernel.
    internal const byte InterruptsOff = 1;
    internal const byte HardInterrupt = 8;
    internal const byte SoftInterrupt = 16;
    private const int StateBits = 8;

    private const string HitFormat = "pc=0x%x caller=0x%x sp=0x%x stack=0x%x,0x%x,0x%x,0x%x";
    private const string HitArguments = "REC->pc, REC->caller, REC->sp, REC->stack0, REC->stack1, REC->stack2, REC->stack3";
    private const string HitText = "pc={pc:x} caller={caller:x} sp={sp:x} stack={stack0:x},{stack1:x},{stack2:x},{stack3:x}";

    /// <summary>The letters of prev_state's bits 0..7 (TASK_REPORT of the kernel's sched.h).</summary>
    internal const string StateLetters = "SDTtXZPI";

    private const string StateMask =
        "(((0x00000000 | 0x00000001 | 0x00000002 | 0x00000004 | 0x00000008 | 0x00000010 | 0x00000020 | 0x00000040) + 1) << 1)";

    /// <summary>A line that a task wrote to trace_marker.</summary>
    public static readonly EventType Print = new(
        PrintId, "ftrace", "print", 0,
        [Number("unsigned long", "ip", 8), new EventField("char", "buf", FieldKind.TailText, 0, Signed: false)],
        "\"%ps: %s\", (void *)REC->ip, REC->buf",
        "{buf}");

    /// <summary>A context switch.</summary>
    public static readonly EventType SchedSwitch = new(
        310, "sched", "sched_switch", InterruptsOff,
        [
            Comm("prev_comm"), Signed("pid_t", "prev_pid", 4), Signed("int", "prev_prio", 4), Signed("long", "prev_state", 8),
            Comm("next_comm"), Signed("pid_t", "next_pid", 4), Signed("int", "next_prio", 4),
        ],
        "\"prev_comm=%s prev_pid=%d prev_prio=%d prev_state=%s%s ==> next_comm=%s next_pid=%d next_prio=%d\", "
        + $"REC->prev_comm, REC->prev_pid, REC->prev_prio, (REC->prev_state & ({StateMask} - 1)) ? "
        + $"__print_flags(REC->prev_state & ({StateMask} - 1), \"|\", {StateFlags()}) : \"R\", "
        + $"REC->prev_state & {StateMask} ? \"+\" : \"\", REC->next_comm, REC->next_pid, REC->next_prio",
        "prev_comm={prev_comm} prev_pid={prev_pid} prev_prio={prev_prio} prev_state={prev_state:state}"
        + " ==> next_comm={next_comm} next_pid={next_pid} next_prio={next_prio}");

    /// <summary>A task is being made runnable.</summary>
    public static readonly EventType SchedWaking = Wake(311, "sched_waking");

    /// <summary>A task was made runnable.</summary>
    public static readonly EventType SchedWakeup = Wake(312, "sched_wakeup");

    /// <summary>CPU time of the task that is switched out.</summary>
    public static readonly EventType SchedStatRuntime = new(
        313, "sched", "sched_stat_runtime", InterruptsOff,
        [Comm("comm"), Signed("pid_t", "pid", 4), Number("u64", "runtime", 8)],
        "\"comm=%s pid=%d runtime=%Lu [ns]\", REC->comm, REC->pid, (unsigned long long)REC->runtime",
        "comm={comm} pid={pid} runtime={runtime} [ns]");

    /// <summary>An interrupt handler begins.</summary>
    public static readonly EventType IrqHandlerEntry = new(
        320, "irq", "irq_handler_entry", InterruptsOff | HardInterrupt,
        [Signed("int", "irq", 4), DynamicText("name")],
        "\"irq=%d name=%s\", REC->irq, __get_str(name)",
        "irq={irq} name={name}");

    /// <summary>An interrupt handler ends.</summary>
    public static readonly EventType IrqHandlerExit = new(
        321, "irq", "irq_handler_exit", InterruptsOff | HardInterrupt,
        [Signed("int", "irq", 4), Signed("int", "ret", 4)],
        "\"irq=%d ret=%s\", REC->irq, REC->ret ? \"handled\" : \"unhandled\"",
        "irq={irq} ret={ret:handled}");

    /// <summary>A probe on a function of a guest was reached, where the run has too many places for a type each (<see cref="EventTypes"/>).</summary>
    public static readonly EventType ProbeHit = new(
        380, "rtos", "probe_hit", 0,
        [DynamicText("symbol"), .. HitFields()],
        $"\"symbol=%s {HitFormat}\", __get_str(symbol), {HitArguments}",
        "symbol={symbol} " + HitText);

    /// <summary>A function of a guest came back.</summary>
    public static readonly EventType ProbeReturn = new(
        381, "rtos", "probe_return", 0,
        [
            DynamicText("symbol"), Number("u32", "pc", 4), Number("u32", "function", 4), Number("u32", "sp", 4), Number("u64", "duration", 8),
        ],
        "\"symbol=%s pc=0x%x function=0x%x sp=0x%x duration=%llu [ns]\", "
        + "__get_str(symbol), REC->pc, REC->function, REC->sp, (unsigned long long)REC->duration",
        "symbol={symbol} pc={pc:x} function={function:x} sp={sp:x} duration={duration} [ns]");

    /// <summary>A softirq is asked for.</summary>
    public static readonly EventType SoftirqRaise = Softirq(322, "softirq_raise", InterruptsOff);

    /// <summary>A softirq's handler begins.</summary>
    public static readonly EventType SoftirqEntry = Softirq(323, "softirq_entry", SoftInterrupt);

    /// <summary>A softirq's handler ends.</summary>
    public static readonly EventType SoftirqExit = Softirq(324, "softirq_exit", SoftInterrupt);

    /// <summary>An interrupt is sent to other CPUs.</summary>
    public static readonly EventType IpiRaise = new(
        330, "ipi", "ipi_raise", InterruptsOff,
        [new EventField("__data_loc unsigned long[]", "target_cpus", FieldKind.Bitmask, sizeof(uint), Signed: false), StaticText("reason")],
        "\"target_mask=%s (%s)\", __get_bitmask(target_cpus), REC->reason",
        "target_mask={target_cpus:mask} ({reason})");

    /// <summary>The handler of an interrupt from another CPU begins.</summary>
    public static readonly EventType IpiEntry = Ipi(331, "ipi_entry");

    /// <summary>The handler of an interrupt from another CPU ends.</summary>
    public static readonly EventType IpiExit = Ipi(332, "ipi_exit");

    /// <summary>A CPU goes to rest, or comes back (state 4294967295).</summary>
    public static readonly EventType CpuIdle = new(
        340, "power", "cpu_idle", InterruptsOff,
        [Number("u32", "state", 4), Number("u32", "cpu_id", 4)],
        "\"state=%lu cpu_id=%lu\", (unsigned long)REC->state, (unsigned long)REC->cpu_id",
        "state={state} cpu_id={cpu_id}");

    /// <summary>An event of an imported trace, where there are too many kinds for a type each.</summary>
    public static readonly EventType ForeignEvent = Foreign(382, "imported", "event");

    /// <summary>All types in order of their number.</summary>
    public static readonly IReadOnlyList<EventType> All =
    [
        Print, SchedSwitch, SchedWaking, SchedWakeup, SchedStatRuntime, IrqHandlerEntry, IrqHandlerExit,
        SoftirqRaise, SoftirqEntry, SoftirqExit, IpiRaise, IpiEntry, IpiExit, CpuIdle, ProbeHit, ProbeReturn, ForeignEvent,
        .. HypervisorEvents.All,
    ];

    private static readonly Dictionary<(string System, string Name), EventType> ByName = All.ToDictionary(type => (type.System, type.Name));

    /// <summary>The type of a system and name; null where the catalogue has none.</summary>
    internal static EventType? Find(string system, string name) => ByName.GetValueOrDefault((system, name));

    /// <summary>The type of hits at one place: rtos:NAME.</summary>
    internal static EventType Hit(ushort id, string name) => new(
        id, "rtos", name, 0,
        HitFields(),
        $"\"{HitFormat}\", {HitArguments}",
        HitText);

    /// <summary>The type of returns from one function: rtos:NAME.</summary>
    internal static EventType Return(ushort id, string name) => new(
        id, "rtos", name, 0,
        [Number("u32", "pc", 4), Number("u32", "function", 4), Number("u32", "sp", 4), Number("u64", "duration", 8)],
        "\"pc=0x%x function=0x%x sp=0x%x duration=%llu [ns]\", REC->pc, REC->function, REC->sp, (unsigned long long)REC->duration",
        "pc={pc:x} function={function:x} sp={sp:x} duration={duration} [ns]");

    /// <summary>The type of an event that the catalogue does not have: its fields are one text.</summary>
    internal static EventType Foreign(ushort id, string system, string name) => new(
        id, system, name, 0, [DynamicText("fields")], "\"%s\", __get_str(fields)", "{fields}");

    private static EventField[] HitFields() =>
    [
        Number("u32", "pc", 4), Number("u32", "caller", 4), Number("u32", "sp", 4),
        Number("u32", "stack0", 4), Number("u32", "stack1", 4), Number("u32", "stack2", 4), Number("u32", "stack3", 4),
    ];

    private static EventType Softirq(ushort id, string name, byte flags) => new(
        id, "irq", name, flags,
        [Number("unsigned int", "vec", 4) with { Symbols = EventSymbols.Softirqs }],
        $"\"vec=%u [action=%s]\", REC->vec, {EventSymbols.Print("vec", EventSymbols.Softirqs)}",
        "vec={vec} [action={vec:symbol}]");

    private static EventType Ipi(ushort id, string name) => new(
        id, "ipi", name, InterruptsOff | HardInterrupt, [StaticText("reason")], "\"(%s)\", REC->reason", "({reason})");

    private static EventType Wake(ushort id, string name) => new(
        id, "sched", name, InterruptsOff,
        [Comm("comm"), Signed("pid_t", "pid", 4), Signed("int", "prio", 4), Signed("int", "target_cpu", 4)],
        "\"comm=%s pid=%d prio=%d target_cpu=%03d\", REC->comm, REC->pid, REC->prio, REC->target_cpu",
        "comm={comm} pid={pid} prio={prio} target_cpu={target_cpu:3}");

    private static string StateFlags() => string.Join(
        ", ", Enumerable.Range(0, StateBits).Select(bit => $"{{ 0x{1 << bit:x8}, \"{StateLetters[bit]}\" }}"));
}
