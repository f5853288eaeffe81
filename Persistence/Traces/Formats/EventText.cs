namespace ActorTrace.Traces.Formats;

/// <summary>The arguments of an event as the kernel's print fmt shows them.</summary>
internal static class EventText
{
    /// <summary>Writes them.</summary>
    public static void Write(TextBuffer output, in TraceEvent next)
    {
        foreach (TextPiece piece in next.Type.Pieces)
        {
            output.Literal(piece.Literal.Span);
            if (piece.Field is { } field)
            {
                Field(output, next, field, piece.Style);
            }
        }
    }

    private static void Field(TextBuffer output, in TraceEvent next, EventField field, FieldStyle style)
    {
        if (field.Kind == FieldKind.Comm)
        {
            output.Comm(next.Text(field.Slot));
            return;
        }

        if (style == FieldStyle.Text)
        {
            output.Text(next.Text(field.Slot));
            return;
        }

        ulong value = next.Number(field.Slot);
        switch (style)
        {
            case FieldStyle.Hexadecimal: output.Hexadecimal(value); break;
            case FieldStyle.ThreeDigits: output.Number(value, 3, '0'); break;
            case FieldStyle.Handled: output.Literal(value != 0 ? "handled"u8 : "unhandled"u8); break;
            case FieldStyle.TaskState: State(output, value); break;
            case FieldStyle.Symbol: Symbol(output, value, field.Symbols); break;
            case FieldStyle.Bitmask: output.Bitmask(value); break;
            default:
                if (field.Signed)
                {
                    _ = output.Number((long)value);
                }
                else
                {
                    output.Number(value);
                }

                break;
        }
    }

    private static void Symbol(TextBuffer output, ulong value, IReadOnlyList<(ulong Value, string Name)> symbols)
    {
        foreach ((ulong known, string name) in symbols)
        {
            if (known == value)
            {
                output.Text(name);
                return;
            }
        }

        output.Hexadecimal(value);
    }

    /// <summary>The letters of the bits joined by |, R where none is set; + where the task was preempted though not runnable.</summary>
    private static void State(TextBuffer output, ulong state)
    {
        const ulong preempted = 0x100;
        bool any = false;
        for (int bit = 0; bit < EventCatalogue.StateLetters.Length; bit++)
        {
            if ((state >> bit & 1) == 0)
            {
                continue;
            }

            if (any)
            {
                output.Literal((byte)'|');
            }

            output.Literal((byte)EventCatalogue.StateLetters[bit]);
            any = true;
        }

        if (!any)
        {
            output.Literal((byte)'R');
        }

        if ((state & preempted) != 0)
        {
            output.Literal((byte)'+');
        }
    }
}
