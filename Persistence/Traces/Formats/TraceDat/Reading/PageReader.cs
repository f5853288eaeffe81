using System.Buffers.Binary;
using ActorTrace.Traces.Formats.Reading;

namespace ActorTrace.Traces.Formats.TraceDat.Reading;

/// <summary>The events of one CPU: the reading side of <see cref="CpuPages"/>, for every layout that kernels have.</summary>
/// <param name="source">Its pages.</param>
/// <param name="layout">Where a page has what.</param>
/// <param name="bigEndian">Whether integers begin with their highest byte.</param>
internal sealed class PageReader(IPageSource source, PageLayout layout, bool bigEndian)
{
    private const uint EventsLost = 1u << 31;
    private const uint LostCountStored = 1u << 30;
    private const uint CommitMask = (1u << 27) - 1;
    private const int DeltaBits = 27;
    private const uint DeltaMask = (1u << DeltaBits) - 1;
    private const ulong StampMask = (1UL << 59) - 1;
    private const int TypeBits = 5;
    private const uint Padding = 29;
    private const uint TimeExtend = 30;
    private const uint TimeStamp = 31;
    private const int Word = sizeof(uint);

    private readonly byte[] _page = new byte[layout.PageBytes];
    private long _offset;
    private int _next;
    private int _end;
    private int _payload;
    private int _length;
    private bool _lost;
    private ulong _lostCount;

    /// <summary>Time stamp of the event.</summary>
    public ulong Time { get; private set; }

    /// <summary>Offset of the event's payload in the file, or of what its page was unpacked from.</summary>
    public long Offset => source.IsPacked ? _offset : _offset + _payload;

    /// <summary>The event's record.</summary>
    public ReadOnlySpan<byte> Payload => _page.AsSpan(_payload, _length);

    /// <summary>True once where events were lost in front of this one.</summary>
    /// <param name="count">How many; 0 where that is not known.</param>
    public bool TakeLoss(out ulong count)
    {
        (bool lost, count) = (_lost, _lostCount);
        (_lost, _lostCount) = (false, 0);
        return lost;
    }

    /// <summary>Goes to the next event; false at the end.</summary>
    /// <exception cref="TraceFileException">The page is damaged.</exception>
    public bool MoveNext()
    {
        while (true)
        {
            if (_next >= _end)
            {
                if (!source.TryRead(_page, out _offset))
                {
                    return false;
                }

                BeginPage();
                continue;
            }

            if (TryEvent())
            {
                return true;
            }
        }
    }

    private void BeginPage()
    {
        Time = U64(0);
        ulong commit = layout.CommitBytes == sizeof(ulong) ? U64(layout.CommitOffset) : U32(layout.CommitOffset);
        int used = (int)((uint)commit & CommitMask);
        if (used > layout.PageBytes - layout.DataOffset)
        {
            throw Bad(layout.CommitOffset, $"a page of {layout.PageBytes} bytes cannot hold {used} bytes of events");
        }

        (_next, _end) = (layout.DataOffset, layout.DataOffset + used);
        if (((uint)commit & EventsLost) == 0)
        {
            return;
        }

        _lost = true;
        if (((uint)commit & LostCountStored) != 0 && _end + layout.CommitBytes <= layout.PageBytes)
        {
            ulong count = layout.CommitBytes == sizeof(ulong) ? U64(_end) : U32(_end);
            _lostCount = count > long.MaxValue - _lostCount ? long.MaxValue : _lostCount + count;
        }
    }

    /// <summary>Takes one entry of the page; false where it is no event.</summary>
    private bool TryEvent()
    {
        int at = _next;
        uint header = Take();
        uint type = bigEndian ? header >> DeltaBits : header & ((1u << TypeBits) - 1);
        uint delta = bigEndian ? header & DeltaMask : header >> TypeBits;
        switch (type)
        {
            case TimeExtend:
                Time += delta | (ulong)Take() << DeltaBits;
                return false;
            case TimeStamp:
                // The stamp has 59 bits; those above are as they were.
                Time = (Time & ~StampMask) | delta | ((ulong)Take() << DeltaBits & StampMask);
                return false;
            case Padding when delta == 0:
                _next = _end;
                return false;
            case Padding:
                Time += delta;
                Pass(TakeLength(at), at);
                return false;
            case 0:
                Time += delta;
                Payloaded(TakeLength(at), at);
                return true;
            default:
                Time += delta;
                Payloaded(type * Word, at);
                return true;
        }
    }

    /// <summary>Takes a length, which counts itself.</summary>
    private uint TakeLength(int at)
    {
        uint length = Take();
        return length >= Word ? length - Word : throw Bad(at, $"an event of {length} bytes is shorter than its own length field");
    }

    private void Payloaded(uint length, int at)
    {
        _payload = _next;
        Pass(length, at);
        _length = (int)length;
    }

    private void Pass(uint length, int at)
    {
        if (length > (uint)(_end - _next))
        {
            throw Bad(at, $"an event of {length} bytes stands where its page has {_end - _next} more");
        }

        _next = Math.Min(_end, _next + ((int)length + Word - 1) / Word * Word);
    }

    private uint Take()
    {
        if (_end - _next < Word)
        {
            throw Bad(_next, "a page ends within the head of an event");
        }

        uint word = U32(_next);
        _next += Word;
        return word;
    }

    private uint U32(int at) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(_page.AsSpan(at)) : BinaryPrimitives.ReadUInt32LittleEndian(_page.AsSpan(at));

    private ulong U64(int at) => bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(_page.AsSpan(at)) : BinaryPrimitives.ReadUInt64LittleEndian(_page.AsSpan(at));

    private TraceFileException Bad(int at, string message) => new(TracePlace.Byte(source.IsPacked ? _offset : _offset + at), message);
}
