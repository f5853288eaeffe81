namespace ActorTrace.Traces.Formats.Perfetto;

/// <summary>The messages of FtraceEvent that Perfetto has for our types; what has none becomes a generic event.</summary>
/// <remarks>
/// Field numbers of protos/perfetto/trace/ftrace. For each type the field of FtraceEvent, then the number of each of the type's fields
/// in the message, 0 for one that it does not have.
/// </remarks>
internal static class PerfettoEvents
{
    private const int Generic = 327;
    private const int GenericName = 1;
    private const int GenericField = 2;
    private const int FieldName = 1;
    private const int FieldText = 3;
    private const int FieldInteger = 4;
    private const int FieldUnsigned = 5;
    private const int PrintText = 2;

    private static readonly Dictionary<EventType, (int Message, int[] Fields)> Known = new()
    {
        [EventCatalogue.SchedSwitch] = (4, [1, 2, 3, 4, 5, 6, 7]),
        [EventCatalogue.SchedWakeup] = (17, [1, 2, 3, 5]),
        [EventCatalogue.SchedWaking] = (20, [1, 2, 3, 5]),
        [EventCatalogue.IrqHandlerEntry] = (36, [1, 2]),
        [EventCatalogue.IrqHandlerExit] = (37, [1, 2]),
        [EventCatalogue.SoftirqEntry] = (24, [1]),
        [EventCatalogue.SoftirqExit] = (25, [1]),
        [EventCatalogue.SoftirqRaise] = (26, [1]),
        [EventCatalogue.IpiEntry] = (21, [1]),
        [EventCatalogue.IpiExit] = (22, [1]),
        [EventCatalogue.IpiRaise] = (23, [1, 2]),
        [EventCatalogue.CpuIdle] = (13, [1, 2]),

        // Entry and exit of the hypervisor are messages without fields, drawn as a track of their own.
        [HypervisorEvents.Enter] = (476, []),
        [HypervisorEvents.Exit] = (477, []),
        [HypervisorEvents.HostHcall] = (478, [1, 2]),
        [HypervisorEvents.HostMemAbort] = (480, [1, 2]),
    };

    /// <summary>Puts the message of an event into its FtraceEvent.</summary>
    public static void Write(ProtoBuffer output, in TraceEvent next)
    {
        if (ReferenceEquals(next.Type, EventCatalogue.Print))
        {
            int print = output.Begin(3);
            output.Text(PrintText, Marker(next));
            output.End(print);
        }
        else if (Known.TryGetValue(next.Type, out (int Message, int[] Fields) known))
        {
            int message = output.Begin(known.Message);
            for (int i = 0; i < known.Fields.Length; i++)
            {
                Field(output, next, next.Type.Fields[i], known.Fields[i]);
            }

            output.End(message);
        }
        else
        {
            WriteGeneric(output, next);
        }
    }

    /// <summary>A marker that is no atrace command (a letter and a stroke) is an instant of its task: other text counts as damaged.</summary>
    private static string Marker(in TraceEvent next)
    {
        string text = next.Text(0);
        bool command = text.Length >= 2 && "BESFCIN".Contains(text[0], StringComparison.Ordinal) && text[1] == '|';
        return command ? text : $"I|{Math.Max(next.Tgid, next.Pid)}|{text}";
    }

    private static void Field(ProtoBuffer output, in TraceEvent next, EventField field, int number)
    {
        if (field.IsText)
        {
            output.Text(number, next.Text(field.Slot), field.Kind == FieldKind.Comm ? PlainText.CommBytes : PlainText.MostBytes);
        }
        else
        {
            output.Varint(number, next.Number(field.Slot));
        }
    }

    private static void WriteGeneric(ProtoBuffer output, in TraceEvent next)
    {
        int message = output.Begin(Generic);
        output.Text(GenericName, next.Type.Name);
        foreach (EventField field in next.Type.Fields)
        {
            int entry = output.Begin(GenericField);
            output.Text(FieldName, field.Name);
            Field(output, next, field, field.IsText ? FieldText : field.Signed ? FieldInteger : FieldUnsigned);
            output.End(entry);
        }

        output.End(message);
    }
}
