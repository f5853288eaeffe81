namespace ActorTrace.Traces.Formats.Csv;

/// <summary>Writes a row an event; the arguments stand in one column as ftrace text shows them.</summary>
internal sealed class CsvWriter : ITraceEventSink
{
    private readonly TextBuffer _text;

    /// <summary>Writes the row of names.</summary>
    public CsvWriter(Stream output)
    {
        _text = new TextBuffer(output, Quoting.Doubled);
        _text.Literal("time_ns,cpu,pid,tgid,comm,system,event,arguments"u8);
        _text.EndLine();
    }

    /// <inheritdoc/>
    public void Write(in TraceEvent next)
    {
        Place(next.Nanoseconds, next.Cpu);
        _ = _text.Number(next.Pid);
        _text.Literal((byte)',');
        _ = _text.Number(Math.Max(next.Tgid, 0));
        _text.Literal((byte)',');
        _text.Literal((byte)'"');
        _text.Comm(next.Comm);
        _text.Literal((byte)'"');
        _text.Literal((byte)',');
        _text.Text(next.Type.System);
        _text.Literal((byte)',');
        _text.Text(next.Type.Name);
        _text.Literal(",\""u8);
        EventText.Write(_text, next);
        _text.Literal((byte)'"');
        _text.EndLine();
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count)
    {
        Place(nanoseconds, cpu);
        _text.Literal("0,0,,ftrace,lost_events,\"count="u8);
        _text.Number(count);
        _text.Literal((byte)'"');
        _text.EndLine();
    }

    /// <summary>Writes what is left.</summary>
    public void Complete() => _text.Flush();

    private void Place(ulong nanoseconds, int cpu)
    {
        _text.Number(nanoseconds);
        _text.Literal((byte)',');
        _ = _text.Number(cpu);
        _text.Literal((byte)',');
    }
}
