using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrace.Traces.Tests.Formats;

namespace ActorTrace.Traces.Tests.Tools;

/// <summary>A row of perf sched latency; times in milliseconds.</summary>
internal sealed record LatencyRow(int Pid, decimal Runtime, int Count, decimal Average, decimal Most);

/// <summary>What perf says of a perf.data.</summary>
internal static partial class PerfTool
{
    public static SeenTrace Script(string path)
    {
        Dictionary<int, int> groups = [];
        List<SeenEvent> events = [];
        foreach (string line in Tool.Lines("perf", "script", "--ns", "-F", "trace:comm,pid,tid,cpu,time,event,trace", "-i", path))
        {
            Match match = KernelText.Matched(Line(), line);
            int pid = KernelText.Int(match, "tid");
            if (pid != 0)
            {
                groups[pid] = KernelText.Int(match, "pid");
            }

            events.Add(KernelText.Event(
                KernelText.Int(match, "cpu"), KernelText.Nanoseconds(KernelText.Text(match, "time")), pid,
                KernelText.Text(match, "event"), KernelText.Text(match, "args")));
        }

        return SeenTrace.Of(events, groups);
    }

    /// <summary>Rows of sched timehist, in microseconds; of a task that is no idle one also its process.</summary>
    public static List<(Stay Row, int Group)> Timehist(string path)
    {
        List<(Stay Row, int Group)> rows = [];
        foreach (string line in Tool.Lines("perf", "sched", "-i", path, "timehist", "--no-call-graph").SkipWhile(l => !l.StartsWith("----", StringComparison.Ordinal)).Skip(1))
        {
            Match match = KernelText.Matched(Row(), line);
            int pid = match.Groups["tid"].Success ? KernelText.Int(match, "tid") : 0;
            var row = new Stay(
                KernelText.Int(match, "cpu"), KernelText.Nanoseconds(KernelText.Text(match, "time")) / 1000, pid,
                Microseconds(match, "delay"), Microseconds(match, "run"));
            rows.Add((row, match.Groups["pid"].Success ? KernelText.Int(match, "pid") : pid));
        }

        return rows;
    }

    /// <summary>Rows of sched latency, by task.</summary>
    public static List<LatencyRow> Latency(string path) =>
    [
        .. Tool.Lines("perf", "sched", "-i", path, "latency", "-p").Select(line => LatencyLine().Match(line)).Where(m => m.Success).Select(m => new LatencyRow(
            KernelText.Int(m, "pid"), Milliseconds(m, "runtime"), KernelText.Int(m, "count"), Milliseconds(m, "average"), Milliseconds(m, "most"))),
    ];

    private static ulong Microseconds(Match match, string group) => (ulong)(Milliseconds(match, group) * 1000);

    private static decimal Milliseconds(Match match, string group) => decimal.Parse(KernelText.Text(match, group), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*\S.*?\s+(?<pid>\d+)/(?<tid>\d+)\s+\[(?<cpu>\d+)\]\s+(?<time>\d+\.\d{9}):\s+\w+:(?<event>\w+): ?(?<args>.*)$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Line();

    [GeneratedRegex(@"^ *(?<time>\d+\.\d{6}) \[(?<cpu>\d+)\] +(<idle>|.*\[(?<tid>\d+)(/(?<pid>\d+))?\]) +\d+\.\d{3} +(?<delay>\d+\.\d{3}) +(?<run>\d+\.\d{3}) *$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Row();

    [GeneratedRegex(@"^ .*:(?<pid>\d+) *\| *(?<runtime>\d+\.\d{3}) ms \| *(?<count>\d+) \| avg: *(?<average>\d+\.\d{3}) ms \| max: *(?<most>\d+\.\d{3}) ms \|", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex LatencyLine();
}
