namespace ActorTrace.Traces.Formats.TraceDat;

/// <summary>Version 7: sections with a header each, found through options; bodies may be compressed.</summary>
/// <remarks>
/// <code>
///  file:    magic, version, byte order, long size, page size; compression's name, its version; u64 place of the options; sections
///  section: u16 id; u16 flags: bit 0 compressed; u32 name, a place in the strings; u64 bytes of the body; body
///  body:    as in version 6; compressed: u32 bytes stored, u32 bytes unpacked, data
///  buffer:  each CPU from a page boundary on: its pages; compressed: u32 chunks, then chunks like a compressed body, of up to 10 pages
/// </code>
/// Sections stand back to back: readers find the strings by going from one to the next.
/// </remarks>
/// <param name="compression">How bodies and pages are stored.</param>
internal sealed class Version7Layout(TraceDatCompression compression) : ITraceDatLayout
{
    private const ushort Done = 0;
    private const ushort Buffer = 3;
    private const ushort Strings = 15;
    private const ushort Compressed = 1;
    private const int ChunkPages = 10;

    /// <summary>The parts of version 6 that are sections here: section and option have the same number.</summary>
    private static readonly (ushort Id, string Name, Action<Stream, TraceDatContent> Write)[] Parts =
    [
        (16, "headers", (output, _) => TraceDatHead.HeaderInfo(output)),
        (17, "ftrace events", (output, content) => TraceDatHead.BuiltInFormats(output, content.Types.All, FormatFiles.BinaryPrint)),
        (18, "events format", (output, content) => TraceDatHead.SystemFormats(output, content.Types.All)),
        (19, "kallsyms", (output, _) => TraceDatHead.Symbols(output)),
        (20, "printk", (output, content) => TraceDatHead.PrintkFormats(output, content.Types)),
        (21, "command lines", (output, content) => TraceDatHead.Names(output, content.Names)),
    ];

    /// <inheritdoc/>
    public void Write(Stream output, TraceDatContent content)
    {
        using IBlockCompressor? compressor = compression.Start();
        var names = new MemoryStream();
        TraceDatHead.Begin(output, "7");
        TraceDatHead.Name(output, compression.Name);
        TraceDatHead.Name(output, compression.Version);
        long place = output.Position;
        TraceDatHead.U64(output, 0);

        List<TraceDatOption> options = [.. content.Options];
        foreach ((ushort id, string name, Action<Stream, TraceDatContent> write) in Parts)
        {
            options.Add(Place(id, output.Position));
            byte[] body = TraceDatOptions.Bytes(part => write(part, content));
            Section(output, id, Name(names, name), compressor is not null, () => Block(output, body, compressor));
        }

        options.Add(Pages(output, content.Cpus, Name(names, "flyrecord"), compressor));
        uint optionsName = Name(names, "options");
        Section(output, Strings, Name(names, "strings"), compressor is not null, () => Block(output, names.ToArray(), compressor));
        long optionsAt = output.Position;
        options.Add(Place(Done, 0));
        Section(output, Done, optionsName, compressed: false, () => TraceDatOptions.Write(output, options));
        output.Position = place;
        TraceDatHead.U64(output, (ulong)optionsAt);
        output.Position = output.Length;
    }

    private static TraceDatOption Place(ushort id, long offset) =>
        new(id, TraceDatOptions.Bytes(data => TraceDatHead.U64(data, (ulong)offset)));

    private static uint Name(MemoryStream names, string name)
    {
        uint place = (uint)names.Position;
        TraceDatHead.Name(names, name);
        return place;
    }

    /// <summary>Writes a section; its size is filled in when its body is there.</summary>
    private static void Section(Stream output, ushort id, uint name, bool compressed, Action body)
    {
        TraceDatHead.U16(output, id);
        TraceDatHead.U16(output, compressed ? Compressed : (ushort)0);
        TraceDatHead.U32(output, name);
        long place = output.Position;
        TraceDatHead.U64(output, 0);
        long start = output.Position;
        body();
        long end = output.Position;
        output.Position = place;
        TraceDatHead.U64(output, (ulong)(end - start));
        output.Position = end;
    }

    private static void Block(Stream output, ReadOnlySpan<byte> data, IBlockCompressor? compressor)
    {
        if (compressor is null)
        {
            output.Write(data);
            return;
        }

        ReadOnlySpan<byte> stored = compressor.Compress(data);
        TraceDatHead.U32(output, (uint)stored.Length);
        TraceDatHead.U32(output, (uint)data.Length);
        output.Write(stored);
    }

    /// <summary>Writes the pages; the option that says where they are names only CPUs that have some.</summary>
    private static TraceDatOption Pages(Stream output, CpuPages[] cpus, uint name, IBlockCompressor? compressor)
    {
        long section = output.Position;
        var places = new List<(int Cpu, long Offset, long Bytes)>();
        Section(output, Buffer, name, compressor is not null, () =>
        {
            for (int cpu = 0; cpu < cpus.Length; cpu++)
            {
                if (cpus[cpu].Bytes > 0)
                {
                    PageAlignment.Pad(output);
                    long start = output.Position;
                    Pages(output, cpus[cpu], compressor);
                    places.Add((cpu, start, output.Position - start));
                }
            }
        });

        return new TraceDatOption(Buffer, TraceDatOptions.Bytes(data =>
        {
            TraceDatHead.U64(data, (ulong)section);
            TraceDatHead.Name(data, string.Empty);
            TraceDatHead.Name(data, TraceDatOptions.Clock);
            TraceDatHead.U32(data, CpuPages.PageBytes);
            TraceDatHead.U32(data, (uint)places.Count);
            foreach ((int cpu, long offset, long bytes) in places)
            {
                TraceDatHead.U32(data, (uint)cpu);
                TraceDatHead.U64(data, (ulong)offset);
                TraceDatHead.U64(data, (ulong)bytes);
            }
        }));
    }

    private static void Pages(Stream output, CpuPages cpu, IBlockCompressor? compressor)
    {
        const int chunkBytes = ChunkPages * CpuPages.PageBytes;
        if (compressor is not null)
        {
            TraceDatHead.U32(output, (uint)((cpu.Bytes + chunkBytes - 1) / chunkBytes));
        }

        byte[] chunk = new byte[chunkBytes];
        cpu.Spool.Position = 0;
        int read;
        while ((read = cpu.Spool.ReadAtLeast(chunk, chunkBytes, throwOnEndOfStream: false)) > 0)
        {
            Block(output, chunk.AsSpan(0, read), compressor);
        }
    }
}
