using System.Buffers.Binary;
using System.Collections.Immutable;
using ActorTrace.Traces.Binary;

namespace ActorTrace.Journal.Batches;

/// <summary>The last event of a stream that was written to its end; manifest <see cref="JournalSerializer.EndManifest"/>.</summary>
/// <remarks>
/// All integers are little-endian (docs/formats/journal-file.md):
/// <code>
///  offset  size  field
///       0     2  bytes    of the whole; 56 in this version, may grow
///       2     2  reserved, 0
///       4     4  crc      CRC-32C of all bytes from offset 8
///       8     8  batches
///      16     8  records
///      24    32  sha256   over the uncompressed payloads of all batches
/// </code>
/// </remarks>
/// <param name="Batches">Batches in the stream.</param>
/// <param name="Records">Records in all of them.</param>
/// <param name="Sha256">SHA-256 over their uncompressed payloads, 32 bytes.</param>
public sealed record StreamEnd(long Batches, long Records, ImmutableArray<byte> Sha256)
{
    private const int HashBytes = 32;
    private const int SizeInBytes = 2 + 2 + 4 + 8 + 8 + HashBytes;

    /// <summary>The bytes to store.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[SizeInBytes];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, SizeInBytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Batches);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), Records);
        Sha256.AsSpan().CopyTo(bytes.AsSpan(24, HashBytes));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Crc32C.Compute(bytes.AsSpan(8)));
        return bytes;
    }

    /// <summary>Reads stored bytes; they are not trusted.</summary>
    /// <exception cref="JournalFormatException">The bytes do not fit the layout or were changed.</exception>
    public static StreamEnd FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < SizeInBytes || BinaryPrimitives.ReadUInt16LittleEndian(bytes) != bytes.Length)
        {
            throw new JournalFormatException(0, $"the end of a stream in {bytes.Length} bytes");
        }

        if (Crc32C.Compute(bytes[8..]) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]))
        {
            throw new JournalFormatException(4, "the checksum does not match");
        }

        return new StreamEnd(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            [.. bytes.Slice(24, HashBytes)]);
    }
}
