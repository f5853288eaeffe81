using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrace.Traces.Analysis.Report;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;

namespace ActorTrace.EndToEnd;

/// <summary>What the report says of whole runs.</summary>
public sealed partial class ReportTests
{
    private const ulong Tick = 1_000_000;

    /// <summary>perf shows milliseconds with three digits behind the point, cut or rounded.</summary>
    private const double Shown = 0.001001;

    [Fact]
    public void The_works_and_periods_of_the_papers_tasks_come_out()
    {
        TraceReport report = Report(SimulatedRun.ByActors("arndale", ("duration: 2s", "duration: 400ms")));

        TaskReport[] tasks = [.. Enumerable.Range(1, 4).Select(number => report.Tasks.Single(task => string.Equals(task.Comm, $"RTOS-Task{number}", StringComparison.Ordinal)))];
        for (int i = 0; i < tasks.Length; i++)
        {
            // The guest's own console says: period 20 ms, work 1, 2, 4, 8 ms, each task of higher priority than the next.
            Assert.InRange(tasks[i].Period!.Value, (20 * Tick) - 1000, (20 * Tick) + 1000);
            Assert.InRange((double)tasks[i].Execution.P50 / tasks[0].Execution.P50, (1 << i) * 0.98, (1 << i) * 1.02);
            Assert.Equal(1u << i, (ulong)Math.Round((double)tasks[i].Execution.P50 / Tick));
            Assert.InRange(tasks[i].Response.P50, tasks.Take(i + 1).Aggregate(0ul, (sum, task) => sum + task.Execution.Min), (ulong)(((2 << i) - 1) * 1.05 * Tick));
        }

        Assert.All(report.Hypervisor!.Cores, core => Assert.Equal(core.Observed, core.Hypervisor + core.Busy + core.Idle + core.Untraced));
        Assert.All(report.Hypervisor.Ipis, ipi => Assert.InRange(ipi.Latency.Min, 500ul, 10_000ul));
    }

    [SkippableTheory]
    [InlineData("arndale")]
    [InlineData("arndale-mmu")]
    [InlineData("capture")]
    public void Run_times_and_delays_of_a_scenario_are_those_of_perf(string scenario)
    {
        Skip.If(
            scenario is "capture" && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("ACTORTRACE_CAPTURES")), "ACTORTRACE_CAPTURES is not set");
        SimulatedRun run = SimulatedRun.ByActors(scenario);
        TraceReport report = Report(run);
        using TemporaryFolder folder = Workspace.Temporary();
        string file = folder.File("trace.perf");
        TraceFormats.Perf.ToFile(new Replay(new MemorySource(run.Journal), TraceView.Gpos), file);
        Match[] rows = [.. Perf("sched", "latency", "-p", "-i", file).Select(line => LatencyRow().Match(line)).Where(row => row.Success)];

        Assert.NotEmpty(rows);
        int shorter = 0;
        foreach (Match row in rows)
        {
            TaskReport task = report.Tasks.Single(seen => seen.Pid == int.Parse(row.Groups["pid"].Value, CultureInfo.InvariantCulture));
            Near(Math.Max(task.Latency.Max, task.PreemptedWait.Max), row.Groups["max"].Value);

            double difference = (task.RunTime / 1e6) - double.Parse(row.Groups["run"].Value, CultureInfo.InvariantCulture);
            Assert.InRange(difference, -Shown, double.MaxValue);
            shorter += difference > Shown ? 1 : 0;
        }

        // perf leaves out the last piece of a task that runs when the trace ends.
        Assert.InRange(shorter, 0, report.Cpus.Count);
    }

    private static TraceReport Report(SimulatedRun run) => Reporter.OfRun(new MemorySource(run.Journal), ReportOptions.Everything);

    private static string[] Perf(params string[] arguments)
    {
        ProcessStartInfo start = new("perf", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(("", 0), (errors.GetAwaiter().GetResult(), process.ExitCode));
            return output.Split('\n');
        }
        catch (Win32Exception e)
        {
            throw new SkipException("perf is not installed", e);
        }
    }

    private static void Near(ulong nanoseconds, string milliseconds) =>
        Assert.InRange(double.Parse(milliseconds, CultureInfo.InvariantCulture), (nanoseconds / 1e6) - Shown, (nanoseconds / 1e6) + Shown);

    [GeneratedRegex(@"^\s*\S.*:(?<pid>\d+)\s*\|\s*(?<run>[\d.]+) ms \|\s*\d+ \| avg:\s*[\d.]+ ms \| max:\s*(?<max>[\d.]+) ms", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LatencyRow();
}
