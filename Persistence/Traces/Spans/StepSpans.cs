using System.Globalization;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Spans;

/// <summary>What a step is as a span: the names of its event, and which step of its chain it is part of.</summary>
public static class StepSpans
{
    // core, vcpu, cycles, cost.
    private const int Always = 4;

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

    // What is the same for every step of a kind; null for a step that this version does not know.
    private static readonly StepNames?[] Names = [.. Enumerable.Range(0, byte.MaxValue + 1).Select(step => StepNames.Of((StepKind)step))];

    private static readonly string[] Costs = [.. Enumerable.Range(0, byte.MaxValue + 1).Select(cost => ((CostCategory)cost).ToString())];

    /// <summary>Its name, as the logs have it.</summary>
    public static string NameOf(StepKind step) => Names[(int)step]?.Name ?? "hyp_step";

    /// <summary>What is known of it.</summary>
    public static SpanAttribute[] AttributesOf(StepRecord record)
    {
        StepNames? names = Names[(int)record.Step];
        int next = 0;
        var attributes = new SpanAttribute[Always + (record.Pc != 0 ? 1 : 0) + (names is null ? 0 : 2)];
        attributes[next++] = SpanAttribute.Of("core", record.Core.Index);
        attributes[next++] = SpanAttribute.Of("vcpu", record.Vcpu.Index);
        attributes[next++] = SpanAttribute.Of("cycles", (long)(record.End - record.Start));
        attributes[next++] = SpanAttribute.Of("cost", Costs[(int)record.Category]);
        if (record.Pc != 0)
        {
            attributes[next++] = SpanAttribute.Of("pc", Hexadecimal(record.Pc));
        }

        if (names is not null)
        {
            attributes[next++] = names.First.Of(record.Detail);
            attributes[next] = names.Second.Of(record.Detail2);
        }

        return attributes;
    }

    /// <summary>0x and digits.</summary>
    public static string Hexadecimal(ulong value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:x}");

    private sealed record StepNames(string Name, Detail First, Detail Second)
    {
        public static StepNames? Of(StepKind step)
        {
            if (HypervisorEvents.OfStep(step) is not { } type)
            {
                return null;
            }

            (EventField first, EventField second) = HypervisorEvents.DetailsOf(type);
            return new StepNames(type.Name, Detail.Of(type, first), Detail.Of(type, second));
        }
    }

    private sealed record Detail(string Name, bool IsHexadecimal)
    {
        public static Detail Of(EventType type, EventField field) =>
            new(field.Name, type.Pieces.Any(piece => piece.Field == field && piece.Style == FieldStyle.Hexadecimal));

        public SpanAttribute Of(ulong value) =>
            IsHexadecimal ? SpanAttribute.Of(Name, Hexadecimal(value)) : SpanAttribute.Of(Name, (long)value);
    }
}
