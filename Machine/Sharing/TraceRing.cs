using System.Buffers.Binary;

namespace ActorTrace.Machine.Sharing;

/// <summary>
/// The memory that the hypervisor and the GPOS share for the records of one guest vCPU: a header and a power of two of slots.
/// One producer (the hypervisor on the guest's core), one consumer (the GPOS). Both indices count records modulo 2^32.
/// </summary>
/// <remarks>
/// All of it lies in guest memory, so a guest can write anything anywhere. The number of slots is taken from the length of the
/// memory, never from the header; a slot's place from the sequence number modulo the slots. No content makes these methods
/// throw or touch a byte outside the memory given.
/// </remarks>
public static class TraceRing
{
    /// <summary>"ATRG", little endian.</summary>
    public const uint Magic = 0x4752_5441;

    /// <summary>Version of header and records.</summary>
    public const uint Version = 1;

    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 128;

    // The header. The consumer's word has a cache line of its own.
    private const int MagicOffset = 0;
    private const int VersionOffset = 4;
    private const int SlotsOffset = 8;
    private const int SlotSizeOffset = 12;
    private const int ProducerOffset = 16;
    private const int OverrunOffset = 20;
    private const int ConsumerOffset = 64;

    private const int MaxSlots = 1 << 20;

    /// <summary>Bytes of a ring.</summary>
    /// <param name="slots">A power of two, 1..2^20.</param>
    public static int SizeInBytes(int slots)
    {
        RequireSlots(slots);
        return HeaderSize + (slots * RingRecord.Size);
    }

    /// <summary>Writes the header of an empty ring.</summary>
    /// <param name="ring">Memory of exactly <see cref="SizeInBytes"/> bytes.</param>
    public static void Initialize(Span<byte> ring)
    {
        int slots = SlotsOf(ring);
        ring.Clear();
        Put(ring, MagicOffset, Magic);
        Put(ring, VersionOffset, Version);
        Put(ring, SlotsOffset, (uint)slots);
        Put(ring, SlotSizeOffset, RingRecord.Size);
    }

    /// <summary>The number of the next record that the producer will write, as it stands in memory.</summary>
    public static uint ReadProducer(ReadOnlySpan<byte> ring) => Get(ring, ProducerOffset);

    /// <summary>The number of the next record that the consumer will read, as it stands in memory: untrusted.</summary>
    public static uint ReadConsumer(ReadOnlySpan<byte> ring) => Get(ring, ConsumerOffset);

    /// <summary>Hits that found no room, as it stands in memory.</summary>
    public static uint ReadOverrun(ReadOnlySpan<byte> ring) => Get(ring, OverrunOffset);

    /// <summary>Stores the consumer's index, as the GPOS does.</summary>
    public static void WriteConsumer(Span<byte> ring, uint consumer) => Put(ring, ConsumerOffset, consumer);

    /// <summary>Makes a producer's store visible: the record first, then the indices.</summary>
    /// <param name="ring">The ring's memory.</param>
    /// <param name="slot">The record; empty where there was no room for it and only the overrun count changed.</param>
    /// <param name="producer">The producer's index after it.</param>
    /// <param name="overrun">The overrun count after it.</param>
    public static void ApplyRemoteStore(Span<byte> ring, ReadOnlySpan<byte> slot, uint producer, uint overrun)
    {
        if (!slot.IsEmpty)
        {
            slot[..RingRecord.Size].CopyTo(Slot(ring, RingRecordLayout.SequenceOf(slot)));
        }

        Put(ring, ProducerOffset, producer);
        Put(ring, OverrunOffset, overrun);
    }

    /// <summary>Counts the records of a probe that lie unread in a ring, by the consumer's index in memory.</summary>
    /// <returns>0 where that index is out of range: then nothing can be said from memory.</returns>
    public static uint CountWaiting(ReadOnlySpan<byte> ring, ushort probe) => CountWaiting(ring, probe, ReadConsumer(ring));

    /// <summary>Counts the records of a probe from a consumer index on.</summary>
    public static uint CountWaiting(ReadOnlySpan<byte> ring, ushort probe, uint consumer)
    {
        uint waiting = ReadProducer(ring) - consumer;
        if (waiting > (uint)SlotsOf(ring))
        {
            return 0;
        }

        uint found = 0;
        for (uint i = 0; i < waiting; i++)
        {
            if (RingRecordLayout.ProbeOf(Slot(ring, consumer + i)) == probe)
            {
                found++;
            }
        }

        return found;
    }

    /// <summary>The bytes of the slot that a record goes to.</summary>
    internal static ReadOnlySpan<byte> Slot(ReadOnlySpan<byte> ring, uint sequence) => ring.Slice(SlotOffset(ring, sequence), RingRecord.Size);

    private static Span<byte> Slot(Span<byte> ring, uint sequence) => ring.Slice(SlotOffset(ring, sequence), RingRecord.Size);

    private static int SlotOffset(ReadOnlySpan<byte> ring, uint sequence) =>
        HeaderSize + ((int)(sequence & (uint)(SlotsOf(ring) - 1)) * RingRecord.Size);

    /// <summary>The number of slots, from the length of the memory.</summary>
    internal static int SlotsOf(ReadOnlySpan<byte> ring)
    {
        int slots = (ring.Length - HeaderSize) / RingRecord.Size;
        RequireSlots(slots);
        return slots;
    }

    internal static void RequireSlots(int slots)
    {
        if (slots is < 1 or > MaxSlots || !int.IsPow2(slots))
        {
            throw new ArgumentOutOfRangeException(nameof(slots), slots, "The slots of a trace ring are a power of two, 1..2^20.");
        }
    }

    private static void Put(Span<byte> ring, int offset, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(ring[offset..], value);

    private static uint Get(ReadOnlySpan<byte> ring, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(ring[offset..]);
}
