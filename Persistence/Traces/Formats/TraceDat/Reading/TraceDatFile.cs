using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>A trace.dat as trace-cmd records it: version 6 or 7, any byte order, 32- or 64-bit kernel.</summary>
/// <remarks>One page of each CPU is in memory, or the chunk that it was packed in. Buffers of instances are not read.</remarks>
internal sealed class TraceDatFile : TraceFile
{
    private const int HeadBufferBytes = 1 << 16;
    private const int LongestVersion = 16;

    private readonly Stream _stream;
    private readonly FileHead _head;
    private readonly bool _bigEndian;
    private long _place;
    private EventFeed? _feed;

    /// <summary>Reads the head.</summary>
    public TraceDatFile(Stream stream)
    {
        _stream = stream;
        var reader = new ByteReader(new BufferedStream(stream, HeadBufferBytes));
        reader.Skip((ulong)Magic.Length, "the magic number");
        string version = reader.Name("the version");
        if (version is not "6" and not "7")
        {
            string shown = version.Length > LongestVersion || version.Any(c => c is < ' ' or > '~') ? "unknown" : version;
            throw reader.Bad(Magic.Length, $"trace.dat of version {shown}; 6 and 7 are read");
        }

        Format = $"trace.dat, version {version}";
        byte endian = reader.U8("the byte order");
        byte longBytes = reader.U8("the size of a long");
        if (endian > 1 || longBytes is not (4 or 8))
        {
            throw reader.Bad(reader.Position, $"byte order {endian}, long of {longBytes} bytes: 0 or 1, and 4 or 8 are known");
        }

        _bigEndian = reader.BigEndian = endian == 1;
        _head = new FileHead { PageBytes = reader.U32("the page size"), LongBytes = longBytes };
        if (version is "6")
        {
            HeadVersion6.Read(reader, _head, stream.Length);
        }
        else
        {
            HeadVersion7.Read(reader, _head, stream.Length);
        }

        Layout = _head.Layout();
    }

    /// <inheritdoc/>
    public override string Format { get; }

    /// <inheritdoc/>
    public override int Cpus => Math.Max(1, _head.Cpus);

    /// <inheritdoc/>
    public override TracePlace Place => TracePlace.Byte(_place);

    /// <inheritdoc/>
    public override bool WasMoved => _feed?.WasMoved ?? false;

    private static ReadOnlySpan<byte> Magic => "\u0017\u0008Dtracing"u8;

    private PageLayout Layout { get; }

    /// <summary>Whether a file with these first bytes is one.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> first) => first.StartsWith(Magic);

    /// <inheritdoc/>
    public override TraceFileCounts Send(ITraceEventSink sink, EventTypes types)
    {
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentNullException.ThrowIfNull(types);
        var feed = new EventFeed(sink);
        _feed = feed;
        var decoders = new EventDecoders(_head, types, _bigEndian);
        var names = new TaskNames(_head.CommandLines, Cpus);
        var cpus = new CpuMerge();
        var memory = new PageMemory();
        foreach (CpuRegion region in _head.Regions)
        {
            memory.Take(Layout.PageBytes, region.Offset);
            IPageSource pages = _head.Packing is { } packing
                ? new PackedPages(_stream, region, Layout.PageBytes, packing, memory, _bigEndian)
                : new PlainPages(_stream, region.Offset, region.Bytes);
            cpus.Add(region.Cpu, new PageReader(pages, Layout, _bigEndian));
        }

        while (cpus.TryNext(out int cpu, out PageReader? next))
        {
            _place = next.Offset;
            if (next.TakeLoss(out ulong lost))
            {
                feed.Lose(cpu, lost);
            }

            ulong at = _head.Options.Nanoseconds(next.Time);
            if (at > long.MaxValue)
            {
                throw new TraceFileException(Place, "the time stamp has more nanoseconds than 63 bits hold");
            }

            at = feed.Order(at);
            feed.Write(decoders.Decode(next.Payload, at, cpu, names, next.Offset));
        }

        return feed.Complete(lines: 0);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _head.Packing?.Dispose();
        _stream.Dispose();
    }
}
