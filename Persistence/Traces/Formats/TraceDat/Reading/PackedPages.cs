using System.Buffers.Binary;
using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>Pages in compressed chunks: u32 number of chunks, then each u32 stored bytes, u32 unpacked bytes, data.</summary>
internal sealed class PackedPages : IPageSource
{
    // trace-cmd packs 10 pages at a time.
    private const int MostChunkPages = 256;
    private const int MostChunkBytes = 1 << 23;
    private const int HeadBytes = 2 * sizeof(uint);

    private readonly Stream _stream;
    private readonly BlockPacking _packing;
    private readonly PageMemory _memory;
    private readonly bool _bigEndian;
    private readonly int _mostBytes;
    private readonly long _end;
    private long _next;
    private uint _chunksLeft;
    private byte[] _chunk = [];
    private int _used;
    private int _length;
    private long _place;

    /// <summary>The pages of a CPU.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="region">Where they are.</param>
    /// <param name="pageBytes">Bytes of a page.</param>
    /// <param name="packing">How they are packed.</param>
    /// <param name="memory">Bounds the memory of all CPUs.</param>
    /// <param name="bigEndian">Whether integers begin with their highest byte.</param>
    public PackedPages(Stream stream, CpuRegion region, int pageBytes, BlockPacking packing, PageMemory memory, bool bigEndian)
    {
        (_stream, _packing, _memory, _bigEndian) = (stream, packing, memory, bigEndian);
        _mostBytes = (int)Math.Min(MostChunkBytes, (long)MostChunkPages * pageBytes);

        // trace-cmd 3.1 does not count the number of chunks among the bytes of a CPU that it has converted.
        (_next, _end) = (region.Offset, Math.Min(stream.Length, region.Offset + region.Bytes + sizeof(uint)));
        Span<byte> count = stackalloc byte[sizeof(uint)];
        Fill(count);
        _chunksLeft = U32(count);
    }

    /// <inheritdoc/>
    public bool IsPacked => true;

    /// <inheritdoc/>
    public bool TryRead(Span<byte> page, out long offset)
    {
        while (_used >= _length)
        {
            if (_chunksLeft == 0)
            {
                offset = _next;
                return false;
            }

            _chunksLeft--;
            ReadChunk();
        }

        int length = Math.Min(page.Length, _length - _used);
        _chunk.AsSpan(_used, length).CopyTo(page);
        page[length..].Clear();
        _used += length;
        offset = _place;
        return true;
    }

    private void ReadChunk()
    {
        _place = _next;
        Span<byte> head = stackalloc byte[HeadBytes];
        Fill(head);
        uint packed = U32(head);
        uint raw = U32(head[sizeof(uint)..]);
        if (packed > _end - _next || raw > _mostBytes)
        {
            throw Bad($"a chunk of {packed} bytes that unpacks to {raw}: the CPU has {_end - _next} bytes more, at most {_mostBytes} are unpacked");
        }

        if (_chunk.Length < raw)
        {
            _memory.Take((int)raw - _chunk.Length, _place);
            _chunk = new byte[raw];
        }

        Span<byte> stored = _memory.Scratch((int)packed, _place);
        Fill(stored);
        (_used, _length) = (0, (int)raw);
        if (_packing.Unpack(stored, _chunk.AsSpan(0, _length)) != _length)
        {
            throw Bad($"a chunk does not unpack to {raw} bytes");
        }
    }

    private void Fill(Span<byte> bytes)
    {
        if (bytes.Length > _end - _next)
        {
            throw new TraceFileException(TracePlace.Byte(_next), "the pages of a CPU end within a chunk");
        }

        _stream.Position = _next;
        if (_stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new TraceFileException(TracePlace.Byte(_next), "the file ends within a chunk");
        }

        _next += bytes.Length;
    }

    private uint U32(ReadOnlySpan<byte> bytes) =>
        _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private TraceFileException Bad(string message) => new(TracePlace.Byte(_place), message);
}
