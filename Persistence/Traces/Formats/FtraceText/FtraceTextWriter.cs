using System.Text;

namespace ActorTrace.Traces.Formats.FtraceText;

/// <summary>Writes the kernel's text form of a trace (tracefs file trace, with record-tgid and four latency characters).</summary>
/// <remarks>docs/formats/ftrace.md. Times are microseconds: events closer than that keep their order but not their distance.</remarks>
public sealed class FtraceTextWriter : ITraceEventSink
{
    private readonly Stream _stream;
    private readonly int _cpus;
    private readonly TextBuffer _text;
    private readonly long _start;

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
        _text = new TextBuffer(stream);
        _cpus = cpus;
        _start = stream.CanSeek ? stream.Position : 0;
        stream.Write(Encoding.ASCII.GetBytes(FtraceTextHeader.Make(entries ?? 0, cpus)));
    }

    private FtraceTextWriter(Stream stream) => (_stream, _text) = (stream, new TextBuffer(stream));

    /// <summary>A writer of the lines alone, as the file trace_pipe has them.</summary>
    /// <param name="stream">Where to; it cannot seek.</param>
    public static FtraceTextWriter WithoutHeader(Stream stream) => new(stream);

    /// <summary>Events written so far.</summary>
    public long Entries { get; private set; }

    /// <inheritdoc/>
    public void Write(in TraceEvent next)
    {
        Entries++;
        Prefix(next);
        _text.Text(next.Type.TextName);
        _text.Literal(": "u8);
        EventText.Write(_text, next);
        _text.EndLine();
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count)
    {
        _text.Literal("CPU:"u8);
        _text.Number(cpu);
        if (count == 0)
        {
            _text.Literal(" [LOST EVENTS]"u8);
        }
        else
        {
            _text.Literal(" [LOST "u8);
            _text.Number(count);
            _text.Literal(" EVENTS]"u8);
        }

        _text.EndLine();
    }

    /// <summary>Writes what is left and, where the stream can seek, the number of events into the header.</summary>
    public void Complete()
    {
        _text.Flush();
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
        _text.Pad(commWidth - Math.Min(comm.Length, PlainText.CommBytes));
        _text.Comm(comm);
        _text.Literal("-"u8);
        _text.Pad(7 - _text.Number(next.Pid));
        if (next.Tgid < 0)
        {
            _text.Literal(" (-------) ["u8);
        }
        else
        {
            _text.Literal(" ("u8);
            _text.Number((ulong)next.Tgid, 7, ' ');
            _text.Literal(") ["u8);
        }

        _text.Number((ulong)next.Cpu, 3, '0');
        _text.Literal("] "u8);

        // irqs-off, need-resched, hardirq/softirq, preempt-depth; what the simulation does not know is a dot.
        _text.Literal((byte)((next.Type.Flags & EventCatalogue.InterruptsOff) != 0 ? 'd' : '.'));
        _text.Literal((byte)'.');
        _text.Literal((next.Type.Flags & (EventCatalogue.HardInterrupt | EventCatalogue.SoftInterrupt)) switch
        {
            EventCatalogue.HardInterrupt => (byte)'h',
            EventCatalogue.SoftInterrupt => (byte)'s',
            0 => (byte)'.',
            _ => (byte)'H',
        });
        _text.Literal((byte)'.');
        ulong microseconds = next.Nanoseconds / 1000;
        _text.Literal(" "u8);
        _text.Number(microseconds / 1_000_000, 5, ' ');
        _text.Literal("."u8);
        _text.Number(microseconds % 1_000_000, 6, '0');
        _text.Literal(": "u8);
    }
}
