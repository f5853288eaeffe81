using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace ActorTrace.EndToEnd;

/// <summary>A line of trace-cmd's report.</summary>
internal sealed record LogLine(string Comm, int Pid, int Cpu, ulong Nanoseconds, string Event, string Text);

/// <summary>A sched_switch of the report.</summary>
internal sealed record LogSwitch(
    int Cpu, ulong Nanoseconds, string PreviousComm, int PreviousPid, string PreviousState, string NextComm, int NextPid);

/// <summary>What the unmodified trace-cmd says of a trace.dat; everything the tests compute of a log comes from this text.</summary>
internal sealed partial class TraceCmdLog
{
    private TraceCmdLog(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            if (Dropped().Match(line) is { Success: true } dropped)
            {
                Lost.Add((Number(dropped, "cpu"), (ulong)Number(dropped, "count"), Lines.Count));
            }
            else if (Line().Match(line) is { Success: true } match)
            {
                ulong nanoseconds = (ulong.Parse(match.Groups["s"].Value, CultureInfo.InvariantCulture) * 1_000_000_000)
                    + ulong.Parse(match.Groups["ns"].Value, CultureInfo.InvariantCulture);
                Lines.Add(new LogLine(
                    match.Groups["comm"].Value.Trim(), Number(match, "pid"), Number(match, "cpu"), nanoseconds,
                    match.Groups["event"].Value, match.Groups["text"].Value.Trim()));
            }
            else if (line.Length > 0 && !line.StartsWith("cpus=", StringComparison.Ordinal) && !line.StartsWith("CPU ", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"trace-cmd printed what is no event: '{line}'");
            }
        }
    }

    public List<LogLine> Lines { get; } = [];

    /// <summary>CPU, count, and how many lines came before it.</summary>
    public List<(int Cpu, ulong Count, int Before)> Lost { get; } = [];

    public IReadOnlyList<LogSwitch> Switches(int cpu) =>
    [
        .. Lines.Where(l => l.Cpu == cpu && string.Equals(l.Event, "sched_switch", StringComparison.Ordinal)).Select(ToSwitch),
    ];

    /// <summary>Opens a file; fails where trace-cmd says anything on stderr, skips where it is not installed.</summary>
    public static TraceCmdLog Open(string file)
    {
        ProcessStartInfo start = new("trace-cmd", ["report", "-t", "-N", "-i", file])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new SkipException("trace-cmd is not installed", e);
        }

        using (process)
        {
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(string.Empty, errors.GetAwaiter().GetResult());
            Assert.Equal(0, process.ExitCode);
            return new TraceCmdLog(text);
        }
    }

    private static LogSwitch ToSwitch(LogLine line)
    {
        Match match = Switch().Match(line.Text);
        Assert.True(match.Success, line.Text);
        return new LogSwitch(
            line.Cpu, line.Nanoseconds, match.Groups["prev"].Value, Number(match, "prevpid"), match.Groups["state"].Value,
            match.Groups["next"].Value, Number(match, "nextpid"));
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(?<comm>.*)-(?<pid>\d+)\s+\[(?<cpu>\d+)\]\s+(?:\S{4,5}\s+)?(?<s>\d+)\.(?<ns>\d{9}):\s+(?<event>[\w-]+):\s*(?<text>.*)$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Line();

    [GeneratedRegex(@"CPU:(?<cpu>\d+) \[(?<count>\d+) EVENTS DROPPED\]", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Dropped();

    [GeneratedRegex(@"^prev_comm=(?<prev>.*) prev_pid=(?<prevpid>\d+) prev_prio=\d+ prev_state=(?<state>\S+) ==> next_comm=(?<next>.*) next_pid=(?<nextpid>\d+) next_prio=\d+$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Switch();
}
