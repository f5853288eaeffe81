using System.Buffers.Binary;
using System.IO.Compression;

namespace ActorTrace.Machine.Images;

/// <summary>The sections of an image's debug information as the DWARF standard describes them: sections of one name put
/// together, compressed ones inflated, and those of an object file relocated.</summary>
internal sealed class DwarfSections
{
    private const string Info = ".debug_info";
    private const string Types = ".debug_types";
    private const uint SectionFlagCompressed = 0x800;
    private const uint CompressionZlib = 1;
    private const int CompressionHeader = 12;
    private const int MaxZlibRatio = 1032;

    /// <summary>The most bytes that all compressed sections of an image may have together.</summary>
    private const long MaxInflated = 256L << 20;

    private readonly ElfImage _image;
    private readonly Dictionary<string, (ReadOnlyMemory<byte> Bytes, uint Origin)> _parts = new(StringComparer.Ordinal);
    private readonly Dictionary<ElfSection, uint> _starts = [];
    private long _inflated;

    internal DwarfSections(ElfImage image)
    {
        _image = image;
        PlaceSections();
    }

    /// <summary>True where there is debug information.</summary>
    internal bool HasInfo => Named(Info).Concat(Named(Types)).Any(s => s.Size > 0);

    /// <summary>From this offset of <see cref="Units"/> on the units are those of .debug_types (DWARF 4, 7.5.1.2).</summary>
    internal int TypesStart { get; private set; }

    /// <summary>.debug_info, and .debug_types behind it: a reference is an offset in the whole.</summary>
    internal ImageReader Units() => Reader(Info);

    /// <summary>A reader of a section.</summary>
    /// <exception cref="ImageFormatException">It is absent or malformed.</exception>
    internal ImageReader Reader(string name)
    {
        if (!_parts.TryGetValue(name, out var part))
        {
            part = Load(name);
            _parts.Add(name, part);
        }

        return new ImageReader(part.Bytes.Span, part.Origin, _image.Name, name);
    }

    private (ReadOnlyMemory<byte> Bytes, uint Origin) Load(string name)
    {
        bool isInfo = string.Equals(name, Info, StringComparison.Ordinal);
        List<ReadOnlyMemory<byte>> pieces = [.. Named(name).Select(Content)];
        uint origin = Named(name).FirstOrDefault()?.FileOffset ?? 0;
        if (isInfo)
        {
            TypesStart = (int)pieces.Sum(p => (long)p.Length);
            pieces.AddRange(Named(Types).Select(Content));
        }

        return pieces.Count switch
        {
            0 => throw new ImageFormatException(
                _image.Name, 0, $"the debug information refers to {name}, which is absent", "build it with -g again"),
            1 => (pieces[0], origin),
            _ => (Join(pieces), origin),
        };
    }

    /// <summary>The sections of a name; GNU tools once wrote compressed ones under another.</summary>
    private IEnumerable<ElfSection> Named(string name) => _image.Sections.Where(s =>
        string.Equals(s.Name, name, StringComparison.Ordinal)
        || (s.Name.StartsWith(".z", StringComparison.Ordinal) && s.Name.AsSpan(2).SequenceEqual(name.AsSpan(1))));

    /// <summary>Where each section begins in what its name stands for: relocations count from there.</summary>
    private void PlaceSections()
    {
        if (!_image.IsObjectFile)
        {
            return;
        }

        var ends = new Dictionary<string, uint>(StringComparer.Ordinal);
        foreach (var section in Named(Info).Concat(Named(Types)))
        {
            _starts[section] = ends.GetValueOrDefault(Info);
            ends[Info] = unchecked(ends.GetValueOrDefault(Info) + (uint)Content(section, relocate: false).Length);
        }
    }

    private static byte[] Join(List<ReadOnlyMemory<byte>> pieces)
    {
        byte[] whole = new byte[pieces.Sum(p => (long)p.Length)];
        int at = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(whole.AsMemory(at));
            at += piece.Length;
        }

        return whole;
    }

    private ReadOnlyMemory<byte> Content(ElfSection section) => Content(section, _image.IsObjectFile);

    private ReadOnlyMemory<byte> Content(ElfSection section, bool relocate)
    {
        if (section.Type == ElfParser.NoBits)
        {
            throw new ImageFormatException(
                _image.Name, section.FileOffset, $"{section.Name} has no bytes in the file", "use the file that has them");
        }

        var stored = _image.Bytes.Slice((int)section.FileOffset, (int)section.Size);
        if ((section.Flags & SectionFlagCompressed) != 0)
        {
            var header = new ImageReader(stored.Span, section.FileOffset, _image.Name, section.Name);
            uint method = header.U32();
            uint size = header.U32();
            header.Skip(4);
            stored = method == CompressionZlib
                ? Inflate(section, stored[CompressionHeader..], size)
                : throw header.Fail(
                    $"{section.Name} is compressed by method {method}",
                    "run objcopy --decompress-debug-sections on the file");
        }
        else if (section.Name.StartsWith(".z", StringComparison.Ordinal))
        {
            // "ZLIB", then the size, big-endian.
            var header = new ImageReader(stored.Span, section.FileOffset, _image.Name, section.Name);
            header.Skip(4);
            ulong size = BinaryPrimitives.ReadUInt64BigEndian(header.Take(8));
            stored = Inflate(section, stored[CompressionHeader..], size);
        }

        return relocate ? ElfRelocations.Apply(_image, section, stored, s => _starts.GetValueOrDefault(s)) : stored;
    }

    private byte[] Inflate(ElfSection section, ReadOnlyMemory<byte> packed, ulong size)
    {
        var damaged = new ImageFormatException(
            _image.Name, section.FileOffset, $"{section.Name} is compressed and damaged", "build it again");
        if (size > ((ulong)packed.Length * MaxZlibRatio) + MaxZlibRatio)
        {
            throw damaged;
        }

        _inflated += (long)size;
        if (_inflated > MaxInflated)
        {
            throw new ImageFormatException(
                _image.Name, section.FileOffset, $"the compressed debug information is longer than {MaxInflated >> 20} MiB");
        }

        byte[] bytes = new byte[size];
        try
        {
            using var source = new MemoryStream(packed.ToArray(), writable: false);
            using var inflater = new ZLibStream(source, CompressionMode.Decompress);
            return inflater.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) == bytes.Length
                && inflater.ReadByte() < 0 ? bytes : throw damaged;
        }
        catch (InvalidDataException)
        {
            throw damaged;
        }
    }
}
