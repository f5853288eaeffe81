using System.Globalization;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Spans;

/// <summary>What a step is as a span: the names of its event, and which step of its chain it is part of.</summary>
internal static class StepSpans
{
    // The nearest step of a chain that is there is the parent; where none is, the chain's first span.
    private static readonly Dictionary<StepKind, StepKind[]> Parents = new()
    {
        [StepKind.Route] = [StepKind.Trap],
        [StepKind.Resume] = [StepKind.Trap],
        [StepKind.PpiTake] = [StepKind.Trap],
        [StepKind.SgiTake] = [StepKind.SgiSend, StepKind.Trap],
        [StepKind.Extraction] = [StepKind.Route],
        [StepKind.DisplacedInstruction] = [StepKind.Route],
        [StepKind.Mmio] = [StepKind.Route],
        [StepKind.SystemRegister] = [StepKind.Route],
        [StepKind.Hypercall] = [StepKind.Route],
        [StepKind.GuestFault] = [StepKind.Route],
        [StepKind.VcpuSwitch] = [StepKind.Route],
        [StepKind.Command] = [StepKind.Mmio, StepKind.Route],
        [StepKind.Install] = [StepKind.SgiTake, StepKind.Command, StepKind.Route],
        [StepKind.Remove] = [StepKind.SgiTake, StepKind.Command, StepKind.Route],
        [StepKind.RingWrite] = [StepKind.Extraction],
        [StepKind.SgiSend] = [StepKind.RingWrite, StepKind.Command, StepKind.Route],
        [StepKind.Injection] = [StepKind.SgiTake, StepKind.SgiSend, StepKind.RingWrite, StepKind.Route],
        [StepKind.IsrEntry] = [StepKind.Injection],
        [StepKind.Drain] = [StepKind.IsrEntry],
        [StepKind.Conversion] = [StepKind.Drain],
        [StepKind.BufferWrite] = [StepKind.Conversion, StepKind.Drain],
    };

    /// <summary>The steps that one may be part of, the likeliest first.</summary>
    public static IReadOnlyList<StepKind> ParentsOf(StepKind step) => Parents.GetValueOrDefault(step, []);

    /// <summary>Whether a guest's own software did it, not the hypervisor.</summary>
    public static bool IsOfGuest(StepKind step) =>
        step is StepKind.DisplacedInstruction or StepKind.IsrEntry or StepKind.Drain or StepKind.Conversion or StepKind.BufferWrite;

    /// <summary>Its name, as the logs have it.</summary>
    public static string NameOf(StepKind step) => HypervisorEvents.OfStep(step)?.Name ?? "hyp_step";

    /// <summary>What is known of it.</summary>
    public static List<SpanAttribute> AttributesOf(StepRecord record)
    {
        List<SpanAttribute> attributes =
        [
            SpanAttribute.Of("core", record.Core.Index),
            SpanAttribute.Of("vcpu", record.Vcpu.Index),
            SpanAttribute.Of("cycles", (long)(record.End - record.Start)),
            SpanAttribute.Of("cost", record.Category.ToString()),
        ];
        if (record.Pc != 0)
        {
            attributes.Add(SpanAttribute.Of("pc", Hexadecimal(record.Pc)));
        }

        if (HypervisorEvents.DetailsOf(record.Step) is var (detail, detail2))
        {
            Add(attributes, detail, record.Detail);
            Add(attributes, detail2, record.Detail2);
        }

        return attributes;
    }

    /// <summary>0x and digits.</summary>
    public static string Hexadecimal(ulong value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");

    private static void Add(List<SpanAttribute> attributes, (string Name, bool IsHexadecimal) detail, ulong value) => attributes.Add(
        detail.IsHexadecimal ? SpanAttribute.Of(detail.Name, Hexadecimal(value)) : SpanAttribute.Of(detail.Name, (long)value));
}
