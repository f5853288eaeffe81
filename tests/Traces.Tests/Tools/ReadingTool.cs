using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using Assert = Xunit.Assert;

namespace ActorTrace.Traces.Tests.Tools;

/// <summary>A tool that shows the events of a format.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Format">What it reads.</param>
/// <param name="Resolution">Nanoseconds of the format's unit of time.</param>
/// <param name="Read">What it shows of a file; with the truth also checks what it shows besides.</param>
internal sealed record ReadingTool(string Name, TraceFormat Format, ulong Resolution, Func<string, SeenTrace?, SeenTrace> Read)
{
    public static readonly IReadOnlyList<ReadingTool> All =
    [
        new("trace-cmd", TraceFormats.TraceDat, 1, (path, _) => TraceCmd.Report(path)) { Earliest = 1 },
        new("trace-cmd, version 7", TraceFormats.TraceDat7, 1, (path, _) => TraceCmd.Report(path)) { Earliest = 1 },
        new("perf", TraceFormats.Perf, 1, (path, _) => PerfTool.Script(path)),
        new("babeltrace2", TraceFormats.Ctf, 1, (path, _) => Babeltrace.Text("babeltrace2", path)),
        new("babeltrace", TraceFormats.Ctf, 1, (path, _) => Babeltrace.Text("babeltrace", path)),
        new("protoc", TraceFormats.Perfetto, 1, (path, _) => PerfettoTrace.Read(path)),
        new("text importer", TraceFormats.Ftrace, 1000, (path, _) => TextTraces.Ftrace(File.ReadAllText(path))),
        new("JSON importer", TraceFormats.Chrome, 1000, TextTraces.Chrome),
        new("CSV reader", TraceFormats.Csv, 1, (path, _) => TextTraces.Csv(path)),
    ];

    /// <summary>The least time that the format has, in nanoseconds: what was earlier is shown then.</summary>
    public ulong Earliest { get; init; }

    public static ReadingTool Named(string name) => All.Single(t => string.Equals(t.Name, name, StringComparison.Ordinal));

    /// <summary>Writes the run and compares every event with what the tool shows.</summary>
    /// <param name="source">The run.</param>
    /// <param name="path">The file or folder to write.</param>
    /// <param name="groups">Whether the thread groups are compared too.</param>
    public void Check(ITraceSource source, string path, bool groups = true)
    {
        Format.ToFile(new Replay(source, TraceView.Gpos), path);
        SeenTrace truth = JournalTruth.Of(source).From(Earliest);
        SeenTrace seen = Read(path, truth);
        Assert.Equal(truth.InUnitsOf(Resolution).Events, seen.Events);
        if (groups && seen.Groups is not null)
        {
            Assert.Equal(truth.Groups!.OrderBy(g => g.Key), seen.Groups.OrderBy(g => g.Key));
        }
    }
}
