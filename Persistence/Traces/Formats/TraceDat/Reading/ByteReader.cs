using System.Buffers.Binary;
using System.Text;
using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>Reads what stands in front of the pages. Every length is checked against the file before anything is allocated.</summary>
/// <param name="stream">The bytes.</param>
/// <param name="place">Offset that errors name, for bytes that were unpacked from there; null to name the position.</param>
internal sealed class ByteReader(Stream stream, long? place = null)
{
    private const int LongestName = 4096;

    /// <summary>Whether integers begin with their highest byte.</summary>
    public bool BigEndian { get; set; }

    /// <summary>Offset of the next byte.</summary>
    public long Position => stream.Position;

    /// <summary>Bytes that are left.</summary>
    public long Left => stream.Length - stream.Position;

    /// <summary>The next byte, for errors.</summary>
    public TracePlace Here => TracePlace.Byte(place ?? Position);

    /// <summary>The error for a place.</summary>
    public TraceFileException Bad(long at, string message) => new(TracePlace.Byte(place ?? at), message);

    /// <summary>Goes to an offset.</summary>
    public void Seek(ulong offset, string what)
    {
        if (offset > (ulong)stream.Length)
        {
            throw Bad(Position, $"{what} is said to be at {offset}, behind the end of the file ({stream.Length} bytes)");
        }

        stream.Position = (long)offset;
    }

    public byte U8(string what)
    {
        Span<byte> bytes = stackalloc byte[sizeof(byte)];
        Fill(bytes, what);
        return bytes[0];
    }

    public ushort U16(string what)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        Fill(bytes, what);
        return BigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    public uint U32(string what)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        Fill(bytes, what);
        return BigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    public ulong U64(string what)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Fill(bytes, what);
        return BigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>So many bytes, at most <paramref name="most"/>.</summary>
    public byte[] Bytes(ulong length, int most, string what)
    {
        Check(length, what);
        if (length > (ulong)most)
        {
            throw Bad(Position, $"{what} is {length} bytes long, at most {most} are read");
        }

        byte[] bytes = new byte[length];
        Fill(bytes, what);
        return bytes;
    }

    /// <summary>So many bytes as text.</summary>
    public string Text(ulong length, int most, string what) => Encoding.Latin1.GetString(Bytes(length, most, what));

    /// <summary>Text up to a NUL.</summary>
    public string Name(string what)
    {
        long start = Position;
        var name = new StringBuilder();
        while (true)
        {
            byte next = U8(what);
            if (next == 0)
            {
                return name.ToString();
            }

            if (name.Length == LongestName)
            {
                throw Bad(start, $"{what} does not end within {LongestName} bytes");
            }

            name.Append((char)next);
        }
    }

    /// <summary>Leaves bytes out.</summary>
    public void Skip(ulong length, string what)
    {
        Check(length, what);
        stream.Position += (long)length;
    }

    private void Check(ulong length, string what)
    {
        if (length > (ulong)Left)
        {
            throw Bad(Position, $"{what} is said to be {length} bytes long, the file has {Left} more");
        }
    }

    private void Fill(Span<byte> bytes, string what)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw Bad(stream.Length, $"the file ends within {what}");
        }
    }
}
