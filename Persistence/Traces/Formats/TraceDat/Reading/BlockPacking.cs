using ZstdSharp;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>Unpacks the blocks of a compressed file: the reading side of <see cref="TraceDatCompression"/>.</summary>
internal sealed class BlockPacking : IDisposable
{
    private readonly Decompressor _decompressor = new();

    private BlockPacking()
    {
    }

    /// <summary>The packing of a name; null where it is not known.</summary>
    public static BlockPacking? Find(string name) =>
        string.Equals(name, TraceDatCompression.Zstd.Name, StringComparison.Ordinal) ? new BlockPacking() : null;

    /// <summary>Unpacks a block.</summary>
    /// <returns>Bytes unpacked; -1 where the block is damaged or does not fit.</returns>
    public int Unpack(ReadOnlySpan<byte> packed, Span<byte> raw)
    {
        try
        {
            return _decompressor.Unwrap(packed, raw);
        }
        catch (ZstdException)
        {
            return -1;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _decompressor.Dispose();
}
