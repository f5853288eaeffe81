using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>Where the pages of a CPU stand.</summary>
/// <param name="Cpu">The CPU.</param>
/// <param name="Offset">Offset of the first page, or of the first chunk.</param>
/// <param name="Bytes">Bytes in the file; it has them.</param>
internal readonly record struct CpuRegion(int Cpu, long Offset, long Bytes);

/// <summary>What a trace.dat says of itself in front of its pages; the bodies of its sections are the same in all versions.</summary>
internal sealed class FileHead
{
    /// <summary>More CPUs are refused; Linux has at most 8192.</summary>
    public const int MostCpus = 8192;

    private const int MostHeaderText = 1 << 16;
    private const int MostSystems = 1 << 14;
    private const int MostTableText = 1 << 26;

    private string? _headerPage;
    private TracePlace _headerPlace;
    private long _regionBytes;

    /// <summary>The formats by the numbers in the records.</summary>
    public Dictionary<int, RecordedFormat> Formats { get; } = [];

    /// <summary>Texts of the kernel by address.</summary>
    public PrintkTexts Printk { get; private set; } = new(string.Empty);

    /// <summary>Lines "pid name".</summary>
    public string CommandLines { get; private set; } = string.Empty;

    /// <summary>What the options say.</summary>
    public FileOptions Options { get; } = new();

    /// <summary>The CPUs that have pages.</summary>
    public List<CpuRegion> Regions { get; } = [];

    /// <summary>Number of CPUs.</summary>
    public int Cpus { get; set; }

    /// <summary>Bytes of a page.</summary>
    public uint PageBytes { get; set; }

    /// <summary>Bytes of the kernel's long as the file says.</summary>
    public int LongBytes { get; init; }

    /// <summary>How the pages are packed; null where they are not.</summary>
    public BlockPacking? Packing { get; set; }

    /// <summary>Where a page has what.</summary>
    /// <exception cref="TraceFileException">The file does not say, or it is something unknown.</exception>
    public PageLayout Layout() => PageLayout.Parse(
        _headerPage ?? throw new TraceFileException(null, "the file has no header_page"), PageBytes, _headerPlace);

    /// <summary>header_page and header_event.</summary>
    public void ReadHeaders(ByteReader reader)
    {
        Expect(reader, "header_page");
        _headerPlace = reader.Here;
        _headerPage = reader.Text(reader.U64("header_page"), MostHeaderText, "header_page");
        Expect(reader, "header_event");
        reader.Skip(reader.U64("header_event"), "header_event");
    }

    /// <summary>The formats of the system ftrace.</summary>
    public void ReadFtraceFormats(ByteReader reader) => ReadFormats(reader, "ftrace");

    /// <summary>The formats of the other systems.</summary>
    public void ReadSystems(ByteReader reader)
    {
        uint systems = reader.U32("the number of systems");
        if (systems > MostSystems)
        {
            throw reader.Bad(reader.Position, $"{systems} systems of events, at most {MostSystems} are read");
        }

        for (uint i = 0; i < systems; i++)
        {
            ReadFormats(reader, reader.Name("the name of a system"));
        }
    }

    /// <summary>The texts that const char * fields point to.</summary>
    public void ReadPrintk(ByteReader reader) =>
        Printk = new PrintkTexts(reader.Text(reader.U32("printk_formats"), MostTableText, "printk_formats"));

    /// <summary>The names of the tasks.</summary>
    public void ReadCommandLines(ByteReader reader) =>
        CommandLines = reader.Text(reader.U64("saved_cmdlines"), MostTableText, "saved_cmdlines");

    /// <summary>Adds the pages of a CPU.</summary>
    /// <param name="reader">For the error.</param>
    /// <param name="length">Bytes of the file.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="offset">As the file says.</param>
    /// <param name="bytes">As the file says; 0 where it has none.</param>
    public void AddRegion(ByteReader reader, long length, uint cpu, ulong offset, ulong bytes)
    {
        if (cpu >= MostCpus)
        {
            throw reader.Bad(reader.Position, $"CPU {cpu}, at most {MostCpus} CPUs are read");
        }

        if (bytes == 0)
        {
            return;
        }

        // No two CPUs have the same bytes: else a small file could say that it is a huge one.
        if (offset > (ulong)length || bytes > (ulong)length - offset || bytes > (ulong)(length - _regionBytes))
        {
            throw reader.Bad(reader.Position, $"CPU {cpu} is said to have {bytes} bytes at {offset}, the CPUs before it {_regionBytes}; the file has {length}");
        }

        _regionBytes += (long)bytes;
        Regions.Add(new CpuRegion((int)cpu, (long)offset, (long)bytes));
    }

    private void ReadFormats(ByteReader reader, string system)
    {
        uint count = reader.U32("the number of formats");
        for (uint i = 0; i < count; i++)
        {
            TracePlace place = reader.Here;
            string text = reader.Text(reader.U64("a format"), RecordedFormat.LongestText, "a format");
            RecordedFormat format = RecordedFormat.Parse(system, text, place);

            // Numbers have 16 bits, so there is an end to them; where a number comes twice the first stays, as in trace-cmd.
            Formats.TryAdd(format.Id, format);
        }
    }

    private static void Expect(ByteReader reader, string name)
    {
        long at = reader.Position;
        string found = reader.Name(name);
        if (!string.Equals(found, name, StringComparison.Ordinal))
        {
            throw reader.Bad(at, $"{name} is due here");
        }
    }
}
