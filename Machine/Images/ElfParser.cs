using System.Text;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Images;

/// <summary>Reads the headers and tables of an ELF file (System V ABI, chapter 4 and 5).</summary>
internal static class ElfParser
{
    /// <summary>SHT_NOBITS: a section without bytes in the file.</summary>
    internal const uint NoBits = 8;

    private const uint SectionTypeSymbolTable = 2;
    private const uint SegmentTypeLoad = 1;
    private const int HeaderSize = 52;
    private const int SegmentEntrySize = 32;
    private const int SectionEntrySize = 40;
    private const int SymbolEntrySize = 16;
    private const ushort UndefinedSection = 0;
    private const ushort AbsoluteSection = 0xFFF1;
    private const ushort MachineArm = 40;
    private const ushort TypeObject = 1;
    private const ushort TypeExecutable = 2;
    private const ushort TypeShared = 3;

    private readonly record struct Header(
        ushort Type, uint Entry, uint SegmentTable, int Segments, uint SectionTable, int Sections, int SectionNames);

    internal static ElfImage Parse(ReadOnlyMemory<byte> bytes, string name, bool orObjectFile)
    {
        var header = ReadHeader(bytes.Span, name, orObjectFile);
        var segments = ReadSegments(bytes, name, header);
        var sections = ReadSections(bytes.Span, name, header);
        var symbols = ReadSymbols(bytes.Span, name, sections);
        return new ElfImage(
            name, bytes, new GuestVa(header.Entry), header.Type == TypeObject, segments, [.. sections.Skip(1)], symbols);
    }

    private static Header ReadHeader(ReadOnlySpan<byte> bytes, string name, bool orObjectFile)
    {
        if (!bytes.StartsWith("\u007fELF"u8))
        {
            throw new ImageFormatException(name, 0, "not an ELF file", "a guest's image is an ARM ELF executable");
        }

        var reader = new ImageReader(bytes, 0, name, "the ELF header");
        reader.Seek(4);
        if (reader.U8() != 1)
        {
            throw new ImageFormatException(name, 4, "a 64-bit ELF file", "build it for 32-bit ARM");
        }

        if (reader.U8() != 1)
        {
            throw new ImageFormatException(name, 5, "a big-endian ELF file", "build it with -mlittle-endian");
        }

        reader.Seek(16);
        ushort type = reader.U16();
        ushort machine = reader.U16();
        if (machine != MachineArm)
        {
            throw new ImageFormatException(
                name, 18, $"built for machine {machine}, not for ARM ({MachineArm})", "build it for 32-bit ARM");
        }

        if (type is not (TypeExecutable or TypeShared) && !(orObjectFile && type == TypeObject))
        {
            throw new ImageFormatException(
                name, 16, $"ELF type {type} is no executable", "link it: object files and core dumps cannot run");
        }

        reader.Skip(4);
        uint entry = reader.U32();
        uint segmentTable = reader.U32();
        uint sectionTable = reader.U32();
        reader.Skip(4 + 2);
        ushort segmentEntrySize = reader.U16();
        ushort segments = reader.U16();
        ushort sectionEntrySize = reader.U16();
        ushort sections = reader.U16();
        ushort sectionNames = reader.U16();
        if (segments > 0 && segmentEntrySize != SegmentEntrySize)
        {
            throw new ImageFormatException(name, 42, $"program headers of {segmentEntrySize} bytes instead of 32");
        }

        if (sections > 0 && sectionEntrySize != SectionEntrySize)
        {
            throw new ImageFormatException(name, 46, $"section headers of {sectionEntrySize} bytes instead of 40");
        }

        if (sectionNames >= sections && sections > 0)
        {
            throw new ImageFormatException(name, 50, "the section with the section names does not exist");
        }

        return new Header(type, entry, segmentTable, segments, sectionTable, sections, sectionNames);
    }

    private static List<ElfSegment> ReadSegments(ReadOnlyMemory<byte> bytes, string name, Header header)
    {
        var segments = new List<ElfSegment>();
        var reader = new ImageReader(bytes.Span, 0, name, "the program header table");
        for (int i = 0; i < header.Segments; i++)
        {
            ulong entry = header.SegmentTable + ((ulong)i * SegmentEntrySize);
            reader.Seek(entry);
            uint type = reader.U32();
            uint offset = reader.U32();
            uint virtualAddress = reader.U32();
            uint physicalAddress = reader.U32();
            uint fileSize = reader.U32();
            uint memorySize = reader.U32();
            uint flags = reader.U32();
            if (type != SegmentTypeLoad || memorySize == 0)
            {
                continue;
            }

            Require(bytes.Length, offset, fileSize, name, entry, $"segment {i}");
            if (fileSize > memorySize)
            {
                throw new ImageFormatException(name, entry, $"segment {i} has more bytes in the file than in memory");
            }

            if ((ulong)virtualAddress + memorySize > 1UL << 32 || (ulong)physicalAddress + memorySize > 1UL << 32)
            {
                throw new ImageFormatException(name, entry, $"segment {i} passes the end of the address space");
            }

            segments.Add(new ElfSegment(
                new GuestVa(virtualAddress),
                new Ipa(physicalAddress),
                bytes.Slice((int)offset, (int)fileSize),
                memorySize,
                (ElfSegmentFlags)(flags & 7)));
        }

        return segments.Count > 0 || header.Type == TypeObject
            ? segments
            : throw new ImageFormatException(name, 44, "nothing to load: no PT_LOAD segment", "link it");
    }

    private static List<ElfSection> ReadSections(ReadOnlySpan<byte> bytes, string name, Header header)
    {
        var raw = new List<(uint NameOffset, ElfSection Section)>();
        var reader = new ImageReader(bytes, 0, name, "the section header table");
        for (int i = 0; i < header.Sections; i++)
        {
            ulong entry = header.SectionTable + ((ulong)i * SectionEntrySize);
            reader.Seek(entry);
            uint nameOffset = reader.U32();
            uint type = reader.U32();
            uint flags = reader.U32();
            uint address = reader.U32();
            uint offset = reader.U32();
            uint size = reader.U32();
            uint link = reader.U32();
            uint info = reader.U32();
            if (type is not (0 or NoBits))
            {
                Require(bytes.Length, offset, size, name, entry, $"section {i}");
            }

            raw.Add((
                nameOffset,
                new ElfSection("", new GuestVa(address), offset, type == 0 ? 0 : size, type, flags, link, info)));
        }

        if (raw.Count == 0)
        {
            return [];
        }

        var strings = raw[header.SectionNames].Section;
        var names = Part(bytes, strings, name, "the table of section names");
        var sections = new List<ElfSection>(raw.Count);
        foreach (var (nameOffset, section) in raw)
        {
            names.Seek(nameOffset);
            sections.Add(section with { Name = names.AtEnd ? "" : names.Name() });
        }

        return sections;
    }

    private static SymbolTable ReadSymbols(ReadOnlySpan<byte> bytes, string image, List<ElfSection> sections)
    {
        var symbols = new List<ElfSymbol>();
        var mapping = new List<(GuestVa Address, CodeEncoding Encoding)>();
        var table = sections.Find(s => s.Type == SectionTypeSymbolTable);
        if (table is null)
        {
            return new SymbolTable(symbols, mapping);
        }

        if (table.Link >= (uint)sections.Count)
        {
            throw new ImageFormatException(image, table.FileOffset, "the symbol table names no string table");
        }

        var names = Part(bytes, sections[(int)table.Link], image, "the table of symbol names");
        var reader = Part(bytes, table, image, "the symbol table");
        long nameBudget = 16L * bytes.Length;
        for (uint i = 0; i < table.Size / SymbolEntrySize; i++)
        {
            uint nameOffset = reader.U32();
            uint value = reader.U32();
            uint size = reader.U32();
            byte info = reader.U8();
            reader.Skip(1);
            ushort section = reader.U16();
            if (section == UndefinedSection || nameOffset == 0)
            {
                continue;
            }

            names.Seek(nameOffset);
            string name = Encoding.UTF8.GetString(names.NameBytes());
            nameBudget -= name.Length;
            if (nameBudget < 0)
            {
                // Overlapping names could make a small file large in memory.
                throw reader.Fail("the names of the symbols are together far longer than the file");
            }

            Add(symbols, mapping, name, value, size, info, section == AbsoluteSection);
        }

        return new SymbolTable(symbols, mapping);
    }

    private static void Add(
        List<ElfSymbol> symbols,
        List<(GuestVa Address, CodeEncoding Encoding)> mapping,
        string name,
        uint value,
        uint size,
        byte info,
        bool absolute)
    {
        if (MappingEncoding(name) is var encoding and not CodeEncoding.Unknown)
        {
            mapping.Add((new GuestVa(value), encoding));
            return;
        }

        int type = info & 0xF;
        if (type > (int)ElfSymbolKind.Function || name.Length == 0 || name[0] == '$')
        {
            return;
        }

        var kind = (ElfSymbolKind)type;
        bool thumb = kind == ElfSymbolKind.Function && (value & 1) != 0;
        symbols.Add(new ElfSymbol(
            name, new GuestVa(thumb ? value & ~1u : value), size, kind, info >> 4 != 0, thumb, absolute));
    }

    private static CodeEncoding MappingEncoding(string name) =>
        name.Length < 2 || name[0] != '$' || (name.Length > 2 && name[2] != '.')
            ? CodeEncoding.Unknown
            : name[1] switch
            {
                'a' => CodeEncoding.A32,
                't' => CodeEncoding.T32,
                'd' => CodeEncoding.Data,
                _ => CodeEncoding.Unknown,
            };

    /// <summary>A reader of a section's bytes.</summary>
    internal static ImageReader Part(ReadOnlySpan<byte> bytes, ElfSection section, string image, string part)
    {
        if (section.Type == NoBits)
        {
            throw new ImageFormatException(image, section.FileOffset, $"{part} has no bytes in the file");
        }

        return new ImageReader(
            bytes.Slice((int)section.FileOffset, (int)section.Size), section.FileOffset, image, part);
    }

    private static void Require(int length, uint offset, uint size, string name, ulong entry, string what)
    {
        if ((ulong)offset + size > (ulong)length)
        {
            throw new ImageFormatException(
                name, entry, $"{what} passes the end of the file", "the file is truncated: copy or build it again");
        }
    }
}
