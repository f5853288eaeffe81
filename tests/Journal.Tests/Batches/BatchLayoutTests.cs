using System.Text;
using ActorTrace.Journal.Batches;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;

namespace ActorTrace.Journal.Tests.Batches;

/// <summary>The hexadecimal texts were made by a Python script from docs/formats/journal-file.md (struct, zlib, a bitwise CRC).</summary>
public class BatchLayoutTests
{
    private const string PlainBatch =
        "28000000030000000700000000000000e803000000000000bc9a7856341200000a00000047d9e5fb4163746f725472616365";

    private const string CompressedBatch =
        "280001002c0100000100000000000000000000000000000005000000000000002c0100000ab6e14078da8b8a1a05c4020005da6979";

    private const string End =
        "38000000601aed4504000000000000000130000000000000000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    [Fact]
    public void The_checksum_is_the_Castagnoli_one()
    {
        // The check value of the CRC catalogue.
        Assert.Equal(0xE3069283u, Crc32C.Compute("123456789"u8));
        Assert.Equal(0xE3069283u, Crc32C.Compute("6789"u8, Crc32C.Compute("12345"u8)));
    }

    [Fact]
    public void A_batch_has_its_golden_bytes()
    {
        var batch = new TraceBatch(7, new VirtualInstant(1000), new VirtualInstant(0x123456789ABC), 3, Encoding.ASCII.GetBytes("ActorTrace"));
        Assert.Equal(PlainBatch, Convert.ToHexStringLower(PackedBatch.Pack(batch).Bytes.Span));
        Samples.AssertEqual(batch, PackedBatch.FromBytes(Convert.FromHexString(PlainBatch)).Unpack());
    }

    [Fact]
    public void A_payload_that_another_zlib_compressed_is_read()
    {
        TraceBatch batch = PackedBatch.FromBytes(Convert.FromHexString(CompressedBatch)).Unpack();
        Assert.Equal(300, batch.Records);
        Assert.Equal(Enumerable.Repeat((byte)0x5A, 300), batch.Payload.ToArray());
    }

    [Fact]
    public void The_end_of_a_stream_has_its_golden_bytes()
    {
        var end = new StreamEnd(4, (4096 * 3) + 1, [.. Enumerable.Range(0, 32).Select(i => (byte)i)]);
        Assert.Equal(End, Convert.ToHexStringLower(end.ToBytes()));
        StreamEnd read = StreamEnd.FromBytes(Convert.FromHexString(End));
        Assert.Equal((end.Batches, end.Records), (read.Batches, read.Records));
        Assert.Equal(end.Sha256.AsEnumerable(), read.Sha256.AsEnumerable());
    }

    [Fact]
    public void A_batch_comes_back_as_it_was_and_is_stored_smaller()
    {
        TraceBatch batch = Samples.Batch(400);
        var packed = PackedBatch.Pack(batch);
        Assert.True(packed.Bytes.Length < batch.Payload.Length);
        Samples.AssertEqual(batch, PackedBatch.FromBytes(packed.Bytes.ToArray()).Unpack());
    }

    [Fact]
    public void Any_changed_byte_of_a_plain_batch_is_noticed()
    {
        for (int i = 0; i < PlainBatch.Length / 2; i++)
        {
            byte[] bad = Convert.FromHexString(PlainBatch);
            bad[i] ^= 0x10;
            Assert.Throws<JournalFormatException>(() => PackedBatch.FromBytes(bad).Unpack());
        }
    }

    [Fact]
    public void A_damaged_compressed_batch_never_comes_back_changed()
    {
        TraceBatch batch = Samples.Batch(30);
        byte[] good = PackedBatch.Pack(batch).Bytes.ToArray();
        int noticed = 0;
        for (int i = 0; i < good.Length; i++)
        {
            byte[] bad = (byte[])good.Clone();
            bad[i] ^= 0x10;
            noticed += IsNoticed(batch, bad) ? 1 : 0;
            noticed += IsNoticed(batch, good[..i]) ? 1 : 0;
        }

        // What is not noticed are redundant bits of the zlib stream: its own checksum, the padding at its end.
        Assert.InRange(noticed, (2 * good.Length) - 20, 2 * good.Length);
    }

    [Fact]
    public void A_length_that_the_stored_bytes_cannot_hold_is_refused_before_memory_is_taken()
    {
        byte[] bytes = Convert.FromHexString(CompressedBatch);
        BitConverter.TryWriteBytes(bytes.AsSpan(32), PackedBatch.MaxPayloadBytes);
        Assert.Throws<JournalFormatException>(() => PackedBatch.FromBytes(bytes));
        BitConverter.TryWriteBytes(bytes.AsSpan(32), -1);
        Assert.Throws<JournalFormatException>(() => PackedBatch.FromBytes(bytes));
    }

    [Fact]
    public void Any_changed_byte_of_an_end_mark_is_noticed()
    {
        // Bytes 2 and 3 are reserved.
        foreach (int i in Enumerable.Range(0, End.Length / 2).Except([2, 3]))
        {
            byte[] bad = Convert.FromHexString(End);
            bad[i] ^= 1;
            Assert.Throws<JournalFormatException>(() => StreamEnd.FromBytes(bad));
        }
    }

    private static bool IsNoticed(TraceBatch batch, byte[] bytes)
    {
        try
        {
            Samples.AssertEqual(batch, PackedBatch.FromBytes(bytes).Unpack());
            return false;
        }
        catch (JournalFormatException)
        {
            return true;
        }
    }
}
