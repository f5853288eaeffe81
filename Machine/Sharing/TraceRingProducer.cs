namespace ActorTrace.Machine.Sharing;

/// <summary>
/// The hypervisor's end of a ring. Its own index and counters are its own memory; of the consumer it knows only the view it is
/// given, which may be old (then it is careful) or garbage (then it counts it and takes the ring for full).
/// </summary>
public sealed class TraceRingProducer
{
    private readonly uint slots;
    private uint lostSinceRecord;

    /// <summary>Creates the producer of an empty ring.</summary>
    /// <param name="slots">A power of two, 1..2^20.</param>
    public TraceRingProducer(int slots)
    {
        TraceRing.RequireSlots(slots);
        this.slots = (uint)slots;
    }

    /// <summary>The number of the next record, modulo 2^32.</summary>
    public uint Next { get; private set; }

    /// <summary>Hits that found no room, modulo 2^32.</summary>
    public uint Overrun { get; private set; }

    /// <summary>How often the consumer's index was not between <see cref="Next"/> - slots and <see cref="Next"/>.</summary>
    public ulong CorruptViews { get; private set; }

    /// <summary>Numbers a record and makes its bytes, or counts it as overrun.</summary>
    /// <param name="record">What to tell; its sequence and loss count are set here.</param>
    /// <param name="consumerView">The consumer's index as this core sees it: untrusted.</param>
    /// <param name="slot">Receives <see cref="RingRecord.Size"/> bytes, for <see cref="TraceRing.ApplyRemoteStore"/>.</param>
    /// <returns>False where there was no room; then <paramref name="slot"/> is untouched.</returns>
    public bool TryProduce(RingRecord record, uint consumerView, Span<byte> slot)
    {
        ArgumentNullException.ThrowIfNull(record);
        uint waiting = Next - consumerView;
        if (waiting > slots)
        {
            CorruptViews++;
        }

        if (waiting >= slots)
        {
            Overrun++;
            lostSinceRecord = lostSinceRecord == uint.MaxValue ? lostSinceRecord : lostSinceRecord + 1;
            return false;
        }

        (record with { Sequence = Next, LostBefore = lostSinceRecord }).Encode(slot);
        Next++;
        lostSinceRecord = 0;
        return true;
    }
}
