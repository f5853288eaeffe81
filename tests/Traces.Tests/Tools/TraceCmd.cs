using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrace.Traces.Tests.Formats;

namespace ActorTrace.Traces.Tests.Tools;

/// <summary>What trace-cmd says of a trace.dat.</summary>
internal static partial class TraceCmd
{
    public static SeenTrace Report(string path) => SeenTrace.Of(Lines("report", "-t", "-N", "-i", path).Select(line =>
    {
        Match match = KernelText.Matched(Line(), line);
        return KernelText.Event(
            KernelText.Int(match, "cpu"), KernelText.Nanoseconds(KernelText.Text(match, "time")), KernelText.Int(match, "pid"),
            KernelText.Text(match, "event"), KernelText.Text(match, "args"));
    }));

    /// <summary>Wake-up latencies as it computes them, by the end of the wait.</summary>
    public static List<(int Pid, ulong Until, ulong Nanoseconds)> Latencies(string path)
    {
        List<(int Pid, ulong Until, ulong Nanoseconds)> found = [];
        foreach (string line in Lines("report", "-t", "-w", "-N", "-i", path))
        {
            Match match = Latency().Match(line);
            if (match.Success)
            {
                decimal microseconds = decimal.Parse(KernelText.Text(match, "latency"), CultureInfo.InvariantCulture);
                found.Add((KernelText.Int(match, "pid"), KernelText.Nanoseconds(KernelText.Text(match, "time")), (ulong)(microseconds * 1000)));
            }
        }

        return found;
    }

    private static IEnumerable<string> Lines(params string[] arguments) =>
        Tool.Lines("trace-cmd", arguments).Where(line => !line.StartsWith("cpus=", StringComparison.Ordinal) && !line.StartsWith("CPU ", StringComparison.Ordinal) && !line.StartsWith("CPU:", StringComparison.Ordinal));

    [GeneratedRegex(@"^.*-(?<pid>\d+) +\[(?<cpu>\d+)\] +(?<time>\d+\.\d{9}): (?<event>\w+): +(?<args>.*)$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Line();

    [GeneratedRegex(@"\] +(?<time>\d+\.\d{9}): sched_switch: .* next_pid=(?<pid>\d+) next_prio=-?\d+ Latency: (?<latency>\d+\.\d{3}) usecs$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Latency();
}
