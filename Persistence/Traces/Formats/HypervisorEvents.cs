using ActorTrace.Traces.Events;
using static ActorTrace.Traces.Formats.EventFields;

namespace ActorTrace.Traces.Formats;

/// <summary>The hypervisor's event types: pKVM's names where it has them, else one for each step.</summary>
public static class HypervisorEvents
{
    private const string System = "hyp";
    private const string Reason = "reason";
    private const ushort FirstStepId = 400;

    // guest, vcpu, pc, cycles stand in front of them.
    private const int FirstDetail = 4;

    /// <summary>A guest executed HVC.</summary>
    public static readonly EventType HostHcall = new(
        390, System, "host_hcall", EventCatalogue.InterruptsOff,
        [Number("unsigned int", "id", 4), Number("u32", "invalid", 4)],
        "\"id:%u invalid:%u\", REC->id, REC->invalid",
        "id:{id} invalid:{invalid}");

    /// <summary>A guest's access was aborted by stage 2.</summary>
    public static readonly EventType HostMemAbort = new(
        391, System, "host_mem_abort", EventCatalogue.InterruptsOff,
        [Number("u64", "esr", 8), Number("u64", "addr", 8)],
        "\"esr:0x%llx addr:0x%llx\", REC->esr, REC->addr",
        "esr:{esr:x} addr:{addr:x}");

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

    /// <summary>All of them, in order of their number.</summary>
    internal static readonly IReadOnlyList<EventType> All = [HostHcall, HostMemAbort, .. ByStep.OfType<EventType>()];

    /// <summary>A guest is left for the hypervisor.</summary>
    public static EventType Enter => ByStep[(int)StepKind.Trap]!;

    /// <summary>The hypervisor goes back to a guest.</summary>
    public static EventType Exit => ByStep[(int)StepKind.Resume]!;

    /// <summary>The type of a step's event; null for a step that this version does not know.</summary>
    public static EventType? OfStep(StepKind step) => (int)step < ByStep.Length ? ByStep[(int)step] : null;

    /// <summary>The two details of a step's event: its last fields but the reason.</summary>
    internal static (EventField First, EventField Second) DetailsOf(EventType stepType) =>
        (stepType.Fields[FirstDetail], stepType.Fields[FirstDetail + 1]);

    /// <summary>Why a guest was left, by name.</summary>
    /// <param name="syndrome">The HSR; a physical interrupt has none.</param>
    internal static string ReasonName(ulong syndrome)
    {
        ulong reason = EventSymbols.ReasonOf(syndrome);
        return Array.Find(EventSymbols.HypervisorReasons, known => known.Value == reason).Name ?? "UNKNOWN";
    }

    /// <summary>Whether a step's event says why the guest was left.</summary>
    internal static bool HasReason(StepKind step) => step is StepKind.Trap or StepKind.Resume;

    private static EventType?[] MakeSteps()
    {
        var types = new EventType?[Steps.Max(row => (int)row.Step) + 1];
        foreach ((StepKind step, string name, string detail, string detail2) in Steps)
        {
            types[(int)step] = MakeStep(step, name, detail, detail2);
        }

        return types;
    }

    private static EventType MakeStep(StepKind step, string name, string detail, string detail2)
    {
        string[] first = detail.Split(':');
        string[] second = detail2.Split(':');
        bool hasReason = HasReason(step);
        EventField[] reason = hasReason ? [Number("u32", Reason, 4) with { Symbols = EventSymbols.HypervisorReasons }] : [];
        return new EventType(
            (ushort)(FirstStepId + (int)step), System, name, EventCatalogue.InterruptsOff,
            [
                Number("u32", "guest", 4), Number("u32", "vcpu", 4), Number("u32", "pc", 4), Number("u64", "cycles", 8),
                Number("u64", first[0], 8), Number("u64", second[0], 8), .. reason,
            ],
            $"\"{(hasReason ? "reason=%s " : "")}guest=%u vcpu=%u pc=0x%x cycles=%llu {CFormat(first)} {CFormat(second)}\", "
            + (hasReason ? EventSymbols.Print(Reason, EventSymbols.HypervisorReasons) + ", " : "")
            + $"REC->guest, REC->vcpu, REC->pc, REC->cycles, REC->{first[0]}, REC->{second[0]}",
            (hasReason ? "reason={reason:symbol} " : "")
            + $"guest={{guest}} vcpu={{vcpu}} pc={{pc:x}} cycles={{cycles}} {first[0]}={{{detail}}} {second[0]}={{{detail2}}}");
    }

    private static string CFormat(string[] detail) =>
        string.Equals(detail[1], "x", StringComparison.Ordinal) ? $"{detail[0]}=0x%llx" : $"{detail[0]}=%llu";
}
