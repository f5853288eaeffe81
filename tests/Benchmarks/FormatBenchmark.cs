using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using BenchmarkDotNet.Attributes;

namespace ActorTrace.Benchmarks;

/// <summary>Events a second from records into each format (aim: trace.dat 2 million, the others 1 million).</summary>
public class FormatBenchmark
{
    private const int Events = 1_000_000;
    private string folder = string.Empty;

    /// <summary>Names of all formats.</summary>
    public static IEnumerable<string> Formats => TraceFormats.All.Select(format => format.Name);

    /// <summary>What --to is given.</summary>
    [ParamsSource(nameof(Formats))]
    public string Format { get; set; } = string.Empty;

    /// <summary>Makes the folder.</summary>
    [GlobalSetup]
    public void Make() => folder = Directory.CreateTempSubdirectory("actortrace-bench-").FullName;

    /// <summary>Deletes what was written.</summary>
    [GlobalCleanup]
    public void Clean() => Directory.Delete(folder, true);

    /// <summary>A million events into a file.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public long Write() =>
        TraceFormats.Find(Format)!.ToFile(new Replay(new MixedRun(Events), TraceView.Gpos), Path.Combine(folder, "out")).Events;
}
