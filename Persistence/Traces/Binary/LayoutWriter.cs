using System.Buffers.Binary;
using System.Text;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Binary;

/// <summary>Puts fields one behind the other, little-endian and unaligned, into a span that the caller made large enough.</summary>
internal ref struct LayoutWriter(Span<byte> span)
{
    private readonly Span<byte> _span = span;

    /// <summary>Bytes written so far.</summary>
    public int Position { get; private set; }

    public void U8(byte value) => _span[Position++] = value;

    public void Flag(bool value) => U8(value ? (byte)1 : (byte)0);

    public void U16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_span[Position..], value);
        Position += sizeof(ushort);
    }

    public void U32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_span[Position..], value);
        Position += sizeof(uint);
    }

    public void S32(int value) => U32((uint)value);

    public void U64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_span[Position..], value);
        Position += sizeof(ulong);
    }

    public void Instant(VirtualInstant at) => U64(at.Cycles);

    public void Core(CoreId core) => U8(core.Index);

    public void Vcpu(VcpuId vcpu)
    {
        U8(vcpu.Guest.Index);
        U8(vcpu.Index);
    }

    public void Stamp(in Stamp stamp)
    {
        Instant(stamp.At);
        U16(stamp.Source.Value);
        U64(stamp.Sequence);
    }

    public void Task(in TaskReference task)
    {
        S32(task.Pid);
        S32(task.Priority);
        Span<byte> name = _span.Slice(Position, RecordCodec.CommBytes);
        name.Clear();
        if (task.Comm.Length >= RecordCodec.CommBytes || !Ascii.IsValid(task.Comm))
        {
            throw new ArgumentException($"task name '{task.Comm}' is not at most 15 ASCII characters", nameof(task));
        }

        _ = Ascii.FromUtf16(task.Comm, name, out _);
        Position += RecordCodec.CommBytes;
    }

    /// <summary>u16 length in bytes, then UTF-8.</summary>
    public void Text(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        if (length > RecordCodec.MaxTextBytes)
        {
            throw new ArgumentException($"text of {length} bytes is longer than {RecordCodec.MaxTextBytes}", nameof(text));
        }

        U16((ushort)length);
        Position += Encoding.UTF8.GetBytes(text, _span[Position..]);
    }
}
