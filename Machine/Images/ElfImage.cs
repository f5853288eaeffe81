using System.Diagnostics.CodeAnalysis;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Images;

/// <summary>A guest's program: an ELF32 little-endian ARM executable (System V ABI; ELF for the ARM Architecture).
/// Read only; the bytes are not copied.</summary>
public sealed class ElfImage
{
    private readonly Lazy<TypeGraph> _types;

    internal ElfImage(
        string name,
        ReadOnlyMemory<byte> bytes,
        GuestVa entryPoint,
        bool isObjectFile,
        IReadOnlyList<ElfSegment> segments,
        IReadOnlyList<ElfSection> sections,
        SymbolTable symbols)
    {
        Name = name;
        Bytes = bytes;
        EntryPoint = entryPoint;
        IsObjectFile = isObjectFile;
        Segments = segments;
        Sections = sections;
        Symbols = symbols;
        _types = new Lazy<TypeGraph>(() => DwarfReader.Read(this));
    }

    /// <summary>Name of the image, as the user gave it.</summary>
    public string Name { get; }

    /// <summary>The whole file.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>e_entry: the program counter at start, while the MMU is off.</summary>
    public GuestVa EntryPoint { get; }

    /// <summary>True for an object file: it cannot be loaded, and addresses count from the start of each
    /// section.</summary>
    public bool IsObjectFile { get; }

    /// <summary>The PT_LOAD segments, in the order of the file.</summary>
    public IReadOnlyList<ElfSegment> Segments { get; }

    /// <summary>The sections, in the order of the file, the null section left out.</summary>
    public IReadOnlyList<ElfSection> Sections { get; }

    /// <summary>The symbols; none where the image is stripped.</summary>
    public SymbolTable Symbols { get; }

    /// <summary>The types and global variables of the image's DWARF; empty where it has none. Read at first use.</summary>
    /// <exception cref="ImageFormatException">The debug information is malformed.</exception>
    public TypeGraph Types => _types.Value;

    /// <summary>Reads an image.</summary>
    /// <param name="bytes">The file. Must not change afterwards.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="ImageFormatException">It is no ELF file, or not one of a 32-bit little-endian ARM
    /// executable, or it is malformed.</exception>
    public static ElfImage Parse(ReadOnlyMemory<byte> bytes, string name) =>
        ElfParser.Parse(bytes, name, orObjectFile: false);

    /// <summary>Reads an image, or an object file that was not linked yet, for its types and names.</summary>
    /// <param name="bytes">The file. Must not change afterwards.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="ImageFormatException">It is neither.</exception>
    public static ElfImage ParseLinkedOrNot(ReadOnlyMemory<byte> bytes, string name) =>
        ElfParser.Parse(bytes, name, orObjectFile: true);

    /// <summary>Finds a section by its name; the first of several.</summary>
    public bool TryFindSection(string name, [NotNullWhen(true)] out ElfSection? section)
    {
        section = Sections.FirstOrDefault(s => string.Equals(s.Name, name, StringComparison.Ordinal));
        return section is not null;
    }

    /// <summary>A section's bytes; none where it is absent or has no bytes in the file.</summary>
    public ReadOnlyMemory<byte> SectionBytes(string name) =>
        TryFindSection(name, out var section) && section.Type != ElfParser.NoBits
            ? Bytes.Slice((int)section.FileOffset, (int)section.Size)
            : default;

    /// <summary>Reads loaded memory as it stands before the program runs.</summary>
    /// <param name="address">Virtual address of the first byte.</param>
    /// <param name="destination">Receives the bytes.</param>
    /// <returns>False where a byte lies outside of every segment.</returns>
    public bool TryRead(GuestVa address, Span<byte> destination)
    {
        foreach (var segment in Segments)
        {
            uint offset = address.Value - segment.VirtualAddress.Value;
            if (offset < segment.MemorySize && (uint)destination.Length <= segment.MemorySize - offset)
            {
                destination.Clear();
                if (offset < (uint)segment.FileBytes.Length)
                {
                    var stored = segment.FileBytes.Span[(int)offset..];
                    stored[..Math.Min(stored.Length, destination.Length)].CopyTo(destination);
                }

                return true;
            }
        }

        return false;
    }

    /// <summary>How the bytes at an address are to be read: by the mapping symbols, else by the bit 0 of the function
    /// that lies there. Unknown outside of the segments, and in an object file.</summary>
    public CodeEncoding EncodingAt(GuestVa address) => !Segments.Any(s => s.Contains(address)) ? CodeEncoding.Unknown
        : Symbols.EncodingAt(address) is var mapped and not CodeEncoding.Unknown ? mapped
        : Symbols.TryNearest(address, out var symbol) && symbol.Kind == ElfSymbolKind.Function
            ? symbol.Thumb ? CodeEncoding.T32 : CodeEncoding.A32
            : CodeEncoding.Unknown;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
