using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ActorTrace.Traces.Formats.TraceDat;

/// <summary>Everything of a trace.dat in front of the table of CPUs: magic, formats, symbols, names.</summary>
internal static class TraceDatHead
{
    private const int PageBytes = CpuPages.PageBytes;
    private const byte LittleEndian = 0;
    private const byte LongBytes = 8;

    /// <summary>Writes the head of version 6, the parts one behind the other.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="types">Types of the events.</param>
    /// <param name="names">Names of the pids seen.</param>
    public static void Write(Stream output, EventTypes types, IEnumerable<KeyValuePair<int, string>> names)
    {
        Begin(output, "6");
        HeaderInfo(output);
        BuiltInFormats(output, types.All, FormatFiles.BinaryPrint);
        SystemFormats(output, types.All);
        Symbols(output);
        PrintkFormats(output, types);
        Names(output, names);
    }

    /// <summary>Writes the head as perf keeps it: without symbols, which perf would look up on the machine that it runs on.</summary>
    public static void WriteForPerf(Stream output, EventTypes types, IEnumerable<KeyValuePair<int, string>> names)
    {
        Begin(output, "0.6");
        HeaderInfo(output);
        BuiltInFormats(output, types.All);
        SystemFormats(output, types.All);
        ShortText(output, string.Empty);
        PrintkFormats(output, types);
        Names(output, names);
    }

    /// <summary>Magic, version, byte order, long size, page size.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="version">"6" or "7" for trace-cmd, "0.6" for perf.</param>
    public static void Begin(Stream output, string version)
    {
        output.Write([0x17, 0x08, 0x44]);
        output.Write("tracing"u8);
        Name(output, version);
        output.Write([LittleEndian, LongBytes]);
        U32(output, PageBytes);
    }

    /// <summary>The layout of pages and of the headers of events.</summary>
    public static void HeaderInfo(Stream output)
    {
        Name(output, "header_page");
        LongText(output, FormatFiles.HeaderPage);
        Name(output, "header_event");
        LongText(output, FormatFiles.HeaderEvent);
    }

    /// <summary>printk_formats: the texts that events point to.</summary>
    public static void PrintkFormats(Stream output, EventTypes types)
    {
        var text = new StringBuilder();
        Span<byte> plain = stackalloc byte[PlainText.MostBytes];
        foreach ((string told, ulong address) in types.StaticTexts)
        {
            string shown = Encoding.ASCII.GetString(plain[..PlainText.Write(told, plain)]).Replace('"', '\'');
            text.Append(CultureInfo.InvariantCulture, $"0x{address:x} : \"{shown}\"\n");
        }

        ShortText(output, text.ToString());
    }

    /// <summary>saved_cmdlines: pid and name, in order of pid.</summary>
    public static void Names(Stream output, IEnumerable<KeyValuePair<int, string>> names) =>
        LongText(output, string.Concat(names.OrderBy(name => name.Key).Select(
            name => string.Create(CultureInfo.InvariantCulture, $"{name.Key} {name.Value}\n"))));

    /// <summary>kallsyms: the function that markers come from.</summary>
    public static void Symbols(Stream output) => ShortText(output, string.Create(
        CultureInfo.InvariantCulture,
        $"{EventMapper.MarkerFunctionAddress:x16} T {EventCatalogue.MarkerFunction}\n{EventMapper.MarkerFunctionAddress + PageBytes:x16} T _etext\n"));

    /// <summary>The formats of the system ftrace, with more of them.</summary>
    public static void BuiltInFormats(Stream output, IReadOnlyList<EventType> types, params string[] more)
    {
        string[] formats = [.. types.Where(IsBuiltIn).Select(FormatFiles.Of), .. more];
        U32(output, (uint)formats.Length);
        foreach (string format in formats)
        {
            LongText(output, format);
        }
    }

    /// <summary>The other systems with their formats.</summary>
    public static void SystemFormats(Stream output, IReadOnlyList<EventType> types)
    {
        IGrouping<string, EventType>[] systems = [.. types.Where(type => !IsBuiltIn(type)).GroupBy(type => type.System, StringComparer.Ordinal)];
        U32(output, (uint)systems.Length);
        foreach (IGrouping<string, EventType> system in systems)
        {
            Name(output, system.Key);
            U32(output, (uint)system.Count());
            foreach (EventType type in system)
            {
                LongText(output, FormatFiles.Of(type));
            }
        }
    }

    private static bool IsBuiltIn(EventType type) => string.Equals(type.System, "ftrace", StringComparison.Ordinal);

    /// <summary>Bytes and a NUL.</summary>
    public static void Name(Stream output, string name)
    {
        output.Write(Encoding.ASCII.GetBytes(name));
        output.WriteByte(0);
    }

    /// <summary>u64 length and bytes.</summary>
    public static void LongText(Stream output, string text)
    {
        U64(output, (ulong)text.Length);
        output.Write(Encoding.ASCII.GetBytes(text));
    }

    public static void U16(Stream output, ushort value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        output.Write(bytes);
    }

    public static void U32(Stream output, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        output.Write(bytes);
    }

    public static void U64(Stream output, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        output.Write(bytes);
    }

    private static void ShortText(Stream output, string text)
    {
        U32(output, (uint)text.Length);
        output.Write(Encoding.ASCII.GetBytes(text));
    }
}
