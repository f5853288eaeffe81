namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>Reads the head of a trace.dat of version 7: options name the sections, which are found by their offsets (docs/formats/trace-dat.md).</summary>
internal sealed class HeadVersion7
{
    private const ushort Done = 0;
    private const ushort Buffer = 3;
    private const ushort FirstPart = 16;
    private const ushort CompressedFlag = 1;
    private const int MostOptionSections = 1024;
    private const int MostPartBytes = 1 << 26;

    /// <summary>What the sections hold that are read; their bodies are as in version 6.</summary>
    private static readonly (ushort Id, Action<FileHead, ByteReader> Read)[] Parts =
    [
        (16, (head, reader) => head.ReadHeaders(reader)),
        (17, (head, reader) => head.ReadFtraceFormats(reader)),
        (18, (head, reader) => head.ReadSystems(reader)),
        (20, (head, reader) => head.ReadPrintk(reader)),
        (21, (head, reader) => head.ReadCommandLines(reader)),
    ];

    private readonly ByteReader _reader;
    private readonly FileHead _head;
    private readonly long _length;
    private readonly BlockPacking? _packing;
    private readonly Dictionary<ushort, ulong> _places = [];
    private bool _hasBuffer;

    private HeadVersion7(ByteReader reader, FileHead head, long length)
    {
        (_reader, _head, _length) = (reader, head, length);
        long at = reader.Position;
        string compression = reader.Name("the compression");
        _ = reader.Name("the version of the compression");
        _packing = BlockPacking.Find(compression);
        if (_packing is null && compression is not "none")
        {
            throw reader.Bad(at, "the file is compressed by another algorithm than zstd");
        }
    }

    /// <summary>Reads it.</summary>
    /// <param name="reader">Behind the page size.</param>
    /// <param name="head">Takes what is found.</param>
    /// <param name="length">Bytes of the file.</param>
    public static void Read(ByteReader reader, FileHead head, long length)
    {
        var version7 = new HeadVersion7(reader, head, length);
        version7.ReadOptionSections(reader.U64("the place of the options"));
        foreach ((ushort id, Action<FileHead, ByteReader> read) in Parts)
        {
            if (version7._places.TryGetValue(id, out ulong place))
            {
                read(head, version7.Section(place, id));
            }
        }

        uint cpus = head.Options.Cpus;
        if (cpus > FileHead.MostCpus)
        {
            throw reader.Bad(reader.Position, $"{cpus} CPUs, at most {FileHead.MostCpus} are read");
        }

        head.Cpus = Math.Max((int)cpus, head.Regions.Select(region => region.Cpu + 1).DefaultIfEmpty(0).Max());
    }

    private void ReadOptionSections(ulong place)
    {
        for (int section = 0; place != 0; section++)
        {
            if (section == MostOptionSections)
            {
                throw _reader.Bad(_reader.Position, $"more than {MostOptionSections} sections of options");
            }

            place = ReadOptions(Section(place, Done));
        }
    }

    /// <summary>Reads the options of a section; returns where the next section of options is, 0 for none.</summary>
    private ulong ReadOptions(ByteReader options)
    {
        while (true)
        {
            ushort id = options.U16("an option");
            uint size = options.U32("an option");
            long end = options.Position + size;
            if (size > options.Left)
            {
                throw options.Bad(options.Position, $"option {id} is said to be {size} bytes long, the section has {options.Left} more");
            }

            switch (id)
            {
                case Done: return size >= sizeof(ulong) ? options.U64("the place of more options") : 0;
                case Buffer: ReadBuffer(options); break;
                case >= FirstPart and <= FirstPart + 5 when size >= sizeof(ulong): _places[id] = options.U64("the place of a section"); break;
                default: _head.Options.Read(options, id, size); break;
            }

            if (options.Position > end)
            {
                throw options.Bad(options.Position, $"option {id} goes on behind its {size} bytes");
            }

            options.Skip((ulong)(end - options.Position), "an option");
        }
    }

    /// <summary>Reads where the pages are; the buffers of instances, which have a name, are left out.</summary>
    private void ReadBuffer(ByteReader option)
    {
        ulong place = option.U64("the place of a buffer");
        string name = option.Name("the name of a buffer");
        _ = option.Name("the clock of a buffer");
        uint pageBytes = option.U32("the page size of a buffer");
        uint cpus = option.U32("the number of CPUs of a buffer");
        if (_hasBuffer || name.Length > 0)
        {
            return;
        }

        _hasBuffer = true;
        _head.PageBytes = pageBytes;
        _head.Packing = IsCompressed(place) ? _packing : null;
        for (uint i = 0; i < cpus; i++)
        {
            uint cpu = option.U32("a CPU of a buffer");
            ulong offset = option.U64("a CPU of a buffer");
            _head.AddRegion(option, _length, cpu, offset, option.U64("a CPU of a buffer"));
        }
    }

    private bool IsCompressed(ulong place)
    {
        long back = _reader.Position;
        _reader.Seek(place, "a buffer");
        _ = _reader.U16("a buffer");
        bool compressed = (_reader.U16("a buffer") & CompressedFlag) != 0;
        _reader.Seek((ulong)back, "the options");
        return compressed ? _packing is not null ? true : throw _reader.Bad((long)place, "a buffer is compressed, but the file names no compression") : false;
    }

    /// <summary>The body of a section, unpacked where it is compressed.</summary>
    private ByteReader Section(ulong place, ushort id)
    {
        _reader.Seek(place, $"section {id}");
        ushort found = _reader.U16("a section");
        ushort flags = _reader.U16("a section");
        _ = _reader.U32("a section");
        ulong size = _reader.U64("a section");
        if (found != id)
        {
            throw _reader.Bad((long)place, $"section {id} is due here, section {found} is found");
        }

        if (size > (ulong)_reader.Left)
        {
            throw _reader.Bad((long)place, $"section {id} is said to be {size} bytes long, the file has {_reader.Left} more");
        }

        if ((flags & CompressedFlag) == 0)
        {
            return new ByteReader(new MemoryStream(_reader.Bytes(size, MostPartBytes, $"section {id}"), writable: false), (long)place)
            {
                BigEndian = _reader.BigEndian,
            };
        }

        if (_packing is null)
        {
            throw _reader.Bad((long)place, "a section is compressed, but the file names no compression");
        }

        uint packed = _reader.U32("a compressed section");
        uint raw = _reader.U32("a compressed section");
        if (raw > MostPartBytes)
        {
            throw _reader.Bad((long)place, $"section {id} unpacks to {raw} bytes, at most {MostPartBytes} are read");
        }

        byte[] body = new byte[raw];
        if (_packing.Unpack(_reader.Bytes(packed, MostPartBytes, $"section {id}"), body) != raw)
        {
            throw _reader.Bad((long)place, $"section {id} does not unpack to {raw} bytes");
        }

        return new ByteReader(new MemoryStream(body, writable: false), (long)place) { BigEndian = _reader.BigEndian };
    }
}
