using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Tests.Tools;

namespace ActorTrace.EndToEnd;

/// <summary>What each unmodified tool shows and computes of whole runs is what their journals hold.</summary>
public sealed class EveryToolTests : IDisposable
{
    private static readonly Dictionary<string, Action<ITraceSource, string>> FiguresOf = new(StringComparer.Ordinal)
    {
        ["trace-cmd report -w"] = FigureTools.TraceCmdLatencies,
        ["perf sched timehist"] = FigureTools.PerfTimehist,
        ["perf sched latency"] = FigureTools.PerfLatency,
        ["lttng-schedstats"] = FigureTools.LttngLatencies,
        ["lttng-cputop"] = FigureTools.LttngRunTimes,
    };

    private readonly TemporaryFolder _folder = Workspace.Temporary();

    public static TheoryData<string, string> Shown => EachRunWith(ReadingTool.All.Select(t => t.Name));

    public static TheoryData<string, string> Computed => EachRunWith(FiguresOf.Keys);

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [MemberData(nameof(Shown))]
    public void Every_event_of_a_run_is_shown_as_it_was(string run, string tool)
    {
        ITraceSource source = WholeRuns.Of(run);
        ReadingTool.Named(tool).Check(source, _folder.File("trace"));
        Assert.True(JournalTruth.Of(source).Switches.Count() > 300, "the run holds too little to show anything");
    }

    [SkippableTheory]
    [MemberData(nameof(Computed))]
    public void Run_times_and_latencies_of_a_run_are_computed_as_they_were(string run, string tool) =>
        FiguresOf[tool](WholeRuns.Of(run), _folder.File("trace"));

    /// <summary>The board view has the hypervisor's steps too; what trace-cmd shows of them is what the others show.</summary>
    [SkippableTheory]
    [MemberData(nameof(OthersThanTraceCmd))]
    public void The_hypervisors_steps_are_the_same_events_in_every_tool(string tool)
    {
        (ReadingTool first, ReadingTool other) = (ReadingTool.All[0], ReadingTool.Named(tool));
        SeenEvent[] steps = [.. Board(first).InUnitsOf(other.Resolution).Events];
        Assert.Contains(steps, e => e.Name is "hyp_enter");
        Assert.Equal(steps.Select(Place), Board(other).From(first.Earliest).InUnitsOf(other.Resolution).Events.Select(Place));
    }

    public static TheoryData<string> OthersThanTraceCmd => new(ReadingTool.All.Skip(1).Select(t => t.Name));

    /// <summary>Chrome's slices are compared with the truth of the gpos view: here only the text beside them counts.</summary>
    private SeenTrace Board(ReadingTool tool)
    {
        string path = _folder.File("board." + tool.Format.Name);
        tool.Format.ToFile(new Replay(WholeRuns.Of(WholeRuns.Paper), TraceView.Board, new EventSelection(Until: 300_000_000)), path);
        return tool.Read(path, null);
    }

    private static (ulong At, int Cpu, int Pid, string Name) Place(SeenEvent seen) => (seen.At, seen.Cpu, seen.Pid, seen.Name);

    private static TheoryData<string, string> EachRunWith(IEnumerable<string> tools)
    {
        var data = new TheoryData<string, string>();
        foreach ((string run, string tool) in WholeRuns.Names.SelectMany(run => tools.Select(tool => (run, tool))))
        {
            data.Add(run, tool);
        }

        return data;
    }
}
