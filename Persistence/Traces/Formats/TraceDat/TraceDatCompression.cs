using ZstdSharp;

namespace ActorTrace.Traces.Formats.TraceDat;

/// <summary>A compression of trace.dat version 7.</summary>
/// <param name="name">As the file names it.</param>
/// <param name="version">Of the library; readers show it.</param>
/// <param name="start">Makes a compressor; null where blocks are stored as they are.</param>
internal sealed class TraceDatCompression(string name, string version, Func<IBlockCompressor>? start)
{
    /// <summary>Blocks as they are.</summary>
    public static readonly TraceDatCompression None = new("none", string.Empty, start: null);

    /// <summary>Zstandard, the one that every build of trace-cmd 3.1 and later has.</summary>
    public static readonly TraceDatCompression Zstd = new("zstd", "1.5.7", () => new ZstdBlocks());

    /// <summary>All, the default first.</summary>
    public static readonly IReadOnlyList<TraceDatCompression> All = [Zstd, None];

    /// <summary>As the file names it.</summary>
    public string Name { get; } = name;

    /// <summary>Of the library.</summary>
    public string Version { get; } = version;

    /// <summary>Makes a compressor; null where blocks are stored as they are.</summary>
    public IBlockCompressor? Start() => start?.Invoke();

    private sealed class ZstdBlocks : IBlockCompressor
    {
        /// <summary>Zstandard's own default.</summary>
        private const int Level = 3;

        private readonly Compressor _compressor = new(Level);
        private byte[] _stored = [];

        public ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> data)
        {
            int most = Compressor.GetCompressBound(data.Length);
            if (_stored.Length < most)
            {
                _stored = new byte[most];
            }

            return _stored.AsSpan(0, _compressor.Wrap(data, _stored));
        }

        public void Dispose() => _compressor.Dispose();
    }
}

/// <summary>Compresses blocks, each by itself.</summary>
internal interface IBlockCompressor : IDisposable
{
    /// <summary>Compresses a block.</summary>
    /// <returns>Valid until the next call.</returns>
    ReadOnlySpan<byte> Compress(ReadOnlySpan<byte> data);
}
