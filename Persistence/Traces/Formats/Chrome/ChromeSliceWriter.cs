namespace ActorTrace.Traces.Formats.Chrome;

/// <summary>The array traceEvents: a complete event (ph X) for each stay of a task on a CPU, one thread a CPU, then names (ph M).</summary>
/// <remarks>Times are microseconds with three decimals: exact nanoseconds, so that neighbours never overlap.</remarks>
internal sealed class ChromeSliceWriter : ITraceEventSink
{
    private readonly TextBuffer _text;
    private readonly Running?[] _running;
    private bool _any;

    /// <summary>Begins the document.</summary>
    public ChromeSliceWriter(Stream output, int cpus)
    {
        _text = new TextBuffer(output, Quoting.Escaped);
        _running = new Running?[cpus];
        _text.Literal("{\"displayTimeUnit\":\"ns\",\"traceEvents\":["u8);
        _text.EndLine();
        for (int cpu = 0; cpu < cpus; cpu++)
        {
            Begin();
            _text.Literal("{\"ph\":\"M\",\"name\":\"thread_name\",\"pid\":0,\"tid\":"u8);
            _ = _text.Number(cpu);
            _text.Literal(",\"args\":{\"name\":\"CPU "u8);
            _ = _text.Number(cpu);
            _text.Literal("\"}}"u8);
        }
    }

    /// <inheritdoc/>
    public void Write(in TraceEvent next)
    {
        if (!ReferenceEquals(next.Type, EventCatalogue.SchedSwitch))
        {
            return;
        }

        if (_running[next.Cpu] is { } running)
        {
            Slice(next.Cpu, running, next.Nanoseconds);
        }

        int pid = (int)next.Number(3);
        _running[next.Cpu] = pid == 0 ? null : new Running(pid, next.Text(1), next.Nanoseconds);
    }

    /// <summary>What ran when events were lost is not known to have gone on.</summary>
    public void Lost(int cpu, ulong nanoseconds, ulong count) => _running[cpu] = null;

    /// <summary>Ends the array.</summary>
    public void Complete()
    {
        _text.EndLine();
        _text.Literal("]"u8);
        _text.Flush();
    }

    private void Slice(int cpu, Running running, ulong until)
    {
        Begin();
        _text.Literal("{\"ph\":\"X\",\"cat\":\"sched\",\"pid\":0,\"tid\":"u8);
        _ = _text.Number(cpu);
        _text.Literal(",\"ts\":"u8);
        Microseconds(running.Since);
        _text.Literal(",\"dur\":"u8);
        Microseconds(until - running.Since);
        _text.Literal(",\"name\":\""u8);
        _text.Comm(running.Name);
        _text.Literal("\",\"args\":{\"pid\":"u8);
        _ = _text.Number(running.Pid);
        _text.Literal("}}"u8);
    }

    private void Begin()
    {
        if (_any)
        {
            _text.Literal((byte)',');
            _text.EndLine();
        }

        _any = true;
    }

    private void Microseconds(ulong nanoseconds)
    {
        _text.Number(nanoseconds / 1000);
        _text.Literal((byte)'.');
        _text.Number(nanoseconds % 1000, 3, '0');
    }

    private sealed record Running(int Pid, string Name, ulong Since);
}
