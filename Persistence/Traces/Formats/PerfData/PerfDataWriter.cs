using System.Buffers.Binary;
using ActorTrace.Traces.Formats.TraceDat;

namespace ActorTrace.Traces.Formats.PerfData;

/// <summary>Writes perf.data: tracepoint samples with the kernel's raw payloads (docs/formats/perf-data.md).</summary>
/// <remarks>
/// <code>
///  header 104 bytes | room | COMM of the tasks, samples | table of features, features | ids, attributes
/// </code>
/// The header points at the rest and is written last, so that types and tasks may come up as the run is read.
/// </remarks>
internal sealed class PerfDataWriter : ITraceEventSink
{
    private const int RecordHeader = 8;
    private const int SampleFixed = RecordHeader + (5 * sizeof(ulong)) + sizeof(uint);

    /// <summary>Bytes behind records that are no samples.</summary>
    public const int TrailerBytes = 4 * sizeof(ulong);

    private const uint SampleRecord = 9;
    private const uint LostRecord = 2;
    private const uint FinishedRound = 68;
    private const ushort KernelMode = 1;
    private const int RecordsOfARound = 16_384;
    private const int BufferBytes = 1 << 16;
    private const int FirstSample = PerfDataHead.HeaderBytes + PerfTasks.Room;

    // The longest payload is a marker's, 2 KiB.
    private const int LongestRecord = 4096;

    private readonly Stream _output;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly PerfTasks _tasks = new();
    private int _used;
    private int _round;
    private ulong _first = ulong.MaxValue;
    private ulong _last;

    /// <summary>Begins a file.</summary>
    /// <param name="output">Where to; seekable, at its start.</param>
    public PerfDataWriter(Stream output)
    {
        _output = output;
        output.Write(new byte[FirstSample]);
    }

    /// <inheritdoc/>
    public void Write(in TraceEvent next)
    {
        if (_tasks.Learn(next))
        {
            Room();
            _used += PerfTasks.Record(next, _buffer.AsSpan(_used));
        }

        int payload = EventPayload.Size(next);

        // The raw bytes and the length before them fill whole doublewords.
        int raw = ((payload + sizeof(uint) + 7) & ~7) - sizeof(uint);
        Span<byte> record = Record(SampleRecord, KernelMode, SampleFixed + raw);
        Put(record, 8, IdOf(next.Type));
        BinaryPrimitives.WriteInt32LittleEndian(record[16..], Group(next.Tgid, next.Pid));
        BinaryPrimitives.WriteInt32LittleEndian(record[20..], next.Pid);
        Put(record, 24, next.Nanoseconds);
        Put(record, 32, (ulong)next.Cpu);
        Put(record, 40, 1);
        BinaryPrimitives.WriteInt32LittleEndian(record[48..], raw);
        EventPayload.Write(next, record.Slice(SampleFixed, raw));
        _first = Math.Min(_first, next.Nanoseconds);
        _last = next.Nanoseconds;
        if (++_round == RecordsOfARound)
        {
            _ = Record(FinishedRound, 0, RecordHeader);
            _round = 0;
        }
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count)
    {
        Span<byte> record = Record(LostRecord, 0, RecordHeader + (2 * sizeof(ulong)) + TrailerBytes);
        Put(record, 8, IdOf(EventCatalogue.SchedSwitch));
        Put(record, 16, count);
        Trailer(record[24..], 0, 0, nanoseconds, cpu);
    }

    /// <summary>Writes what is known last, and the header.</summary>
    /// <param name="cpus">Number of CPUs.</param>
    /// <param name="types">Types of the events.</param>
    public void Complete(int cpus, EventTypes types)
    {
        _ = Record(FinishedRound, 0, RecordHeader);
        _output.Write(_buffer, 0, _used);
        long end = _output.Position;
        long start = _tasks.WriteFirst(_output, FirstSample);
        _output.Position = end;
        PerfDataHead.Write(_output, start, cpus, types, _tasks.Names, _first == ulong.MaxValue ? 0 : _first, _last);
    }

    /// <summary>The id that ties a sample to its attribute.</summary>
    internal static ulong IdOf(EventType type) => type.Id;

    /// <summary>The thread group as perf wants it: idle is its own.</summary>
    private static int Group(int tgid, int pid) => tgid < 0 ? pid : tgid;

    /// <summary>What sample_id_all puts behind records that are no samples: pid, tid, time, cpu, id.</summary>
    internal static void Trailer(Span<byte> trailer, int group, int pid, ulong nanoseconds, int cpu)
    {
        BinaryPrimitives.WriteInt32LittleEndian(trailer, group);
        BinaryPrimitives.WriteInt32LittleEndian(trailer[4..], pid);
        Put(trailer, 8, nanoseconds);
        Put(trailer, 16, (ulong)cpu);
        Put(trailer, 24, IdOf(EventCatalogue.SchedSwitch));
    }

    private Span<byte> Record(uint type, ushort misc, int size)
    {
        Room();
        Span<byte> record = _buffer.AsSpan(_used, size);
        record.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(record, type);
        BinaryPrimitives.WriteUInt16LittleEndian(record[4..], misc);
        BinaryPrimitives.WriteUInt16LittleEndian(record[6..], (ushort)size);
        _used += size;
        return record;
    }

    private void Room()
    {
        if (_used + LongestRecord > BufferBytes)
        {
            _output.Write(_buffer, 0, _used);
            _used = 0;
        }
    }

    private static void Put(Span<byte> record, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(record[at..], value);
}
