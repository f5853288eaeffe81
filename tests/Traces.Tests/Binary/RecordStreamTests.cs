using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using CsCheck;
using Xunit;

namespace ActorTrace.Traces.Tests.Binary;

public sealed class RecordStreamTests
{
    private static readonly Gen<TraceRecord[]> Records = RecordGen.Any.Array[0, 30];

    [Fact]
    public void Any_records_come_back_equal() => Records.Sample(records =>
    {
        using RecordWriter writer = Write(records);
        Assert.Equal(records.Length, writer.Count);
        Assert.Equal(records, new RecordReader(writer.Written).ReadAll());
    });

    [Fact]
    public void The_buffer_grows_past_its_first_size()
    {
        var record = new ConsoleRecord(default, new VirtualInstant(1), default, new string('x', RecordCodec.MaxTextBytes));
        TraceRecord[] records = [.. Enumerable.Repeat(record, 100)];

        using RecordWriter writer = Write(records);

        Assert.Equal(records, new RecordReader(writer.Written).ReadAll());
        writer.Clear();
        Assert.Equal((0, 0), (writer.Count, writer.Length));
    }

    [Fact]
    public void Any_changed_byte_gives_records_or_a_format_error_inside_the_data() =>
        Gen.Select(Records, Gen.Int[0, int.MaxValue], Gen.Byte).Sample((records, place, value) =>
        {
            using RecordWriter writer = Write(records);
            byte[] bytes = writer.Written.ToArray();
            if (bytes.Length > 0)
            {
                bytes[place % bytes.Length] = value;
            }

            ReadToEndOrFormatError(bytes);
        }, iter: 3000);

    [Fact]
    public void Any_bytes_give_records_or_a_format_error() => Gen.Byte.Array[0, 200].Sample(ReadToEndOrFormatError, iter: 3000);

    [Fact]
    public void A_cut_stream_is_an_error_at_the_cut_record() => Records.Sample(records =>
    {
        using RecordWriter writer = Write(records);
        if (writer.Length == 0)
        {
            return;
        }

        var reader = new RecordReader(writer.Written[..^1], origin: 1000);
        var error = Assert.Throws<JournalFormatException>(() => reader.ReadAll().Count());
        Assert.InRange(error.Offset, 1000, 1000 + writer.Length - 1);
    });

    [Fact]
    public void Unknown_kinds_and_fields_behind_the_known_ones_are_passed_over()
    {
        var known = new RunEndRecord(default, new VirtualInstant(1), "idle", 2);
        using RecordWriter writer = Write([known]);
        byte[] extended = [.. writer.Written.Span, 0xAA, 0xBB];
        extended[2] += 2;

        var reader = new RecordReader((byte[])[0xFF, 0x7F, 0x06, 0x00, 1, 2, .. extended]);

        Assert.Equal([known], reader.ReadAll());
        Assert.Equal(1, reader.Skipped);
    }

    [Fact]
    public void A_text_or_name_that_does_not_fit_is_refused_and_leaves_nothing_behind()
    {
        using var writer = new RecordWriter();

        Assert.Throws<ArgumentException>(() => writer.Add(new ConsoleRecord(default, default, default, new string('x', RecordCodec.MaxTextBytes + 1))));
        Assert.Throws<ArgumentException>(() => writer.Add(new MarkerRecord(
            default, default, default, default, default, new TaskReference(1, "sixteen-letters!", 1), "")));
        Assert.Equal((0, 0), (writer.Count, writer.Length));
    }

    [Fact]
    public void A_changed_manifest_gives_a_manifest_or_a_format_error()
    {
        var manifest = new RunManifest(
            1, "name", new ClockRates(1_700_000_000, 24_000_000, 1), 2,
            [new GuestManifest("g", 0, [new CoreId(0), new CoreId(1)], 5)],
            [new LaneManifest(default, default, -1)], "text", [new InputFile("a", new byte[9])]);
        byte[] bytes = RunManifestCodec.Encode(manifest);

        Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte, Gen.Int[0, bytes.Length]).Sample((place, value, cut) =>
        {
            byte[] changed = [.. bytes];
            changed[place] = value;
            foreach (byte[] data in (byte[][])[changed, bytes[..cut]])
            {
                try
                {
                    Assert.NotNull(RunManifestCodec.Decode(data));
                }
                catch (JournalFormatException error)
                {
                    Assert.InRange(error.Offset, 0, data.Length);
                }
            }
        }, iter: 3000);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(257, 0)]
    [InlineData(int.MaxValue, 0)]
    [InlineData(2, -1)]
    [InlineData(2, 1024)]
    public void A_manifest_of_impossible_size_is_refused(int cores, int firstLinuxCpu)
    {
        byte[] bytes = RunManifestCodec.Encode(new RunManifest(
            1, "n", new ClockRates(1, 1, 1), cores, [new GuestManifest("guest", firstLinuxCpu, [new CoreId(0)], 0)], [], "", []));
        Assert.Throws<JournalFormatException>(() => RunManifestCodec.Decode(bytes));
    }

    private static void ReadToEndOrFormatError(byte[] bytes)
    {
        try
        {
            Assert.InRange(new RecordReader(bytes).ReadAll().Count(), 0, bytes.Length);
        }
        catch (JournalFormatException error)
        {
            Assert.InRange(error.Offset, 0, bytes.Length);
        }
    }

    private static RecordWriter Write(IEnumerable<TraceRecord> records)
    {
        var writer = new RecordWriter(capacity: 1);
        foreach (TraceRecord record in records)
        {
            writer.Add(record);
        }

        return writer;
    }
}
