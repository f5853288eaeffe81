using ActorTrace.Machine.Sharing;
using CsCheck;
using Xunit;

namespace ActorTrace.Machine.Tests.Sharing;

public sealed class TraceRingTests
{
    private const int Slots = 8;

    [Fact]
    public void The_header_is_as_documented()
    {
        byte[] ring = NewRing();
        TraceRing.ApplyRemoteStore(ring, [], 0x01020304, 0x11121314);
        TraceRing.WriteConsumer(ring, 0x21222324);
        string head = "41545247" + "01000000" + "08000000" + "00020000" + "04030201" + "14131211";
        Assert.Equal(head, Convert.ToHexString(ring, 0, 24));
        Assert.Equal("24232221", Convert.ToHexString(ring, 64, 4));
        Assert.Equal(128 + (8 * 512), ring.Length);
    }

    [Fact]
    public void A_record_comes_out_as_it_went_in()
    {
        byte[] ring = NewRing();
        TraceRingProducer producer = new(Slots);
        Assert.True(Produce(producer, ring, 7));
        TraceRingConsumer consumer = new();
        Assert.Equal(RingReading.Record, consumer.Read(ring, out RingRecord? record));
        Assert.Equal((ushort)7, record!.Probe);
        Assert.Equal(RingReading.Empty, consumer.Read(ring, out _));
    }

    [Fact]
    public void A_full_ring_counts_what_it_loses_and_the_next_record_tells()
    {
        byte[] ring = NewRing();
        TraceRingProducer producer = new(Slots);
        for (ushort i = 0; i < Slots; i++)
        {
            Assert.True(Produce(producer, ring, i));
        }

        Assert.False(Produce(producer, ring, 100));
        Assert.False(Produce(producer, ring, 101));
        Assert.Equal(2U, TraceRing.ReadOverrun(ring));
        TraceRingConsumer consumer = new();
        for (ushort i = 0; i < Slots; i++)
        {
            Assert.Equal(RingReading.Record, consumer.Read(ring, out RingRecord? early));
            Assert.Equal((i, 0U), (early!.Probe, early.LostBefore));
        }

        consumer.Publish(ring);
        Assert.True(Produce(producer, ring, 102));
        Assert.Equal(RingReading.Record, consumer.Read(ring, out RingRecord? late));
        Assert.Equal(((ushort)102, 2U, (uint)Slots), (late!.Probe, late.LostBefore, late.Sequence));
        Assert.True(Produce(producer, ring, 103));
        consumer.Read(ring, out RingRecord? last);
        Assert.Equal(0U, last!.LostBefore);
    }

    [Fact]
    public void An_old_view_of_the_consumer_loses_records_but_never_overwrites_one()
    {
        TraceRingProducer producer = new(Slots);
        byte[] slot = new byte[RingRecord.Size];
        for (int i = 0; i < Slots; i++)
        {
            Assert.True(producer.TryProduce(new RingRecord(), 0, slot));
        }

        Assert.False(producer.TryProduce(new RingRecord(), 0, slot));
        Assert.Equal(0UL, producer.CorruptViews);
        Assert.True(producer.TryProduce(new RingRecord(), 1, slot));
    }

    [Fact]
    public void A_consumer_index_out_of_range_is_counted_and_taken_for_a_full_ring()
    {
        TraceRingProducer producer = new(Slots);
        byte[] slot = new byte[RingRecord.Size];
        Assert.False(producer.TryProduce(new RingRecord(), 0xDEAD_BEEF, slot));
        Assert.False(producer.TryProduce(new RingRecord(), 1, slot));
        Assert.Equal((2UL, 2U, 0U), (producer.CorruptViews, producer.Overrun, producer.Next));
        Assert.All(slot, b => Assert.Equal(0, b));
    }

    [Fact]
    public void A_slot_with_a_foreign_sequence_number_is_rejected_and_skipped()
    {
        byte[] ring = NewRing();
        TraceRingProducer producer = new(Slots);
        Produce(producer, ring, 1);
        Produce(producer, ring, 2);
        ring[TraceRing.HeaderSize] = 0x55;
        TraceRingConsumer consumer = new();
        Assert.Equal(RingReading.Rejected, consumer.Read(ring, out RingRecord? foreign));
        Assert.Equal(0x55U, foreign!.Sequence);
        Assert.Equal(RingReading.Record, consumer.Read(ring, out RingRecord? good));
        Assert.Equal((ushort)2, good!.Probe);
    }

    [Fact]
    public void A_producer_index_out_of_range_makes_the_consumer_read_nothing()
    {
        byte[] ring = NewRing();
        TraceRing.ApplyRemoteStore(ring, [], Slots + 1, 0);
        TraceRingConsumer consumer = new();
        Assert.Equal(RingReading.CorruptIndex, consumer.Read(ring, out _));
        Assert.Equal(0U, consumer.Next);
    }

    [Fact]
    public void Waiting_records_are_counted_by_probe()
    {
        byte[] ring = NewRing();
        TraceRingProducer producer = new(Slots);
        foreach (ushort probe in new ushort[] { 1, 2, 1, 1 })
        {
            Produce(producer, ring, probe);
        }

        Assert.Equal((3U, 1U), (TraceRing.CountWaiting(ring, 1), TraceRing.CountWaiting(ring, 2)));
        TraceRing.WriteConsumer(ring, 3);
        Assert.Equal((1U, 0U), (TraceRing.CountWaiting(ring, 1), TraceRing.CountWaiting(ring, 2)));
        TraceRing.WriteConsumer(ring, 0xDEAD_BEEF);
        Assert.Equal(0U, TraceRing.CountWaiting(ring, 1));
    }

    /// <summary>A hostile guest rewrites any word of the ring between any two steps.</summary>
    [Fact]
    public void Whatever_a_guest_writes_nothing_outside_the_ring_changes_and_every_hit_is_accounted_for()
    {
        Gen<(int Action, int Offset, uint Value)> step = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 200], Gen.OneOf(Gen.UInt[0, 20], Gen.UInt));
        step.Array[1, 60].Sample(
            steps =>
            {
                const int Guard = 600;
                byte[] memory = new byte[Guard + TraceRing.SizeInBytes(4) + Guard];
                Span<byte> ring = memory.AsSpan(Guard, TraceRing.SizeInBytes(4));
                TraceRing.Initialize(ring);
                TraceRingProducer producer = new(4);
                TraceRingConsumer consumer = new();
                uint hits = 0;
                uint written = 0;
                foreach ((int action, int offset, uint value) in steps)
                {
                    switch (action)
                    {
                        case 0 or 1 or 2:
                            hits++;
                            byte[] slot = new byte[RingRecord.Size];
                            bool done = producer.TryProduce(new RingRecord { Probe = 1 }, TraceRing.ReadConsumer(ring), slot);
                            written += done ? 1U : 0U;
                            TraceRing.ApplyRemoteStore(ring, done ? slot : [], producer.Next, producer.Overrun);
                            break;
                        case 3:
                            consumer.Read(ring, out _);
                            consumer.Publish(ring);
                            break;
                        case 4:
                            int place = (offset < 40 ? offset * 4 : offset * 10) & ~3;
                            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(ring[place..], value);
                            break;
                        default:
                            Assert.True(TraceRing.CountWaiting(ring, 1) <= 4);
                            break;
                    }
                }

                Assert.Equal(hits, written + producer.Overrun);
                Assert.Equal(written, producer.Next);
                Assert.True(memory.AsSpan(0, Guard).IndexOfAnyExcept((byte)0) < 0);
                Assert.True(memory.AsSpan(memory.Length - Guard).IndexOfAnyExcept((byte)0) < 0);
            },
            iter: 3000);
    }

    [Fact]
    public void A_ring_whose_slots_are_no_power_of_two_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TraceRing.SizeInBytes(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TraceRingProducer(0));
    }

    private static byte[] NewRing()
    {
        byte[] ring = new byte[TraceRing.SizeInBytes(Slots)];
        TraceRing.Initialize(ring);
        return ring;
    }

    private static bool Produce(TraceRingProducer producer, byte[] ring, ushort probe)
    {
        byte[] slot = new byte[RingRecord.Size];
        bool done = producer.TryProduce(new RingRecord { Probe = probe }, TraceRing.ReadConsumer(ring), slot);
        TraceRing.ApplyRemoteStore(ring, done ? slot : [], producer.Next, producer.Overrun);
        return done;
    }
}
