using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;
using BenchmarkDotNet.Attributes;

namespace ActorTrace.Benchmarks;

/// <summary>Events a second out of the formats that can be read (aim: 1 million).</summary>
public class ReaderBenchmark
{
    private const int Events = 1_000_000;
    private string folder = string.Empty;

    /// <summary>Names of the formats that have a reader.</summary>
    public static IEnumerable<string> Formats => [TraceFormats.TraceDat.Name, TraceFormats.TraceDat7.Name, TraceFormats.Ftrace.Name];

    /// <summary>The format that is read.</summary>
    [ParamsSource(nameof(Formats))]
    public string Format { get; set; } = string.Empty;

    private string File => Path.Combine(folder, "in");

    /// <summary>Writes the file.</summary>
    [GlobalSetup]
    public void Make()
    {
        folder = Directory.CreateTempSubdirectory("actortrace-bench-").FullName;
        TraceFormats.Find(Format)!.ToFile(new Replay(new MixedRun(Events), TraceView.Gpos), File);
    }

    /// <summary>Deletes it.</summary>
    [GlobalCleanup]
    public void Clean() => Directory.Delete(folder, true);

    /// <summary>A million events out of a file.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public long Read()
    {
        using TraceFile file = TraceFile.Open(File);
        var counter = new Counter();
        file.Send(counter, new EventTypes());
        return counter.Events;
    }

    private sealed class Counter : ITraceEventSink
    {
        public long Events { get; private set; }

        public void Write(in TraceEvent next) => Events++;

        public void Lost(int cpu, ulong nanoseconds, ulong count)
        {
        }
    }
}
