using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrace.Traces.Analysis.Report;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Tests.Formats;
using Xunit;

namespace ActorTrace.Traces.Tests.Analysis.Report;

/// <summary>Run times and delays are what perf computes from the perf.data of the same run.</summary>
public sealed partial class PerfSchedTests : IDisposable
{
    /// <summary>perf shows milliseconds with three digits behind the point, cut or rounded.</summary>
    private const double Shown = 0.001001;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public void Run_times_and_delays_are_those_of_perf_sched_latency() => AnySchedule.Sample(
        source =>
        {
            TraceReport report = Reporter.OfRun(source, ReportOptions.Everything);
            var reference = new ReferenceReport(source);
            Dictionary<int, Match> rows = Tool.Lines("perf", "sched", "latency", "-p", "-i", Export(source)).Select(line => LatencyRow().Match(line))
                .Where(match => match.Success).ToDictionary(match => int.Parse(match.Groups["pid"].Value, CultureInfo.InvariantCulture));
            foreach (TaskReport task in report.Tasks)
            {
                // Where perf sees a task first when it is switched in, it counts a delay of 0.
                ulong delays = task.Latency.Count + task.PreemptedWait.Count + (reference.BeginsWithSwitchIn(task.Pid) ? 1ul : 0);
                Assert.Equal(delays > 0, rows.Remove(task.Pid, out Match? row));
                if (row is not null)
                {
                    Assert.Equal(delays, ulong.Parse(row.Groups["count"].Value, CultureInfo.InvariantCulture));
                    Near(task.RunTime, row.Groups["run"].Value);
                    Near(Math.Max(task.Latency.Max, task.PreemptedWait.Max), row.Groups["max"].Value);
                    Near(((task.Latency.Mean * task.Latency.Count) + (task.PreemptedWait.Mean * task.PreemptedWait.Count)) / delays, row.Groups["avg"].Value);
                }
            }

            Assert.Empty(rows);
        },
        iterations: 25, Habits.Move);

    [SkippableFact]
    public void Run_times_are_those_of_perf_sched_timehist() => AnySchedule.Sample(
        source =>
        {
            TraceReport report = Reporter.OfRun(source, ReportOptions.Everything);
            Dictionary<int, string> rows = Tool.Lines("perf", "sched", "timehist", "--no-call-graph", "-s", "-i", Export(source)).Select(line => TimehistRow().Match(line))
                .Where(match => match.Success).ToDictionary(match => int.Parse(match.Groups["pid"].Value, CultureInfo.InvariantCulture), match => match.Groups["run"].Value);
            foreach (TaskReport task in report.Tasks.Where(task => task.RunTime > 0))
            {
                Assert.True(rows.Remove(task.Pid, out string? run), $"no row of {task.Comm}");
                Near(task.RunTime, run);
            }

            Assert.All(rows.Values, run => Near(0, run));
        },
        iterations: 25, Habits.Move);

    private static void Near(ulong nanoseconds, string milliseconds) =>
        Assert.InRange(double.Parse(milliseconds, CultureInfo.InvariantCulture), (nanoseconds / 1e6) - Shown, (nanoseconds / 1e6) + Shown);

    private string Export(MemorySource source)
    {
        string path = Path.Combine(_folder.FullName, "any.perf");
        TraceFormats.Perf.ToFile(new Replay(source, TraceView.Gpos), path);
        return path;
    }

    [GeneratedRegex(@"^\s*\S.*:(?<pid>\d+)\s*\|\s*(?<run>[\d.]+) ms \|\s*(?<count>\d+) \| avg:\s*(?<avg>[\d.]+) ms \| max:\s*(?<max>[\d.]+) ms", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LatencyRow();

    [GeneratedRegex(@"^\s*task (?<pid>\d+)\S*\s+-?\d+\s+\d+\s+(?<run>[\d.]+)\s", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TimehistRow();
}
