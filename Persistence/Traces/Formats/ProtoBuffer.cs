using System.Buffers.Binary;
using System.Numerics;

namespace ActorTrace.Traces.Formats;

/// <summary>Builds protobuf messages in a buffer that is used again and again.</summary>
internal sealed class ProtoBuffer
{
    private const int Fixed64 = 1;
    private const int LengthDelimited = 2;

    // Room for the length of a nested message: up to 2^28 bytes, written with leading continuation bytes.
    private const int LengthBytes = 4;

    private byte[] _bytes = new byte[1 << 12];

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was built.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Begins anew.</summary>
    public void Clear() => Length = 0;

    /// <summary>A varint field; int32 and int64 are sign-extended to 64 bits.</summary>
    public void Varint(int field, ulong value)
    {
        Raw((ulong)field << 3);
        Raw(value);
    }

    /// <summary>A fixed64 field.</summary>
    public void Fixed(int field, ulong value)
    {
        Raw(((ulong)field << 3) | Fixed64);
        Room(sizeof(ulong));
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(Length), value);
        Length += sizeof(ulong);
    }

    /// <summary>A field of 8 bytes, the most significant first.</summary>
    public void Bytes(int field, ulong value)
    {
        Raw(((ulong)field << 3) | LengthDelimited);
        Raw(sizeof(ulong));
        Room(sizeof(ulong));
        BinaryPrimitives.WriteUInt64BigEndian(_bytes.AsSpan(Length), value);
        Length += sizeof(ulong);
    }

    /// <summary>A field of 16 bytes, the most significant first.</summary>
    public void Bytes(int field, UInt128 value)
    {
        const int size = 2 * sizeof(ulong);
        Raw(((ulong)field << 3) | LengthDelimited);
        Raw(size);
        Room(size);
        BinaryPrimitives.WriteUInt128BigEndian(_bytes.AsSpan(Length), value);
        Length += size;
    }

    /// <summary>A string of printable ASCII.</summary>
    /// <param name="field">Number of the field.</param>
    /// <param name="text">The text.</param>
    /// <param name="most">Bytes at which it is cut.</param>
    public void Text(int field, string text, int most = PlainText.MostBytes)
    {
        int length = Math.Min(text.Length, most);
        Raw(((ulong)field << 3) | LengthDelimited);
        Raw((ulong)length);
        Room(length);
        Length += PlainText.Write(text, _bytes.AsSpan(Length, length));
    }

    /// <summary>Fields that were built elsewhere.</summary>
    public void Append(ProtoBuffer fields)
    {
        Room(fields.Length);
        fields.Written.CopyTo(_bytes.AsSpan(Length));
        Length += fields.Length;
    }

    /// <summary>Begins a nested message.</summary>
    /// <returns>What <see cref="End"/> is given.</returns>
    public int Begin(int field)
    {
        Raw(((ulong)field << 3) | LengthDelimited);
        Room(LengthBytes);
        Length += LengthBytes;
        return Length;
    }

    /// <summary>Ends it.</summary>
    public void End(int start)
    {
        uint size = (uint)(Length - start);
        for (int i = LengthBytes; i > 0; i--)
        {
            _bytes[start - i] = (byte)((size & 0x7F) | (i > 1 ? 0x80u : 0));
            size >>= 7;
        }
    }

    private void Raw(ulong value)
    {
        Room(10);
        while (value > 0x7F)
        {
            _bytes[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[Length++] = (byte)value;
    }

    private void Room(int bytes)
    {
        if (Length + bytes > _bytes.Length)
        {
            Array.Resize(ref _bytes, (int)BitOperations.RoundUpToPowerOf2((uint)(Length + bytes)));
        }
    }
}
