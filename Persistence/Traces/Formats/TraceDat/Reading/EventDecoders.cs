using System.Buffers.Binary;
using System.Globalization;
using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>The decoders of a file's types, made when a type first comes up.</summary>
/// <param name="head">What the file says of its types.</param>
/// <param name="types">Gets the types that come up.</param>
/// <param name="bigEndian">Whether integers begin with their highest byte.</param>
internal sealed class EventDecoders(FileHead head, EventTypes types, bool bigEndian)
{
    // common_type stands in the first two bytes of the records of all kernels since 2.6.31.
    private const int TypeBytes = sizeof(ushort);

    private readonly RecordBytes _bytes = new(bigEndian, head.Printk);
    private readonly EventDecoder?[] _decoders = new EventDecoder?[ushort.MaxValue + 1];

    /// <summary>Makes an event of a record.</summary>
    /// <exception cref="TraceFileException">The record is shorter than its format.</exception>
    public TraceEvent Decode(ReadOnlySpan<byte> record, ulong nanoseconds, int cpu, TaskNames names, long offset)
    {
        if (record.Length < TypeBytes)
        {
            throw new TraceFileException(TracePlace.Byte(offset), $"a record of {record.Length} bytes has no type");
        }

        ushort id = bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(record) : BinaryPrimitives.ReadUInt16LittleEndian(record);
        EventDecoder decoder = _decoders[id] ??= new EventDecoder(Format(id), types, _bytes, head.LongBytes);
        try
        {
            return decoder.Decode(record, nanoseconds, cpu, names);
        }
        catch (RecordTooShortException)
        {
            RecordedFormat format = Format(id);
            throw new TraceFileException(
                TracePlace.Byte(offset), $"a record of {record.Length} bytes is too short for {format.System}:{format.Name}");
        }
    }

    private RecordedFormat Format(int id) => head.Formats.TryGetValue(id, out RecordedFormat? format)
        ? format
        : new RecordedFormat("unknown", string.Create(CultureInfo.InvariantCulture, $"type_{id}"), id, [], []);
}
