using ActorTrace.Traces.Tests.Tools;
using Xunit;

namespace ActorTrace.Traces.Tests.Formats;

/// <summary>What each tool shows and computes of arbitrary runs is what their journals hold.</summary>
public sealed class EveryToolTests : IDisposable
{
    private const int Runs = 5;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    /// <summary>Where time begins: 5 us after the board was switched on, and 300 days.</summary>
    public static TheoryData<ulong> Begins => [5_000, 300 * 86_400_000_000_000];

    public static TheoryData<string> Tools => new(ReadingTool.All.Select(t => t.Name));

    private string Result => Path.Combine(_folder.FullName, "trace");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableTheory]
    [MemberData(nameof(Tools))]
    public void Any_events_are_shown_as_they_were(string tool) =>
        AnyRun.Sample(run => ReadingTool.Named(tool).Check(run.Source, Result, groups: false), Runs);

    [SkippableTheory]
    [MemberData(nameof(Tools))]
    public void Any_schedule_is_shown_as_it_was(string tool) =>
        AnySchedule.Sample(source => ReadingTool.Named(tool).Check(source, Result), Runs);

    [SkippableTheory]
    [MemberData(nameof(Begins))]
    public void Trace_cmd_computes_the_wake_up_latencies_of_any_schedule(ulong begin) =>
        AnySchedule.Sample(source => FigureTools.TraceCmdLatencies(source, Result), Runs, begin);

    [SkippableTheory]
    [MemberData(nameof(Begins))]
    public void Perf_sched_timehist_computes_the_run_times_and_delays_of_any_schedule(ulong begin) =>
        AnySchedule.Sample(source => FigureTools.PerfTimehist(source, Result), Runs, begin);

    [SkippableTheory]
    [MemberData(nameof(Begins))]
    public void Perf_sched_latency_computes_the_run_times_and_waits_of_any_schedule(ulong begin) =>
        AnySchedule.Sample(source => FigureTools.PerfLatency(source, Result), Runs, begin);

    [SkippableTheory]
    [MemberData(nameof(Begins))]
    public void Lttng_schedlog_and_schedstats_compute_the_wake_up_latencies_of_any_schedule(ulong begin) =>
        AnySchedule.Sample(source => FigureTools.LttngLatencies(source, Result), Runs, begin);

    [SkippableTheory]
    [MemberData(nameof(Begins))]
    public void Lttng_cputop_computes_the_run_times_of_any_schedule(ulong begin) =>
        AnySchedule.Sample(source => FigureTools.LttngRunTimes(source, Result), Runs, begin);
}
