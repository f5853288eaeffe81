using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ActorTrace.Traces.Formats.TraceDat;

namespace ActorTrace.Traces.Formats.PerfData;

/// <summary>Header, attributes and features of perf.data (docs/formats/perf-data.md).</summary>
internal static class PerfDataHead
{
    /// <summary>struct perf_file_header.</summary>
    public const int HeaderBytes = 104;

    private const int AttributeBytes = 112;
    private const int SectionBytes = 2 * sizeof(ulong);
    private const uint Tracepoint = 2;

    // IDENTIFIER, TID, TIME, CPU, PERIOD, RAW.
    private const ulong SampleType = 0x10000 | 2 | 4 | 0x80 | 0x100 | 0x400;

    // Else perf report warns of the kernel's addresses on the machine that it runs on; nothing else looks at it.
    private const ulong ExcludeKernel = 1UL << 5;
    private const ulong SampleIdAll = 1UL << 18;
    private const ulong ExcludeGuest = 1UL << 20;
    private const ulong Mmap = 1UL << 8;
    private const ulong Comm = 1UL << 9;

    /// <summary>Writes all that follows the records, then the header in front.</summary>
    public static void Write(
        Stream output, long dataStart, int cpus, EventTypes types, IEnumerable<KeyValuePair<int, string>> names, ulong first, ulong last)
    {
        long dataEnd = output.Position;

        // Readers look for the table of features where the data ends.
        ulong bitmap = Features(output, dataEnd, cpus, types, names, first, last);
        output.Position = output.Length;
        long ids = output.Position;
        foreach (EventType type in types.All)
        {
            TraceDatHead.U64(output, PerfDataWriter.IdOf(type));
        }

        long attributes = output.Position;
        for (int i = 0; i < types.All.Count; i++)
        {
            output.Write(Attribute(types.All[i], i == 0));
            Section(output, ids + (i * sizeof(ulong)), sizeof(ulong));
        }

        long attributesEnd = output.Position;
        output.Position = 0;
        output.Write("PERFILE2"u8);
        TraceDatHead.U64(output, HeaderBytes);
        TraceDatHead.U64(output, AttributeBytes + SectionBytes);
        Section(output, attributes, attributesEnd - attributes);
        Section(output, dataStart, dataEnd - dataStart);
        Section(output, 0, 0);
        TraceDatHead.U64(output, bitmap);
        output.Position = output.Length;
    }

    private static void Section(Stream output, long offset, long size)
    {
        TraceDatHead.U64(output, (ulong)offset);
        TraceDatHead.U64(output, (ulong)size);
    }

    /// <summary>struct perf_event_attr, its first 112 bytes.</summary>
    private static byte[] Attribute(EventType type, bool first)
    {
        byte[] attribute = new byte[AttributeBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(attribute, Tracepoint);
        BinaryPrimitives.WriteUInt32LittleEndian(attribute.AsSpan(4), AttributeBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(attribute.AsSpan(8), type.Id);
        BinaryPrimitives.WriteUInt64LittleEndian(attribute.AsSpan(16), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(attribute.AsSpan(24), SampleType);
        BinaryPrimitives.WriteUInt64LittleEndian(attribute.AsSpan(40), ExcludeKernel | SampleIdAll | ExcludeGuest | (first ? Mmap | Comm : 0));
        return attribute;
    }

    private static ulong Features(
        Stream output, long table, int cpus, EventTypes types, IEnumerable<KeyValuePair<int, string>> names, ulong first, ulong last)
    {
        (int Bit, Action<Stream> Write)[] features =
        [
            (1, s => TraceDatHead.WriteForPerf(s, types, names)),
            (3, s => Text(s, "actortrace")),
            (4, s => Text(s, "6.1.0-actortrace")),
            (5, s => Text(s, "6.1.0")),
            (6, s => Text(s, "armv7l")),
            (7, s =>
            {
                TraceDatHead.U32(s, (uint)cpus);
                TraceDatHead.U32(s, (uint)cpus);
            }),
            (8, s => Text(s, "ARMv7 Processor rev 0 (v7l), simulated")),
            (9, s => Text(s, "0x410fc0f0")),
            (11, s =>
            {
                TraceDatHead.U32(s, 1);
                Text(s, "actortrace");
            }),
            (12, s => Descriptions(s, types.All)),
            (21, s =>
            {
                TraceDatHead.U64(s, first);
                TraceDatHead.U64(s, last);
            }),
        ];
        ulong bitmap = features.Aggregate(0UL, (bits, feature) => bits | (1UL << feature.Bit));
        output.Write(new byte[features.Length * SectionBytes]);
        var sections = new List<(long Offset, long Size)>();
        foreach ((_, Action<Stream> write) in features)
        {
            long start = output.Position;
            write(output);
            sections.Add((start, output.Position - start));
        }

        output.Position = table;
        foreach ((long offset, long size) in sections)
        {
            Section(output, offset, size);
        }

        return bitmap;
    }

    private static void Descriptions(Stream output, IReadOnlyList<EventType> types)
    {
        TraceDatHead.U32(output, (uint)types.Count);
        TraceDatHead.U32(output, AttributeBytes);
        for (int i = 0; i < types.Count; i++)
        {
            output.Write(Attribute(types[i], i == 0));
            TraceDatHead.U32(output, 1);
            Text(output, string.Create(CultureInfo.InvariantCulture, $"{types[i].System}:{types[i].Name}"));
            TraceDatHead.U64(output, PerfDataWriter.IdOf(types[i]));
        }
    }

    /// <summary>u32 length, a multiple of 64, and the text with NULs.</summary>
    private static void Text(Stream output, string text)
    {
        const int grain = 64;
        byte[] padded = new byte[(text.Length + grain) / grain * grain];
        Encoding.ASCII.GetBytes(text, padded);
        TraceDatHead.U32(output, (uint)padded.Length);
        output.Write(padded);
    }
}
