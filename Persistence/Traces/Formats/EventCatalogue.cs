using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Formats;

/// <summary>Every event type that a view can hold: names, fields and print formats as Linux 6.x has them (tracefs events/*/format).</summary>
public static class EventCatalogue
{
    /// <summary>The kernel's fixed number of the print event.</summary>
    public const ushort PrintId = 5;

    /// <summary>The kernel function that trace_marker writes from; tools show its name in front of a marker.</summary>
    public const string MarkerFunction = "tracing_mark_write";

    private const byte InterruptsOff = 1;
    private const byte HardInterrupt = 8;
    private const int StateBits = 8;
    private const ushort FirstStepId = 400;

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

    /// <summary>A probe on a function of a guest was reached.</summary>
    public static readonly EventType ProbeHit = new(
        380, "rtos", "probe_hit", 0,
        [DynamicText("symbol"), Number("u32", "pc", 4), Number("u32", "caller", 4), Number("u32", "sp", 4)],
        "\"symbol=%s pc=0x%x caller=0x%x sp=0x%x\", __get_str(symbol), REC->pc, REC->caller, REC->sp",
        "symbol={symbol} pc={pc:x} caller={caller:x} sp={sp:x}");

    /// <summary>A function of a guest came back.</summary>
    public static readonly EventType ProbeReturn = new(
        381, "rtos", "probe_return", 0,
        [
            DynamicText("symbol"), Number("u32", "pc", 4), Number("u32", "function", 4), Number("u32", "sp", 4), Number("u64", "duration", 8),
        ],
        "\"symbol=%s pc=0x%x function=0x%x sp=0x%x duration=%llu [ns]\", "
        + "__get_str(symbol), REC->pc, REC->function, REC->sp, (unsigned long long)REC->duration",
        "symbol={symbol} pc={pc:x} function={function:x} sp={sp:x} duration={duration} [ns]");

    // Name of the event and of its two details for each step of the hypervisor; d or x = how the detail is shown.
    private static readonly (StepKind Step, string Name, string Detail, string Detail2)[] Steps =
    [
        (StepKind.Trap, "hyp_enter", "hsr:x", "fault:x"),
        (StepKind.Route, "hyp_route", "class:x", "detail2:x"),
        (StepKind.DisplacedInstruction, "hyp_displaced", "instruction:x", "probe:d"),
        (StepKind.Extraction, "hyp_extract", "probe:d", "words:d"),
        (StepKind.RingWrite, "hyp_ring_write", "sequence:d", "overrun:d"),
        (StepKind.SgiSend, "hyp_sgi_send", "sgi:d", "target:d"),
        (StepKind.SgiTake, "hyp_sgi_take", "sgi:d", "source:d"),
        (StepKind.Injection, "hyp_inject", "irq:d", "queued:d"),
        (StepKind.IsrEntry, "hyp_trace_isr", "irq:d", "detail2:x"),
        (StepKind.Drain, "hyp_drain", "ring:d", "records:d"),
        (StepKind.Conversion, "hyp_convert", "ring:d", "sequence:d"),
        (StepKind.BufferWrite, "hyp_buffer_write", "lane:d", "records:d"),
        (StepKind.VcpuSwitch, "hyp_vcpu_switch", "previous:d", "reason:d"),
        (StepKind.Install, "hyp_install", "probe:d", "pa:x"),
        (StepKind.Remove, "hyp_remove", "probe:d", "pa:x"),
        (StepKind.Mmio, "hyp_mmio", "ipa:x", "value:x"),
        (StepKind.SystemRegister, "hyp_sysreg", "hsr:x", "value:x"),
        (StepKind.PpiTake, "hyp_ppi_take", "irq:d", "detail2:x"),
        (StepKind.Resume, "hyp_exit", "address:x", "detail2:x"),
        (StepKind.Hypercall, "hyp_hypercall", "immediate:x", "detail2:x"),
        (StepKind.GuestFault, "hyp_guest_fault", "hsr:x", "fault:x"),
        (StepKind.Command, "hyp_command", "command:d", "status:d"),
    ];

    private static readonly EventType?[] ByStep = MakeSteps();

    /// <summary>All types in order of their number.</summary>
    public static readonly IReadOnlyList<EventType> All =
    [
        Print, SchedSwitch, SchedWaking, SchedWakeup, SchedStatRuntime, IrqHandlerEntry, IrqHandlerExit, ProbeHit, ProbeReturn,
        .. ByStep.OfType<EventType>(),
    ];

    /// <summary>The type of a step's event; null for a step that this version does not know.</summary>
    public static EventType? OfStep(StepKind step) => (int)step < ByStep.Length ? ByStep[(int)step] : null;

    private static EventType?[] MakeSteps()
    {
        var types = new EventType?[Steps.Max(row => (int)row.Step) + 1];
        foreach ((StepKind step, string name, string detail, string detail2) in Steps)
        {
            string[] first = detail.Split(':');
            string[] second = detail2.Split(':');
            types[(int)step] = new EventType(
                (ushort)(FirstStepId + (int)step), "hyp", name, InterruptsOff,
                [
                    Number("u32", "guest", 4), Number("u32", "vcpu", 4), Number("u32", "pc", 4), Number("u64", "cycles", 8),
                    Number("u64", first[0], 8), Number("u64", second[0], 8),
                ],
                $"\"guest=%u vcpu=%u pc=0x%x cycles=%llu {CFormat(first)} {CFormat(second)}\", "
                + $"REC->guest, REC->vcpu, REC->pc, REC->cycles, REC->{first[0]}, REC->{second[0]}",
                $"guest={{guest}} vcpu={{vcpu}} pc={{pc:x}} cycles={{cycles}} {first[0]}={{{detail}}} {second[0]}={{{detail2}}}");
        }

        return types;
    }

    private static string CFormat(string[] detail) =>
        string.Equals(detail[1], "x", StringComparison.Ordinal) ? $"{detail[0]}=0x%llx" : $"{detail[0]}=%llu";

    private static EventType Wake(ushort id, string name) => new(
        id, "sched", name, InterruptsOff,
        [Comm("comm"), Signed("pid_t", "pid", 4), Signed("int", "prio", 4), Signed("int", "target_cpu", 4)],
        "\"comm=%s pid=%d prio=%d target_cpu=%03d\", REC->comm, REC->pid, REC->prio, REC->target_cpu",
        "comm={comm} pid={pid} prio={prio} target_cpu={target_cpu:3}");

    private static string StateFlags() => string.Join(
        ", ", Enumerable.Range(0, StateBits).Select(bit => $"{{ 0x{1 << bit:x8}, \"{StateLetters[bit]}\" }}"));

    private static EventField Number(string type, string name, int size) => new(type, name, FieldKind.Number, size, Signed: false);

    private static EventField Signed(string type, string name, int size) => new(type, name, FieldKind.Number, size, Signed: true);

    private static EventField Comm(string name) => new("char", name, FieldKind.Comm, 16, Signed: false);

    private static EventField DynamicText(string name) => new("__data_loc char[]", name, FieldKind.DynamicText, sizeof(uint), Signed: false);
}
