using System.Buffers.Binary;
using System.Text;

namespace ActorTrace.Machine.Images;

/// <summary>A cursor over a little-endian part of an image: every read is checked, and a read past the end is an
/// <see cref="ImageFormatException"/> that names the place in the file.</summary>
/// <param name="bytes">The part.</param>
/// <param name="origin">Byte offset of the part in the image.</param>
/// <param name="image">Name of the image.</param>
/// <param name="part">Name of the part, for messages.</param>
internal ref struct ImageReader(ReadOnlySpan<byte> bytes, uint origin, string image, string part)
{
    /// <summary>The longest name that is read; a C compiler makes none that long.</summary>
    internal const int MaxNameLength = 2048;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Byte offset of the part in the image.</summary>
    internal readonly uint Origin { get; } = origin;

    /// <summary>Where the next read is, from the start of the part.</summary>
    internal int Position { get; private set; }

    /// <summary>True where everything has been read.</summary>
    internal readonly bool AtEnd => Position == _bytes.Length;

    /// <summary>Bytes of the part.</summary>
    internal readonly int Length => _bytes.Length;

    /// <summary>Makes the exception for the present position.</summary>
    internal readonly ImageFormatException Fail(string problem, string? mend = null) =>
        new(image, Origin + (ulong)Position, problem, mend);

    internal void Seek(ulong position)
    {
        if (position > (ulong)_bytes.Length)
        {
            throw Fail($"offset 0x{position:x} lies outside {part}");
        }

        Position = (int)position;
    }

    internal void Skip(ulong count) => Take(count);

    internal ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(_bytes.Length - Position))
        {
            throw Fail($"{part} ends in the middle of an entry", "the file is truncated or damaged: build it again");
        }

        var taken = _bytes.Slice(Position, (int)count);
        Position += (int)count;
        return taken;
    }

    internal byte U8() => Take(1)[0];

    internal ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    internal uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    internal ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>An unsigned number of 1, 2, 3, 4 or 8 bytes.</summary>
    internal ulong Unsigned(int size)
    {
        ulong value = 0;
        var taken = Take((ulong)size);
        for (int i = 0; i < size; i++)
        {
            value |= (ulong)taken[i] << (8 * i);
        }

        return value;
    }

    /// <summary>An unsigned LEB128 number (DWARF 5, 7.6); bits above 63 are dropped.</summary>
    internal ulong Uleb128()
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = U8();
            value |= shift < 64 ? (ulong)(next & 0x7F) << shift : 0;
            if ((next & 0x80) == 0)
            {
                return value;
            }
        }
    }

    /// <summary>A signed LEB128 number (DWARF 5, 7.6).</summary>
    internal long Sleb128()
    {
        long value = 0;
        for (int shift = 0; ;)
        {
            byte next = U8();
            value |= shift < 64 ? (long)(next & 0x7F) << shift : 0;
            shift += 7;
            if ((next & 0x80) == 0)
            {
                return shift < 64 && (next & 0x40) != 0 ? value | (-1L << shift) : value;
            }
        }
    }

    /// <summary>The bytes of a NUL-terminated name, without the NUL.</summary>
    internal ReadOnlySpan<byte> NameBytes()
    {
        int length = _bytes[Position..].IndexOf((byte)0);
        if (length < 0)
        {
            throw Fail($"{part} ends within a name", "the file is truncated or damaged: build it again");
        }

        if (length > MaxNameLength)
        {
            throw Fail($"a name is longer than {MaxNameLength} bytes");
        }

        var name = _bytes.Slice(Position, length);
        Position += length + 1;
        return name;
    }

    internal string Name() => Encoding.UTF8.GetString(NameBytes());
}
