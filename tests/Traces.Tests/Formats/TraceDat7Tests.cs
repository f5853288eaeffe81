using System.Globalization;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using Xunit;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Formats;

/// <summary>trace-cmd shows the same of a run in trace.dat version 7, plain or compressed, as in version 6.</summary>
public sealed class TraceDat7Tests : IDisposable
{
    private static readonly TaskReference Idle = new(0, "swapper/1", 120);
    private static readonly TaskReference A = new(2001, "RTOS-Task1", 10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public void Any_switches_wakeups_and_markers_are_reported_as_from_version_6() =>
        AnyRun.Sample(run => AssertSameReports(run.Source), iterations: 15);

    [SkippableFact]
    public void Lost_events_are_reported_as_from_version_6()
    {
        var source = new MemorySource();
        for (ulong i = 0; i < 500; i++)
        {
            source.AddLane(1, Lost(1, i, i), Marker(1, i, A, new string('m', (int)(i % 900))));
        }

        source.AddLane(1, Lost(1, 9000, 4));
        string[] lines = AssertSameReports(source);
        Assert.Contains(lines, line => line.StartsWith("CPU:1 [4 EVENTS DROPPED]", StringComparison.Ordinal));
        Assert.Equal(501, lines.Count(line => line.Contains("DROPPED", StringComparison.Ordinal)));
    }

    [SkippableFact]
    public void A_run_without_events_opens()
    {
        string[] lines = AssertSameReports(new MemorySource());
        Assert.Equal("cpus=2", Assert.Single(lines));
    }

    [SkippableFact]
    public void Sixty_four_cpus_of_which_some_are_empty_keep_their_numbers()
    {
        const int cpus = 64;
        var guest = new GuestId(0);
        CoreId[] cores = [.. Enumerable.Range(0, cpus).Select(cpu => new CoreId((byte)cpu))];
        var source = new MemorySource
        {
            Manifest = new MemorySource().Manifest with
            {
                Cores = cpus,
                Guests = [new GuestManifest("many", 0, cores, 0)],
                Lanes = [.. cores.Select(core => new LaneManifest(new VcpuId(guest, core.Index), core, -1))],
            },
        };
        for (int cpu = 0; cpu < cpus; cpu += 3)
        {
            source.AddLane(cpu, Marker(0, 1_000_000_000 * (ulong)cpu, A, $"on {cpu}") with
            {
                Vcpu = new VcpuId(guest, (byte)cpu),
                Core = new CoreId((byte)cpu),
            });
        }

        string[] lines = AssertSameReports(source);
        Assert.Equal(
            Enumerable.Range(0, cpus).Where(cpu => cpu % 3 == 0).Select(cpu => string.Create(CultureInfo.InvariantCulture, $"[{cpu:d3}] on {cpu}")),
            lines.Where(line => line.Contains("] ", StringComparison.Ordinal)).Select(
                line => line[line.IndexOf('[', StringComparison.Ordinal)..][..6] + line[line.LastIndexOf("on ", StringComparison.Ordinal)..]),
            StringComparer.Ordinal);
    }

    [SkippableTheory]
    [InlineData("none")]
    [InlineData("zstd")]
    public void Trace_cmd_converts_splits_and_dumps_it(string compression)
    {
        MemorySource source = ManySwitches();
        string path = Export(source, TraceFormats.TraceDat7.Compressed(compression), "a.dat");
        string[] report = Report(path);

        AssertWrites("convert", "-i", path, "-o", PathOf("converted.dat"), "--file-version", "7");
        Assert.Equal(report, Report(PathOf("converted.dat")), StringComparer.Ordinal);

        AssertWrites("split", "-i", path, "-o", PathOf("split"), "0", "100");
        Assert.Equal(report, Report(PathOf("split.1")), StringComparer.Ordinal);

        string[] dump = Tool.Lines("trace-cmd", "dump", "--summary", "--options", "--flyrecord", "-i", path);
        Assert.Contains(dump, line => line.Contains(compression, StringComparison.Ordinal) && line.Contains("[Compression algorithm]", StringComparison.Ordinal));
        Assert.Contains(dump, line => line.Contains("[buffer \"\", \"mono\" clock, 4096 page size, 1 cpus,", StringComparison.Ordinal));
        Assert.Contains(dump, line => line.Contains("[Saved command lines, ", StringComparison.Ordinal));
    }

    [Fact]
    public void The_default_compression_is_zstd_and_makes_the_file_smaller()
    {
        MemorySource source = ManySwitches();
        string plain = Export(source, TraceFormats.TraceDat7.Compressed("none"), "plain.dat");
        string named = Export(source, TraceFormats.TraceDat7.Compressed("zstd"), "named.dat");
        string chosen = Export(source, TraceFormats.TraceDat7, "default.dat");
        Assert.Equal(File.ReadAllBytes(named), File.ReadAllBytes(chosen));
        Assert.True(new FileInfo(chosen).Length * 2 < new FileInfo(plain).Length);
    }

    [Fact]
    public void A_compression_that_a_format_does_not_have_is_refused()
    {
        Assert.Throws<NotSupportedException>(() => TraceFormats.TraceDat7.Compressed("zlib"));
        Assert.Throws<NotSupportedException>(() => TraceFormats.TraceDat.Compressed("zstd"));
    }

    /// <summary>trace-cmd says on stderr what it writes, and must say nothing else.</summary>
    private static void AssertWrites(params string[] arguments) => Assert.All(
        Tool.Lines("sh", ["-c", "trace-cmd \"$@\" 2>&1", "trace-cmd", .. arguments]),
        line => Assert.Matches("^CPU[0-9]+ data recorded at offset=|^    [0-9]+ bytes in size", line));

    /// <summary>More pages than one chunk of them holds.</summary>
    private static MemorySource ManySwitches()
    {
        var source = new MemorySource();
        for (ulong i = 0; i < 3000; i += 2)
        {
            source.AddLane(1, Switch(1, 1000 * i, Idle, 0, A), Switch(1, 1000 * i + 500, A, 1, Idle));
        }

        return source;
    }

    /// <summary>The report of all three, which must be the same.</summary>
    private string[] AssertSameReports(MemorySource source)
    {
        string[] expected = Report(Export(source, TraceFormats.TraceDat, "v6.dat"));
        foreach (string compression in TraceFormats.TraceDat7.Compressions)
        {
            string path = Export(source, TraceFormats.TraceDat7.Compressed(compression), $"{compression}.dat");
            Assert.Equal(expected, Report(path), StringComparer.Ordinal);
        }

        return expected;
    }

    private string Export(MemorySource source, TraceFormat format, string name)
    {
        format.ToFile(new Replay(source, TraceView.Gpos), PathOf(name));
        return PathOf(name);
    }

    private static string[] Report(string path) => Tool.Lines("trace-cmd", "report", "-t", "-N", "-i", path);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);
}
