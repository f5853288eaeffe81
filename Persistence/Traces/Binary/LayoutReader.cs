using System.Buffers.Binary;
using System.Text;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Binary;

/// <summary>Takes fields out of untrusted bytes in layout order; whatever does not fit is a <see cref="JournalFormatException"/>.</summary>
/// <param name="span">The bytes of one record or of a manifest.</param>
/// <param name="origin">Offset of the first of them in the stream, for messages.</param>
/// <param name="names">Names read before, so that equal names are one string.</param>
internal ref struct LayoutReader(ReadOnlySpan<byte> span, long origin, NameCache names)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlySpan<byte> _span = span;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Bytes not read yet.</summary>
    public readonly int Left => _span.Length - Position;

    public byte U8() => Take(1)[0];

    public bool Flag()
    {
        byte value = U8();
        return value <= 1 ? value == 1 : throw Malformed(Position - 1, $"{value} where 0 or 1 is due");
    }

    public ushort U16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));

    public uint U32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(sizeof(uint)));

    public int S32() => (int)U32();

    public ulong U64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    public VirtualInstant Instant() => new(U64());

    public CoreId Core() => new(U8());

    public VcpuId Vcpu()
    {
        byte guest = U8();
        return new VcpuId(new GuestId(guest), U8());
    }

    public Stamp Stamp()
    {
        VirtualInstant at = Instant();
        var source = new SourceId(U16());
        return new Stamp(at, source, U64());
    }

    public TaskReference Task()
    {
        int pid = S32();
        int priority = S32();
        int start = Position;
        ReadOnlySpan<byte> name = Take(RecordCodec.CommBytes);
        return new TaskReference(pid, names.Find(name) ?? throw Malformed(start, "a task name is not NUL-padded ASCII"), priority);
    }

    public string Text() => Text(U16());

    public string Text(int bytes)
    {
        int start = Position;
        try
        {
            return StrictUtf8.GetString(Take(bytes));
        }
        catch (DecoderFallbackException)
        {
            throw Malformed(start, "text is not UTF-8");
        }
    }

    public ReadOnlySpan<byte> Take(int bytes)
    {
        if (bytes < 0 || bytes > _span.Length - Position)
        {
            throw Malformed(Position, $"{bytes} bytes are due, {_span.Length - Position} are left");
        }

        ReadOnlySpan<byte> taken = _span.Slice(Position, bytes);
        Position += bytes;
        return taken;
    }

    /// <summary>The error for a wrong field at a position of this span.</summary>
    public readonly JournalFormatException Malformed(int position, string reason) => new(origin + position, reason);
}
