using System.Buffers.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Binary;

/// <summary>Takes the records out of the bytes of a batch. The bytes are not trusted.</summary>
/// <param name="bytes">Whole records, one behind the other.</param>
/// <param name="origin">Offset of the first byte in its stream, for messages.</param>
public sealed class RecordReader(ReadOnlyMemory<byte> bytes, long origin = 0)
{
    private readonly NameCache _names = new();
    private int _position;

    /// <summary>Offset of the next record in the stream.</summary>
    public long Offset => origin + _position;

    /// <summary>Records of unknown kinds that <see cref="Next"/> passed over.</summary>
    public long Skipped { get; private set; }

    /// <summary>The next record of a known kind, or null at the end.</summary>
    /// <exception cref="JournalFormatException">The bytes are cut off or do not fit the layout.</exception>
    public TraceRecord? Next()
    {
        while (TryNextBytes(out ReadOnlyMemory<byte> record))
        {
            TraceRecord? decoded = RecordCodec.Decode(record.Span, Offset - record.Length, _names);
            if (decoded is not null)
            {
                return decoded;
            }

            Skipped++;
        }

        return null;
    }

    /// <summary>The bytes of the next record, known or not, without decoding its fields.</summary>
    /// <returns>False at the end.</returns>
    /// <exception cref="JournalFormatException">The record is cut off.</exception>
    public bool TryNextBytes(out ReadOnlyMemory<byte> record)
    {
        ReadOnlyMemory<byte> rest = bytes[_position..];
        if (rest.IsEmpty)
        {
            record = default;
            return false;
        }

        if (rest.Length < RecordCodec.PrefixBytes)
        {
            throw new JournalFormatException(Offset, $"a record's header is cut off after {rest.Length} bytes");
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(rest.Span[sizeof(ushort)..]);
        if (length < RecordCodec.PrefixBytes || length > rest.Length)
        {
            throw new JournalFormatException(Offset + sizeof(ushort), $"record length {length}, {rest.Length} bytes are left");
        }

        record = rest[..length];
        _position += length;
        return true;
    }

    /// <summary>The remaining records in order.</summary>
    /// <exception cref="JournalFormatException">See <see cref="Next"/>.</exception>
    public IEnumerable<TraceRecord> ReadAll()
    {
        while (Next() is { } record)
        {
            yield return record;
        }
    }
}
