namespace ActorTrace.Machine.Sharing;

/// <summary>What a look into the ring found.</summary>
public enum RingReading
{
    /// <summary>Nothing new.</summary>
    Empty,

    /// <summary>A record.</summary>
    Record,

    /// <summary>A slot whose sequence number is not the one due: somebody wrote over it. It is skipped.</summary>
    Rejected,

    /// <summary>The producer's index in memory is out of range: somebody wrote over it. Nothing is read.</summary>
    CorruptIndex,
}

/// <summary>The GPOS's end of a ring. It keeps its index in memory of its own and publishes it.</summary>
public sealed class TraceRingConsumer
{
    /// <summary>The number of the next record to read, modulo 2^32.</summary>
    public uint Next { get; private set; }

    /// <summary>Reads the next record and steps over it.</summary>
    /// <param name="ring">The ring's memory.</param>
    /// <param name="record">The record; for <see cref="RingReading.Rejected"/> what lay in the slot; null otherwise.</param>
    public RingReading Read(ReadOnlySpan<byte> ring, out RingRecord? record)
    {
        record = null;
        uint waiting = TraceRing.ReadProducer(ring) - Next;
        if (waiting == 0)
        {
            return RingReading.Empty;
        }

        if (waiting > (uint)TraceRing.SlotsOf(ring))
        {
            return RingReading.CorruptIndex;
        }

        record = RingRecord.Decode(TraceRing.Slot(ring, Next));
        bool due = record.Sequence == Next;
        Next++;
        return due ? RingReading.Record : RingReading.Rejected;
    }

    /// <summary>Stores the index in the ring: the slots before it are free.</summary>
    public void Publish(Span<byte> ring) => TraceRing.WriteConsumer(ring, Next);
}
