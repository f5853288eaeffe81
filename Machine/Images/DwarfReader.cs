using System.Text;

namespace ActorTrace.Machine.Images;

/// <summary>Reads the types and global variables of an image: DWARF 2 to 5 and mixtures as GCC and Clang write it, type
/// units included. Split files (.dwo) are left out.</summary>
internal sealed class DwarfReader
{
    private const byte OpAddr = 0x03;
    private const byte OpPlusUconst = 0x23;
    private const byte OpAddrx = 0xa1;
    private const byte OpGnuAddrIndex = 0xfb;

    private readonly ElfImage _image;
    private readonly DwarfSections _sections;
    private readonly uint _origin;
    private readonly DwarfAbbreviations _abbreviations;
    private readonly DwarfTypeBuilder _builder;
    private readonly DwarfEntry _entry = new();
    private readonly Dictionary<(DwarfClass Class, ulong Offset), string> _names = [];
    private long _nameBudget;

    private DwarfReader(ElfImage image, DwarfSections sections)
    {
        _image = image;
        _sections = sections;
        _origin = sections.Units().Origin;
        _abbreviations = new DwarfAbbreviations(sections);
        _builder = new DwarfTypeBuilder(this, image.Name, _origin);
        _nameBudget = (16L * image.Bytes.Length) + sections.Units().Length;
    }

    /// <summary>Reads an image's debug information.</summary>
    /// <exception cref="ImageFormatException">It is malformed.</exception>
    internal static TypeGraph Read(ElfImage image)
    {
        var sections = new DwarfSections(image);
        return sections.HasInfo ? new DwarfReader(image, sections).Read() : TypeGraph.Empty;
    }

    /// <summary>The text of a name attribute; null where it has none or it stands in another file.</summary>
    internal string? Text(DwarfValue value, DwarfUnit unit)
    {
        if (value.Class == DwarfClass.StringIndex)
        {
            var offsets = _sections.Reader(".debug_str_offsets");
            offsets.Seek(IndexedOffset(unit.StrOffsetsBase, value.Value, (ulong)unit.OffsetSize));
            value = new DwarfValue(DwarfClass.String, offsets.Unsigned(unit.OffsetSize));
        }

        if (value.Class is not (DwarfClass.String or DwarfClass.LineString or DwarfClass.InlineString))
        {
            return null;
        }

        if (_names.TryGetValue((value.Class, value.Value), out string? known))
        {
            return known;
        }

        var section = value.Class switch
        {
            DwarfClass.String => _sections.Reader(".debug_str"),
            DwarfClass.LineString => _sections.Reader(".debug_line_str"),
            _ => _sections.Units(),
        };
        section.Seek(value.Value);
        string text = Encoding.UTF8.GetString(section.NameBytes());
        _nameBudget -= text.Length;
        if (_nameBudget < 0)
        {
            // Overlapping names could make a small file large in memory.
            throw section.Fail("the names in the debug information are together far longer than the file");
        }

        _names.Add((value.Class, value.Value), text);
        return text;
    }

    /// <summary>The address in a variable's location; null where it is not a fixed one.</summary>
    internal uint? Address(DwarfValue location, DwarfUnit unit)
    {
        if (location.Class != DwarfClass.Block || location.Length == 0)
        {
            return null;
        }

        var block = _sections.Units();
        block.Seek(location.Value);
        byte operation = block.U8();
        if (operation == OpAddr && location.Length == 5)
        {
            return block.U32();
        }

        if (operation is OpAddrx or OpGnuAddrIndex)
        {
            ulong index = block.Uleb128();
            if ((ulong)block.Position == location.Value + location.Length)
            {
                var addresses = _sections.Reader(".debug_addr");
                addresses.Seek(IndexedOffset(unit.AddrBase, index, (ulong)unit.AddressSize));
                return addresses.U32();
            }
        }

        return null;
    }

    /// <summary>A member's byte offset.</summary>
    internal uint MemberOffset(DwarfValue location)
    {
        ulong offset = 0;
        if (location.IsNumber)
        {
            offset = location.Value;
        }
        else if (location.Class == DwarfClass.Block)
        {
            // DWARF 2 writes the offset as an expression.
            var block = _sections.Units();
            block.Seek(location.Value);
            if (block.U8() != OpPlusUconst)
            {
                throw block.Fail("a member's location is an expression that is not understood");
            }

            offset = block.Uleb128();
        }

        return offset <= uint.MaxValue
            ? (uint)offset
            : throw Fail(_entry.Offset, $"a member's offset 0x{offset:x} does not fit into 32 bits");
    }

    private ImageFormatException Fail(int offset, string problem) =>
        new(_image.Name, _origin + (ulong)offset, problem);

    private static ulong IndexedOffset(ulong start, ulong index, ulong size) =>
        index <= uint.MaxValue && start <= uint.MaxValue ? start + (index * size) : ulong.MaxValue;

    private TypeGraph Read()
    {
        var reader = _sections.Units();
        while (!reader.AtEnd)
        {
            ReadUnit(ref reader);
        }

        return _builder.Link();
    }

    private void ReadUnit(ref ImageReader reader)
    {
        int start = reader.Position;
        ulong length = reader.U32();
        int offsetSize = 4;
        if (length == 0xFFFF_FFFF)
        {
            length = reader.U64();
            offsetSize = 8;
        }

        if (length > (ulong)(reader.Length - reader.Position))
        {
            throw reader.Fail("a unit of .debug_info passes the end of the section");
        }

        int end = reader.Position + (int)length;
        ushort version = reader.U16();
        if (version is < 2 or > 5)
        {
            throw reader.Fail($"DWARF version {version} is not supported", "build it with -gdwarf-5 or -gdwarf-4");
        }

        var unit = ReadUnitHeader(ref reader, start, version, offsetSize, out ulong abbreviations);
        ReadEntries(ref reader, unit, end, _abbreviations.At(abbreviations));
        if (reader.Position > end)
        {
            throw reader.Fail("an entry passes the end of its unit");
        }

        reader.Seek((ulong)end);
    }

    private DwarfUnit ReadUnitHeader(
        ref ImageReader reader, int start, ushort version, int offsetSize, out ulong abbreviations)
    {
        byte kind = version >= 5 ? reader.U8() : (byte)1;
        int addressSize = version >= 5 ? reader.U8() : 0;
        abbreviations = reader.Unsigned(offsetSize);
        if (version < 5)
        {
            addressSize = reader.U8();
        }

        if (addressSize != 4)
        {
            throw reader.Fail($"a unit with addresses of {addressSize} bytes in a 32-bit image");
        }

        if (version < 5 && start >= _sections.TypesStart)
        {
            kind = 2;
        }

        // DW_UT_* (DWARF 5, 7.5.1): 1 compile, 2 type, 3 partial, 4 skeleton, 5 split compile, 6 split type.
        if (kind is 4 or 5)
        {
            reader.Skip(8);
        }
        else if (kind is 2 or 6)
        {
            ulong signature = reader.U64();
            _builder.AddSignature(signature, unchecked((ulong)start + reader.Unsigned(offsetSize)));
        }
        else if (kind is not (1 or 3))
        {
            throw reader.Fail($"a unit of unknown type {kind}");
        }

        return new DwarfUnit(start, version, offsetSize, addressSize);
    }

    private void ReadEntries(
        ref ImageReader reader, DwarfUnit unit, int end, Dictionary<ulong, DwarfAbbreviation> abbreviations)
    {
        _builder.BeginUnit(unit);
        while (reader.Position < end)
        {
            int offset = reader.Position;
            ulong code = reader.Uleb128();
            if (code == 0)
            {
                _builder.EndChildren();
                continue;
            }

            if (!abbreviations.TryGetValue(code, out var abbreviation))
            {
                throw reader.Fail($"an entry names abbreviation {code}, which is absent");
            }

            _entry.Read(ref reader, unit, abbreviation, offset);
            _builder.Add(_entry);
        }
    }
}
