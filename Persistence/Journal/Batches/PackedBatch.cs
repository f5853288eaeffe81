using System.Buffers.Binary;
using System.IO.Compression;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;

namespace ActorTrace.Journal.Batches;

/// <summary>A batch as it is stored: the persisted event with manifest <see cref="JournalSerializer.BatchManifest"/>.</summary>
/// <remarks>
/// All integers are little-endian (docs/formats/journal-file.md):
/// <code>
///  offset  size  field
///       0     2  headerBytes   where the payload begins; 40 in this version, may grow
///       2     1  compression   0 none, 1 zlib (RFC 1950)
///       3     1  reserved, 0
///       4     4  records
///       8     8  number        from 1
///      16     8  first         cycles
///      24     8  last          cycles
///      32     4  payloadBytes  uncompressed
///      36     4  crc           CRC-32C of bytes 0 to 35, then of the uncompressed payload
/// </code>
/// </remarks>
public sealed class PackedBatch
{
    /// <summary>The longest payload in bytes, uncompressed: bounds what a damaged journal can make a reader allocate.</summary>
    public const int MaxPayloadBytes = 256 << 20;

    private const int HeaderBytes = 2 + 1 + 1 + 4 + 8 + 8 + 8 + 4 + 4;
    private const int CrcOffset = HeaderBytes - 4;
    private const int CountOffset = 4;

    /// <summary>Where the count of records ends.</summary>
    internal const int CountEnd = CountOffset + sizeof(int);

    // DEFLATE cannot do better than 1032:1 (258 bytes for 2 bits); a header that promises more is damaged.
    private const long BestRatio = 1032;

    // Below this, the zlib framing and the call cost more than they save.
    private const int SmallestCompressed = 128;

    private readonly byte[] _bytes;

    private PackedBatch(byte[] bytes) => _bytes = bytes;

    private enum Compression : byte
    {
        None = 0,
        Zlib = 1,
    }

    /// <summary>The bytes to store; not to be changed.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>The batch's place in its stream, from 1.</summary>
    public long Number => BinaryPrimitives.ReadInt64LittleEndian(_bytes.AsSpan(8));

    /// <summary>How many records it holds.</summary>
    public int Records => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(CountOffset));

    /// <summary>How many records a batch holds, by the first <see cref="CountEnd"/> bytes of it; null where they are no header.</summary>
    internal static int? CountOf(ReadOnlySpan<byte> head) =>
        head.Length == CountEnd && BinaryPrimitives.ReadInt32LittleEndian(head[CountOffset..]) is > 0 and var records ? records : null;

    private int PayloadBytes => BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(32));

    /// <summary>Packs a batch.</summary>
    /// <exception cref="ArgumentException">Number or count below 1, a last time before the first, or a payload longer than <see cref="MaxPayloadBytes"/>.</exception>
    public static PackedBatch Pack(TraceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Number < 1 || batch.Records < 1 || batch.Last < batch.First)
        {
            throw new ArgumentException($"batch {batch.Number} of {batch.Records} records from {batch.First} to {batch.Last}", nameof(batch));
        }

        if (batch.Payload.Length > MaxPayloadBytes)
        {
            throw new ArgumentException($"batch {batch.Number} has {batch.Payload.Length} bytes, at most {MaxPayloadBytes} are allowed", nameof(batch));
        }

        byte[]? compressed = Compress(batch.Payload);
        ReadOnlySpan<byte> stored = compressed ?? batch.Payload.Span;
        byte[] bytes = new byte[HeaderBytes + stored.Length];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, HeaderBytes);
        bytes[2] = (byte)(compressed is null ? Compression.None : Compression.Zlib);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(CountOffset), batch.Records);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), batch.Number);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), batch.First.Cycles);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(24), batch.Last.Cycles);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(32), batch.Payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(CrcOffset), Checksum(bytes, batch.Payload.Span));
        stored.CopyTo(bytes.AsSpan(HeaderBytes));
        return new PackedBatch(bytes);
    }

    /// <summary>Takes stored bytes over. They are not trusted; the payload is looked at by <see cref="Unpack"/> only.</summary>
    /// <exception cref="JournalFormatException">The header does not fit the layout.</exception>
    public static PackedBatch FromBytes(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (bytes.Length < HeaderBytes)
        {
            throw new JournalFormatException(bytes.Length, $"a batch has at least {HeaderBytes} bytes, this has {bytes.Length}");
        }

        int header = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
        if (header < HeaderBytes || header > bytes.Length)
        {
            throw new JournalFormatException(0, $"batch header of {header} bytes in {bytes.Length}");
        }

        var batch = new PackedBatch(bytes);
        int stored = bytes.Length - header;
        bool fits = (Compression)bytes[2] switch
        {
            Compression.None => batch.PayloadBytes == stored,
            Compression.Zlib => batch.PayloadBytes is >= 0 and <= MaxPayloadBytes && batch.PayloadBytes <= BestRatio * stored,
            _ => throw new JournalFormatException(2, $"compression {bytes[2]} is not known"),
        };
        return fits ? batch : throw new JournalFormatException(32, $"{stored} stored bytes cannot hold a payload of {batch.PayloadBytes}");
    }

    /// <summary>The batch, its checksum verified.</summary>
    /// <exception cref="JournalFormatException">The bytes were changed since they were packed.</exception>
    public TraceBatch Unpack()
    {
        int header = BinaryPrimitives.ReadUInt16LittleEndian(_bytes);
        ReadOnlyMemory<byte> payload = _bytes.AsMemory(header);
        if ((Compression)_bytes[2] == Compression.Zlib)
        {
            payload = Decompress(header);
        }

        if (Checksum(_bytes, payload.Span) != BinaryPrimitives.ReadUInt32LittleEndian(_bytes.AsSpan(CrcOffset)))
        {
            throw new JournalFormatException(CrcOffset, "the checksum does not match");
        }

        return new TraceBatch(
            Number,
            new VirtualInstant(BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(16))),
            new VirtualInstant(BinaryPrimitives.ReadUInt64LittleEndian(_bytes.AsSpan(24))),
            Records,
            payload);
    }

    private static uint Checksum(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) =>
        Crc32C.Compute(payload, Crc32C.Compute(header[..CrcOffset]));

    private static byte[]? Compress(ReadOnlyMemory<byte> payload)
    {
        if (payload.Length < SmallestCompressed)
        {
            return null;
        }

        using var output = new MemoryStream(payload.Length / 2);
        using (var zlib = new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(payload.Span);
        }

        return output.Length < payload.Length ? output.ToArray() : null;
    }

    private byte[] Decompress(int header)
    {
        byte[] payload = new byte[PayloadBytes];
        try
        {
            using var input = new MemoryStream(_bytes, header, _bytes.Length - header, writable: false);
            using var zlib = new ZLibStream(input, CompressionMode.Decompress);
            zlib.ReadExactly(payload);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new JournalFormatException(header, "the compressed payload is damaged");
        }

        return payload;
    }
}
