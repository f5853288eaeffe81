using System.Buffers.Binary;

namespace ActorTrace.Machine.Images;

/// <summary>Relocates a section of an object file that the linker has not seen (System V ABI, 4 Relocation; ELF for the
/// ARM Architecture, 5.6). Of ARM's relocations debug information needs one, R_ARM_ABS32.</summary>
internal static class ElfRelocations
{
    private const uint SectionTypeRela = 4;
    private const uint SectionTypeRel = 9;
    private const byte Abs32 = 2;
    private const int SymbolEntrySize = 16;
    private const ushort FirstReservedSection = 0xFF00;

    /// <summary>The section's bytes as they would be with every section at address 0.</summary>
    /// <param name="image">The object file.</param>
    /// <param name="section">The section.</param>
    /// <param name="stored">Its bytes, inflated.</param>
    /// <param name="start">Where a section begins.</param>
    /// <exception cref="ImageFormatException">A relocation is malformed.</exception>
    internal static ReadOnlyMemory<byte> Apply(
        ElfImage image, ElfSection section, ReadOnlyMemory<byte> stored, Func<ElfSection, uint> start)
    {
        int index = Array.IndexOf([.. image.Sections], section) + 1;
        byte[]? bytes = null;
        foreach (var table in image.Sections.Where(s => s.Type is SectionTypeRel or SectionTypeRela && s.Info == index))
        {
            bytes ??= stored.ToArray();
            Apply(image, table, bytes, start);
        }

        return bytes ?? stored;
    }

    private static void Apply(ElfImage image, ElfSection table, byte[] bytes, Func<ElfSection, uint> start)
    {
        bool hasAddend = table.Type == SectionTypeRela;
        var reader = ElfParser.Part(image.Bytes.Span, table, image.Name, table.Name);
        for (uint left = table.Size / (hasAddend ? 12u : 8u); left > 0; left--)
        {
            uint offset = reader.U32();
            uint info = reader.U32();
            uint addend = hasAddend ? reader.U32() : 0;
            if ((byte)info != Abs32)
            {
                continue;
            }

            if (offset > (uint)bytes.Length || bytes.Length - offset < 4)
            {
                throw reader.Fail($"a relocation changes byte 0x{offset:x}, which is outside of its section");
            }

            var word = bytes.AsSpan((int)offset, 4);
            addend = hasAddend ? addend : BinaryPrimitives.ReadUInt32LittleEndian(word);
            BinaryPrimitives.WriteUInt32LittleEndian(
                word, unchecked(SymbolValue(image, table, info >> 8, start) + addend));
        }
    }

    private static uint SymbolValue(ElfImage image, ElfSection table, uint symbol, Func<ElfSection, uint> start)
    {
        if (table.Link == 0 || table.Link > (uint)image.Sections.Count)
        {
            throw new ImageFormatException(image.Name, table.FileOffset, $"{table.Name} names no symbol table");
        }

        var reader = ElfParser.Part(
            image.Bytes.Span, image.Sections[(int)table.Link - 1], image.Name, "the symbol table");
        reader.Seek((ulong)symbol * SymbolEntrySize);
        reader.Skip(4);
        uint value = reader.U32();
        reader.Skip(6);
        ushort section = reader.U16();
        return section is 0 or >= FirstReservedSection || section > image.Sections.Count
            ? value
            : unchecked(value + start(image.Sections[section - 1]));
    }
}
