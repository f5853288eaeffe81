using System.Buffers.Text;
using System.Text;

namespace ActorTrace.Traces.Formats.FtraceText;

/// <summary>Writes the kernel's text form of a trace (tracefs file trace, with record-tgid and four latency characters).</summary>
/// <remarks>docs/formats/ftrace.md. Times are microseconds: events closer than that keep their order but not their distance.</remarks>
public sealed class FtraceTextWriter : ITraceEventSink
{
    private const int FlushAt = 1 << 16;

    // Names and texts are bounded, so any line fits behind FlushAt.
    private const int BufferBytes = FlushAt + 16_384;

    private readonly Stream _stream;
    private readonly int _cpus;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly long _start;
    private int _used;

    /// <summary>Writes the header.</summary>
    /// <param name="stream">Where to. Where it cannot seek, the number of events must be given.</param>
    /// <param name="cpus">Number of CPUs.</param>
    /// <param name="entries">Number of events, or null: filled in at the end.</param>
    /// <exception cref="ArgumentException">No number of events for a stream that cannot seek.</exception>
    public FtraceTextWriter(Stream stream, int cpus, long? entries = null)
    {
        if (entries is null && !stream.CanSeek)
        {
            throw new ArgumentException("the number of events is needed in advance", nameof(entries));
        }

        _stream = stream;
        _cpus = cpus;
        _start = stream.CanSeek ? stream.Position : 0;
        stream.Write(Encoding.ASCII.GetBytes(FtraceTextHeader.Make(entries ?? 0, cpus)));
    }

    /// <summary>Events written so far.</summary>
    public long Entries { get; private set; }

    /// <inheritdoc/>
    public void Write(in TraceEvent next)
    {
        Entries++;
        Prefix(next);
        Literal(next.Type.TextName);
        Literal(": "u8);
        foreach (TextPiece piece in next.Type.Pieces)
        {
            Literal(piece.Literal.Span);
            if (piece.Field is { } field)
            {
                Field(next, field, piece.Style);
            }
        }

        EndLine();
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count)
    {
        Literal("CPU:"u8);
        Number(cpu);
        if (count == 0)
        {
            Literal(" [LOST EVENTS]"u8);
        }
        else
        {
            Literal(" [LOST "u8);
            Number(count);
            Literal(" EVENTS]"u8);
        }

        EndLine();
    }

    /// <summary>Writes what is left and, where the stream can seek, the number of events into the header.</summary>
    public void Complete()
    {
        Flush();
        if (_stream.CanSeek)
        {
            _stream.Position = _start;
            _stream.Write(Encoding.ASCII.GetBytes(FtraceTextHeader.Make(Entries, _cpus)));
            _stream.Position = _stream.Length;
        }

        _stream.Flush();
    }

    /// <summary>"%16s-%-7d (%7d) [%03d] dNh2 %5d.%06d: " of the kernel's trace_print_context.</summary>
    private void Prefix(in TraceEvent next)
    {
        const int commWidth = 16;
        string comm = next.Pid == 0 ? "<idle>" : next.Comm;
        Pad(commWidth - comm.Length);
        Literal(comm);
        Literal("-"u8);
        Pad(7 - Number(next.Pid));
        if (next.Tgid < 0)
        {
            Literal(" (-------) ["u8);
        }
        else
        {
            Literal(" ("u8);
            Number((ulong)next.Tgid, 7, ' ');
            Literal(") ["u8);
        }

        Number((ulong)next.Cpu, 3, '0');
        Literal("] "u8);

        // irqs-off, need-resched, hardirq/softirq, preempt-depth; what the simulation does not know is a dot.
        _buffer[_used++] = (byte)((next.Type.Flags & 1) != 0 ? 'd' : '.');
        _buffer[_used++] = (byte)'.';
        _buffer[_used++] = (byte)((next.Type.Flags & 8) != 0 ? 'h' : '.');
        _buffer[_used++] = (byte)'.';
        ulong microseconds = next.Nanoseconds / 1000;
        Literal(" "u8);
        Number(microseconds / 1_000_000, 5, ' ');
        Literal("."u8);
        Number(microseconds % 1_000_000, 6, '0');
        Literal(": "u8);
    }

    private void Field(in TraceEvent next, EventField field, FieldStyle style)
    {
        if (style == FieldStyle.Text)
        {
            _used += PlainText.Write(next.Text(field.Slot), _buffer.AsSpan(_used, PlainText.MostBytes));
            return;
        }

        ulong value = next.Number(field.Slot);
        switch (style)
        {
            case FieldStyle.Hexadecimal:
                Literal("0x"u8);
                _ = Utf8Formatter.TryFormat(value, _buffer.AsSpan(_used), out int digits, new System.Buffers.StandardFormat('x'));
                _used += digits;
                break;
            case FieldStyle.ThreeDigits: Number(value, 3, '0'); break;
            case FieldStyle.Handled: Literal(value != 0 ? "handled"u8 : "unhandled"u8); break;
            case FieldStyle.TaskState: State(value); break;
            default:
                if (field.Signed)
                {
                    Number((long)value);
                }
                else
                {
                    Number(value);
                }

                break;
        }
    }

    /// <summary>The letters of the bits joined by |, R where none is set; + where the task was preempted though not runnable.</summary>
    private void State(ulong state)
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
                _buffer[_used++] = (byte)'|';
            }

            _buffer[_used++] = (byte)EventCatalogue.StateLetters[bit];
            any = true;
        }

        if (!any)
        {
            _buffer[_used++] = (byte)'R';
        }

        if ((state & preempted) != 0)
        {
            _buffer[_used++] = (byte)'+';
        }
    }

    private void Literal(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_used));
        _used += bytes.Length;
    }

    private void Literal(string text) => _used += PlainText.Write(text, _buffer.AsSpan(_used, PlainText.MostBytes));

    private int Number(long value)
    {
        _ = Utf8Formatter.TryFormat(value, _buffer.AsSpan(_used), out int digits);
        _used += digits;
        return digits;
    }

    private void Number(ulong value)
    {
        _ = Utf8Formatter.TryFormat(value, _buffer.AsSpan(_used), out int digits);
        _used += digits;
    }

    private void Number(ulong value, int width, char padding)
    {
        Span<byte> digits = stackalloc byte[20];
        _ = Utf8Formatter.TryFormat(value, digits, out int length);
        for (int i = length; i < width; i++)
        {
            _buffer[_used++] = (byte)padding;
        }

        Literal(digits[..length]);
    }

    private void Pad(int blanks)
    {
        for (int i = 0; i < blanks; i++)
        {
            _buffer[_used++] = (byte)' ';
        }
    }

    private void EndLine()
    {
        _buffer[_used++] = (byte)'\n';
        if (_used >= FlushAt)
        {
            Flush();
        }
    }

    private void Flush()
    {
        _stream.Write(_buffer, 0, _used);
        _used = 0;
    }
}
