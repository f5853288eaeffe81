using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Tests.Tools;

namespace ActorTrace.EndToEnd;

/// <summary>What each unmodified tool shows and computes of whole runs is what their journals hold.</summary>
public sealed class EveryToolTests : IDisposable
{
    private const string Paper = "the paper's scenario";
    private const string Small = "the small capture";
    private const string Android = "a real Android";
    private const string Capture = "$ACTORTRACE_CAPTURES/android-systrace-2core-arm.txt";

    // Each run is made once for all tests.
    private static readonly Dictionary<string, Lazy<ITraceSource>> Runs = new(StringComparer.Ordinal)
    {
        [Paper] = new(() => Run("arndale")),
        [Small] = new(() => Run("capture", (Capture, "captures/small-2core.txt"), ("duration: 5s", "duration: 600ms"))),
        [Android] = new(() => Run("capture")),
    };

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
        ITraceSource source = Of(run);
        ReadingTool.Named(tool).Check(source, _folder.File("trace"));
        Assert.True(JournalTruth.Of(source).Switches.Count() > 300, "the run holds too little to show anything");
    }

    [SkippableTheory]
    [MemberData(nameof(Computed))]
    public void Run_times_and_latencies_of_a_run_are_computed_as_they_were(string run, string tool) =>
        FiguresOf[tool](Of(run), _folder.File("trace"));

    /// <summary>The board view has the hypervisor's steps too; what trace-cmd shows of them is what the others show.</summary>
    [SkippableTheory]
    [MemberData(nameof(OthersThanTraceCmd))]
    public void The_hypervisors_steps_are_the_same_events_in_every_tool(string tool)
    {
        ReadingTool other = ReadingTool.Named(tool);
        SeenTrace first = Board(ReadingTool.All[0]);
        Assert.Contains(first.Events, e => e.Name is "hyp_enter");
        Assert.Equal(first.InUnitsOf(other.Resolution).Events.Select(Place), Board(other).Events.Select(Place));
    }

    public static TheoryData<string> OthersThanTraceCmd => new(ReadingTool.All.Skip(1).Select(t => t.Name));

    /// <summary>Chrome's slices are compared with the truth of the gpos view: here only the text beside them counts.</summary>
    private SeenTrace Board(ReadingTool tool)
    {
        string path = _folder.File("board." + tool.Format.Name);
        tool.Format.ToFile(new Replay(Runs[Paper].Value, TraceView.Board, new EventSelection(Until: 300_000_000)), path);
        return tool.Read(path, null);
    }

    private static (ulong At, int Cpu, int Pid, string Name) Place(SeenEvent seen) => (seen.At, seen.Cpu, seen.Pid, seen.Name);

    private static TheoryData<string, string> EachRunWith(IEnumerable<string> tools)
    {
        var data = new TheoryData<string, string>();
        foreach ((string run, string tool) in Runs.Keys.SelectMany(run => tools.Select(tool => (run, tool))))
        {
            data.Add(run, tool);
        }

        return data;
    }

    private static ITraceSource Of(string run)
    {
        Skip.If(run is Android && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("ACTORTRACE_CAPTURES")), "ACTORTRACE_CAPTURES is not set");
        return Runs[run].Value;
    }

    private static MemorySource Run(string scenario, params (string From, string To)[] edits) => new(SimulatedRun.ByActors(scenario, edits).Journal);
}
