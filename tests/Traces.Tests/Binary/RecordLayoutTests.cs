using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using Xunit;

namespace ActorTrace.Traces.Tests.Binary;

/// <summary>Bytes written by hand from docs/formats/journal.md, schema version 1. They must never change.</summary>
public sealed class RecordLayoutTests
{
    // cause: at 0x0102030405060708, source 1, sequence 5
    private const string CauseHex = "0807060504030201 0100 0500000000000000";

    // at 0x10, bufferedAt 0x20, guest 1 vcpu 0, core 1, current: pid 2001, priority 10, "Task1"
    private const string LaneHex = "1000000000000000 2000000000000000 01 00 01" + TaskHex;
    private const string TaskHex = "D1070000 0A000000 5461736B310000000000000000000000";

    private static readonly Stamp Cause = new(new VirtualInstant(0x0102030405060708), new SourceId(1), 5);
    private static readonly VirtualInstant At = new(0x10);
    private static readonly VirtualInstant Buffered = new(0x20);
    private static readonly VcpuId Vcpu = new(new GuestId(1), 0);
    private static readonly CoreId Core = new(1);
    private static readonly TaskReference Task = new(2001, "Task1", 10);

    public static TheoryData<TraceRecord, string> Golden => new()
    {
        {
            new StepRecord(Cause, StepKind.RingWrite, CostCategory.TcbRead, At, Buffered, Core, Vcpu, 0x40001234, 7, 1),
            "0100 3F00" + CauseHex + "05 04 1000000000000000 2000000000000000 01 01 00 34120040 0700000000000000 0100000000000000"
        },
        { new ConsoleRecord(Cause, At, Vcpu, "é\n"), "0200 2500" + CauseHex + "1000000000000000 01 00 0300 C3A90A" },
        { new GuestStateRecord(Cause, At, Vcpu, "dead", "x"), "0300 2900" + CauseHex + "1000000000000000 01 00 0400 64656164 0100 78" },
        {
            new SwitchRecord(Cause, At, Buffered, Vcpu, Core, Task, 1, new TaskReference(0, "swapper/1", 120)),
            "1000 5D00" + CauseHex + LaneHex + "01000000 00000000 78000000 737761707065722F3100000000000000"
        },
        { new WakeupRecord(Cause, At, Buffered, Vcpu, Core, Task, Task, true), "1100 5A00" + CauseHex + LaneHex + TaskHex + "01" },
        {
            new FunctionHitRecord(Cause, At, Buffered, Vcpu, Core, Task, "f", 0x11223344, 0x55667788, 0x99AABBCC),
            "1200 5000" + CauseHex + LaneHex + "44332211 88776655 CCBBAA99 0100 66"
        },
        {
            new FunctionHitRecord(Cause, At, Buffered, Vcpu, Core, Task, "f", 0x11223344, 0x55667788, 0x99AABBCC) { Stack = new StackTop(1, 2, 3, 0xFFFFFFFF) },
            "1200 6000" + CauseHex + LaneHex + "44332211 88776655 CCBBAA99 0100 66 01000000 02000000 03000000 FFFFFFFF"
        },
        { new IrqRecord(Cause, At, Buffered, Vcpu, Core, Task, -2, "t", true), "1300 4900" + CauseHex + LaneHex + "FEFFFFFF 01 0100 74" },
        { new MarkerRecord(Cause, At, Buffered, Vcpu, Core, Task, ""), "1400 4300" + CauseHex + LaneHex + "0000" },
        { new LostRecordsRecord(Cause, At, Buffered, Vcpu, Core, Task, 77), "1500 4900" + CauseHex + LaneHex + "4D00000000000000" },
        {
            new FunctionReturnRecord(Cause, At, Buffered, Vcpu, Core, Task, "f", 0x11223344, 0x55667788, 0x99AABBCC, new VirtualInstant(0xF)),
            "1600 5800" + CauseHex + LaneHex + "44332211 88776655 CCBBAA99 0F00000000000000 0100 66"
        },
        { new WakeupRecord(Cause, At, Buffered, Vcpu, Core, Task, Task, false) { TargetCpu = 5 }, "1100 5E00" + CauseHex + LaneHex + TaskHex + "00 05000000" },
        { new SoftirqRecord(Cause, At, Buffered, Vcpu, Core, Task, 7, InterruptPhase.Exit), "1700 4600" + CauseHex + LaneHex + "07000000 02" },
        {
            new IpiRecord(Cause, At, Buffered, Vcpu, Core, Task, "r", 0x8000000000000001, InterruptPhase.Raise),
            "1800 4D00" + CauseHex + LaneHex + "0100000000000080 00 0100 72"
        },
        { new CpuIdleRecord(Cause, At, Buffered, Vcpu, Core, Task, CpuIdleRecord.Exit), "1900 4500" + CauseHex + LaneHex + "FFFFFFFF" },
        { new ForeignRecord(Cause, At, Buffered, Vcpu, Core, Task, "s", "n", "k=1"), "1A00 4C00" + CauseHex + LaneHex + "0100 73 0100 6E 0300 6B3D31" },
        { new ControlRecord(Cause, At, "a", "1", "ok"), "2000 2800" + CauseHex + "1000000000000000 0100 61 0100 31 0200 6F6B" },
        {
            new ProbeCountsRecord(Cause, 3, Vcpu, 2, "n", "s", 1, 2, 3, 4, 5, 6, 7),
            "2100 5A00" + CauseHex + "0300 01 00 0200 0100000000000000 0200000000000000 0300000000000000 0400000000000000"
            + "0500000000000000 0600000000000000 0700000000000000 0100 6E 0100 73"
        },
        { new CommandRecord(Cause, "a", "1"), "2300 1C00" + CauseHex + "0100 61 0100 31" },
        { new RunEndRecord(Cause, At, "idle", 9), "2200 2C00" + CauseHex + "1000000000000000 0900000000000000 0400 69646C65" },
    };

    [Theory]
    [MemberData(nameof(Golden))]
    public void A_record_has_the_bytes_of_version_1(TraceRecord record, string hex)
    {
        byte[] expected = Convert.FromHexString(hex.Replace(" ", string.Empty, StringComparison.Ordinal));
        var buffer = new byte[RecordCodec.MaxRecordBytes];

        int length = RecordCodec.Encode(record, buffer);

        Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(buffer.AsSpan(0, length)));
        Assert.Equal(record, new RecordReader(expected).Next());
    }

    [Fact]
    public void Every_kind_of_the_catalogue_has_golden_bytes() =>
        Assert.Equal(Enum.GetValues<RecordKind>().Except([RecordKind.Horizon]), Golden.Select(row => ((TraceRecord)row[0]).Kind).Distinct().Order());

    [Fact]
    public void Manifest_bytes_of_version_1_are_read_and_written()
    {
        string hex = """
            4154524D 62000000 01000000
            00CA9A3B00000000 40BEB90300000000 40000000 02000000
            01000000 6E   02000000 733A
            01000000
              04000000 72746F73  01000000 D0070000 01000000 01
            01000000
              00 00 01 FFFFFFFF
            01000000
              01000000 66  02000000 ABCD
            """;
        byte[] bytes = Convert.FromHexString(string.Concat(hex.Where(char.IsAsciiHexDigit)));

        RunManifest manifest = RunManifestCodec.Decode(bytes);

        Assert.Equal((1, "n", "s:", 2), (manifest.SchemaVersion, manifest.Name, manifest.Scenario, manifest.Cores));
        Assert.Equal(new ClockRates(1_000_000_000, 62_504_512, 64), manifest.Clock);
        GuestManifest guest = Assert.Single(manifest.Guests);
        Assert.Equal(("rtos", 1, 2000), (guest.Name, guest.FirstLinuxCpu, guest.ProcessId));
        Assert.Equal([new CoreId(1)], guest.VcpuCores);
        Assert.Equal(new LaneManifest(new VcpuId(new GuestId(0), 0), new CoreId(1), -1), Assert.Single(manifest.Lanes));
        InputFile file = Assert.Single(manifest.Files);
        Assert.Equal("f", file.Path);
        Assert.Equal([0xAB, 0xCD], file.Content.ToArray());
        Assert.Equal(bytes, RunManifestCodec.Encode(manifest));
        Assert.Null(manifest.ImportedFrom);
    }

    [Fact]
    public void The_manifest_of_an_imported_run_has_the_name_of_the_file_behind_its_files()
    {
        var manifest = new RunManifest(1, "n", new ClockRates(1_000_000_000, 1, 1), 1, [], [], "", []) { ImportedFrom = "t.dat" };

        byte[] bytes = RunManifestCodec.Encode(manifest);

        Assert.EndsWith("05000000" + "742E646174", Convert.ToHexString(bytes), StringComparison.Ordinal);
        Assert.Equal("t.dat", RunManifestCodec.Decode(bytes).ImportedFrom);
    }

    [Fact]
    public void The_run_hash_is_over_lines_in_ordinal_order()
    {
        // printf 'core-10 00ff\ncore-2 01\nlane-0 \n' | sha256sum
        const string expected = "8b3ffcf8189378b502da35da72c8daa7f49a0cf1459e926c1186994d9f3b8d04";

        Assert.Equal(expected, RunHash.Combine([("lane-0", []), ("core-2", [1]), ("core-10", [0, 0xFF])]));
        Assert.Throws<ArgumentException>(() => RunHash.Combine([("a", []), ("a", [])]));
    }

    [Fact]
    public void A_stream_hash_does_not_depend_on_the_pieces()
    {
        using var hasher = new StreamHasher();
        hasher.Append("a"u8);
        byte[] first = hasher.Current();
        hasher.Append("bc"u8);

        // FIPS 180-2 appendix B.1
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Convert.ToHexStringLower(hasher.Current()));
        Assert.NotEqual(first, hasher.Current());
    }
}
