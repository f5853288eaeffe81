using System.Buffers.Binary;

namespace ActorTrace.Traces.Formats.TraceDat;

/// <summary>The ring buffer pages of one CPU, written to a stream one after the other (docs/formats/trace-dat.md).</summary>
/// <remarks>
/// <code>
///  page:  u64 timestamp; u64 commit: bytes of data | bit 31 events were lost before | bit 30 count follows the data; data
///  event: u32 type_len (bits 0-4) | time delta in ns to the event before (bits 5-31); payload
///         type_len 1..28: payload of 4 x type_len bytes; 0: u32 payload bytes + 4, then the payload;
///         30: TIME_EXTEND, the next u32 holds bits 27 and up of the delta
/// </code>
/// </remarks>
internal sealed class CpuPages(Stream spool)
{
    public const int PageBytes = 4096;
    public const int HeaderBytes = 16;

    private const int DataBytes = PageBytes - HeaderBytes;
    private const uint EventsLost = 1u << 31;
    private const uint LostCountStored = 1u << 30;
    private const int DeltaBits = 27;
    private const uint TimeExtend = 30;
    private const int MostShortWords = 28;
    private const int ExtendBytes = 8;

    private readonly byte[] _page = new byte[PageBytes];
    private int _used;
    private ulong _last;
    private ulong _lost;
    private bool _gap;

    /// <summary>Where the pages go.</summary>
    public Stream Spool { get; } = spool;

    /// <summary>Bytes of whole pages written; after <see cref="Flush"/> that is all.</summary>
    public long Bytes { get; private set; }

    /// <summary>Events written.</summary>
    public long Entries { get; private set; }

    /// <summary>Events lost.</summary>
    public ulong Overrun { get; private set; }

    /// <summary>Time of the last event.</summary>
    public ulong Last => _last;

    /// <summary>True where events were lost behind the last event written.</summary>
    public bool LostAtEnd => _lost > 0 && _used == 0;

    /// <summary>Events are missing here: the next one begins a page that says so.</summary>
    /// <param name="count">How many; 0 where that is not known, as across a time without tracing.</param>
    public void Lose(ulong count)
    {
        if (_used > 0)
        {
            Flush();
        }

        _gap |= count == 0;
        _lost += count;
        Overrun += count;
    }

    /// <summary>Makes room for an event.</summary>
    /// <param name="nanoseconds">Its time; not before the event before.</param>
    /// <param name="payload">Bytes of its payload, a multiple of 4, at most half a page.</param>
    /// <returns>Where to write the payload, zeroed.</returns>
    public Span<byte> Add(ulong nanoseconds, int payload)
    {
        if (nanoseconds < _last)
        {
            throw new InvalidOperationException($"an event at {nanoseconds} ns follows one at {_last} ns");
        }

        int header = payload / sizeof(uint) <= MostShortWords ? sizeof(uint) : 2 * sizeof(uint);
        int room = DataBytes - (_lost > 0 ? sizeof(ulong) : 0);
        if (_used > 0 && _used + ExtendBytes + header + payload > room)
        {
            Flush();
        }

        if (_used == 0)
        {
            _last = nanoseconds;
            BinaryPrimitives.WriteUInt64LittleEndian(_page, nanoseconds);
        }

        ulong delta = nanoseconds - _last;
        _last = nanoseconds;
        Entries++;
        if (delta >> DeltaBits != 0)
        {
            Put(TimeExtend | (uint)delta << 5);
            Put((uint)(delta >> DeltaBits));
            delta = 0;
        }

        if (header == sizeof(uint))
        {
            Put((uint)(payload / sizeof(uint)) | (uint)delta << 5);
        }
        else
        {
            Put((uint)delta << 5);
            Put((uint)payload + sizeof(uint));
        }

        Span<byte> space = _page.AsSpan(HeaderBytes + _used, payload);
        _used += payload;
        return space;
    }

    /// <summary>Ends the page; a page without events is not written.</summary>
    public void Flush()
    {
        if (_used == 0)
        {
            return;
        }

        uint commit = (uint)_used;
        if (_lost > 0)
        {
            commit |= EventsLost | LostCountStored;
            BinaryPrimitives.WriteUInt64LittleEndian(_page.AsSpan(HeaderBytes + _used), _lost);
            _lost = 0;
        }
        else if (_gap)
        {
            commit |= EventsLost;
        }

        _gap = false;
        BinaryPrimitives.WriteUInt64LittleEndian(_page.AsSpan(sizeof(ulong)), commit);
        Spool.Write(_page);
        Bytes += PageBytes;
        _page.AsSpan().Clear();
        _used = 0;
    }

    private void Put(uint word)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_page.AsSpan(HeaderBytes + _used), word);
        _used += sizeof(uint);
    }
}
