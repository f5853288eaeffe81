namespace ActorTrace.Traces.Formats.Ctf;

/// <summary>Writes the streams of a CTF trace, one a CPU (docs/formats/ctf.md).</summary>
internal sealed class CtfWriter : ITraceEventSink
{
    /// <summary>Bytes of the context's name of the task: TASK_COMM_LEN and a NUL, as LTTng has it.</summary>
    public const int ProcessNameBytes = 17;

    private readonly CtfPackets[] _cpus;

    /// <summary>Begins the streams.</summary>
    /// <param name="streams">One a CPU.</param>
    /// <param name="uuid">Identity of the trace.</param>
    public CtfWriter(IReadOnlyList<Stream> streams, Guid uuid) =>
        _cpus = [.. streams.Select((stream, cpu) => new CtfPackets(stream, uuid, (uint)cpu))];

    /// <inheritdoc/>
    public void Write(in TraceEvent next)
    {
        CtfPackets packets = _cpus[next.Cpu];
        packets.Begin(next.Type.Id, next.Nanoseconds);
        packets.Word((uint)next.Pid);
        packets.Word((uint)(next.Tgid < 0 ? next.Pid : next.Tgid));
        packets.Text(next.Comm, ProcessNameBytes, PlainText.CommBytes);
        foreach (EventField field in next.Type.Fields)
        {
            switch (field.Kind)
            {
                case FieldKind.Number when field.Size == sizeof(ulong):
                    packets.Long(next.Number(field.Slot) - CtfNames.Bias(next.Type, field));
                    break;
                case FieldKind.Bitmask:
                    packets.Long(next.Number(field.Slot));
                    break;
                case FieldKind.Number:
                    packets.Word((uint)(next.Number(field.Slot) - CtfNames.Bias(next.Type, field)));
                    break;
                case FieldKind.Comm:
                    packets.Text(next.Text(field.Slot), field.Size, PlainText.CommBytes);
                    break;
                default:
                    packets.Text(next.Text(field.Slot));
                    break;
            }
        }
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count) => _cpus[cpu].Lose(nanoseconds, count);

    /// <summary>Writes what is left.</summary>
    /// <param name="end">Nanoseconds of the end of the run, or of the part of it that was selected.</param>
    public void Complete(ulong end)
    {
        foreach (CtfPackets packets in _cpus)
        {
            packets.Complete(end);
        }
    }
}
