using System.Buffers.Binary;

namespace ActorTrace.Traces.Formats.Ctf;

/// <summary>The packets of one CPU's stream.</summary>
/// <remarks>
/// <code>
///  u32 magic C1FC1FC1, u8 uuid[16], u32 stream 0, u64 instance
///  u64 first time, u64 last time, u64 content bits, u64 packet bits, u64 number, u64 events discarded so far, u32 CPU
///  events: u16 id, u32 low bits of the time; or u16 65535, u32 id, u64 time, where 2^32 ns and more have passed
/// </code>
/// All fields are aligned to bytes; a packet is padded to 4096 bytes.
/// </remarks>
internal sealed class CtfPackets(Stream output, Guid uuid, uint cpu)
{
    private const uint Magic = 0xC1FC1FC1;
    private const int HeadBytes = 32 + 52;
    private const int Grain = 4096;
    private const int FullAt = 1 << 16;

    // An event holds two texts at the most.
    private const int LongestEvent = 1 << 13;
    private const ushort Extended = 65535;

    private readonly byte[] _packet = new byte[FullAt + LongestEvent + Grain];
    private int _used;
    private ulong _first;
    private ulong _last;
    private ulong _number;
    private ulong _discarded;

    /// <summary>Begins an event: its header.</summary>
    public void Begin(ushort id, ulong nanoseconds)
    {
        if (_used >= FullAt)
        {
            Flush(_last);
        }

        if (_used == 0)
        {
            Open(nanoseconds);
        }

        if (nanoseconds - _last >= 1UL << 32)
        {
            Half(Extended);
            Word(id);
            Long(nanoseconds);
        }
        else
        {
            Half(id);
            Word((uint)nanoseconds);
        }

        _last = nanoseconds;
    }

    /// <summary>Two bytes.</summary>
    public void Half(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_packet.AsSpan(_used), value);
        _used += sizeof(ushort);
    }

    /// <summary>Four bytes.</summary>
    public void Word(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_packet.AsSpan(_used), value);
        _used += sizeof(uint);
    }

    /// <summary>Eight bytes.</summary>
    public void Long(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_packet.AsSpan(_used), value);
        _used += sizeof(ulong);
    }

    /// <summary>A text in an array of characters.</summary>
    public void Text(string text, int size, int most)
    {
        Span<byte> place = _packet.AsSpan(_used, size);
        place.Clear();
        _ = PlainText.Write(text, place[..most]);
        _used += size;
    }

    /// <summary>A text and its NUL.</summary>
    public void Text(string text)
    {
        _used += PlainText.Write(text, _packet.AsSpan(_used, PlainText.MostBytes));
        _packet[_used++] = 0;
    }

    /// <summary>Events are missing before the next one: readers find out at the end of a packet.</summary>
    public void Lose(ulong nanoseconds, ulong count)
    {
        Flush(_last);
        _discarded += count;
        Open(nanoseconds);
        Flush(nanoseconds);
    }

    /// <summary>Ends the stream: the CPU was traced to the end, with or without events.</summary>
    public void Complete(ulong end)
    {
        if (_used == 0)
        {
            Open(_number == 0 ? end : _last);
        }

        Flush(Math.Max(_last, end));
        output.Flush();
    }

    private void Open(ulong nanoseconds)
    {
        (_first, _last) = (nanoseconds, nanoseconds);
        _used = HeadBytes;
    }

    private void Flush(ulong last)
    {
        if (_used == 0)
        {
            return;
        }

        int content = _used;
        int size = (content + Grain - 1) / Grain * Grain;
        _packet.AsSpan(content, size - content).Clear();
        _used = 0;
        Word(Magic);
        _ = uuid.TryWriteBytes(_packet.AsSpan(_used), bigEndian: true, out int written);
        _used += written;
        Word(0);
        Long(cpu);
        Long(_first);
        Long(last);
        Long(8UL * (ulong)content);
        Long(8UL * (ulong)size);
        Long(_number++);
        Long(_discarded);
        Word(cpu);
        output.Write(_packet, 0, size);
        _used = 0;
    }
}
