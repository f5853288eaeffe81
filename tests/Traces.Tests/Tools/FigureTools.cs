using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using Assert = Xunit.Assert;

namespace ActorTrace.Traces.Tests.Tools;

/// <summary>The tools that compute: their run times and latencies are those of the journal, to their resolution.</summary>
internal static class FigureTools
{
    /// <summary>Half of the last digit that perf prints, in milliseconds.</summary>
    private const decimal Rounding = 0.000501m;

    /// <summary>trace-cmd report -w: each wake-up latency.</summary>
    public static void TraceCmdLatencies(ITraceSource source, string path)
    {
        SeenTrace truth = Write(TraceFormats.TraceDat, source, path);
        Assert.Equal(
            truth.FromLastWakeup().Select(w => (w.Pid, w.Until, w.Nanoseconds)).OrderBy(w => w.Until).ThenBy(w => w.Pid),
            TraceCmd.Latencies(path).OrderBy(w => w.Until).ThenBy(w => w.Pid));
    }

    /// <summary>perf sched timehist: each stay on a CPU with its run time and scheduling delay, in microseconds, and whose process it is.</summary>
    public static void PerfTimehist(ITraceSource source, string path)
    {
        SeenTrace truth = Write(TraceFormats.Perf, source, path);
        List<(Stay Row, int Group)> rows = PerfTool.Timehist(path);
        Assert.Equal(
            truth.Stays().Select(s => s with { Until = s.Until / 1000, Delay = s.Delay / 1000, Run = s.Run / 1000 }).OrderBy(s => s.Cpu),
            rows.Select(r => r.Row).OrderBy(s => s.Cpu));
        Assert.All(rows.Where(r => r.Row.Pid != 0), r => Assert.Equal(truth.Groups![r.Row.Pid], r.Group));
    }

    /// <summary>perf sched latency: run time, number, mean and most of the waits of each task.</summary>
    public static void PerfLatency(ITraceSource source, string path)
    {
        SeenTrace truth = Write(TraceFormats.Perf, source, path);
        Dictionary<int, ulong> runTimes = truth.RunTimes();
        Dictionary<int, LatencyRow> rows = PerfTool.Latency(path).ToDictionary(r => r.Pid);
        IGrouping<int, Wait>[] waits = [.. truth.InRunQueue().Where(w => w.Pid != 0).GroupBy(w => w.Pid)];
        Assert.Equal(waits.Select(w => w.Key).Order(), rows.Keys.Order());
        foreach (IGrouping<int, Wait> task in waits)
        {
            LatencyRow row = rows[task.Key];
            Assert.Equal((task.Key, task.Count()), (row.Pid, row.Count));
            Near(Milliseconds(runTimes.GetValueOrDefault(task.Key)), row.Runtime);
            Near(Milliseconds(task.Aggregate(0UL, (sum, w) => sum + w.Nanoseconds)) / task.Count(), row.Average);
            Near(Milliseconds(task.Max(w => w.Nanoseconds)), row.Most);
        }
    }

    /// <summary>lttng-schedlog and lttng-schedstats: each wake-up latency, and their figures by task.</summary>
    public static void LttngLatencies(ITraceSource source, string path)
    {
        SeenTrace truth = Write(TraceFormats.Ctf, source, path);
        Wait[] waits = [.. truth.FromFirstWakeup()];
        Assert.Equal(waits.OrderBy(w => w.Until).ThenBy(w => w.Pid), Lttng.Log(path, Lttng.WholeTrace).Select(w => w.Wait).OrderBy(w => w.Until).ThenBy(w => w.Pid));
        var stats = Lttng.Stats(path, Lttng.WholeTrace).ToDictionary(s => s.Pid);
        Assert.Equal(waits.Select(w => w.Pid).Distinct().Order(), stats.Keys.Order());
        foreach (IGrouping<int, Wait> task in waits.GroupBy(w => w.Pid))
        {
            (_, int count, ulong least, double mean, ulong most) = stats[task.Key];
            Assert.Equal((task.Count(), task.Min(w => w.Nanoseconds), task.Max(w => w.Nanoseconds)), (count, least, most));
            Assert.Equal(task.Average(w => (double)w.Nanoseconds), mean, 1e-3 * (1 + mean));
        }
    }

    /// <summary>lttng-cputop: the share of the time in which all CPUs were traced that each task was on a CPU.</summary>
    public static void LttngRunTimes(ITraceSource source, string path)
    {
        SeenTrace truth = Write(TraceFormats.Ctf, source, path);
        (Dictionary<int, double> shares, ulong from, ulong until) = Lttng.Cpu(path);
        Dictionary<int, double> expected = truth.Shares(from, until);
        Assert.Equal(expected.Keys.Order(), shares.Keys.Order());
        Assert.All(expected, task => Assert.Equal(task.Value, shares[task.Key], 1e-9));
    }

    private static SeenTrace Write(TraceFormat format, ITraceSource source, string path)
    {
        format.ToFile(new Replay(source, TraceView.Gpos), path);
        return JournalTruth.Of(source);
    }

    private static decimal Milliseconds(ulong nanoseconds) => nanoseconds / 1_000_000m;

    private static void Near(decimal expected, decimal seen) => Assert.InRange(seen, expected - Rounding, expected + Rounding);
}
