using System.Globalization;
using System.Text.RegularExpressions;
using Assert = Xunit.Assert;

namespace ActorTrace.Traces.Tests.Tools;

/// <summary>Reads an event's arguments as the kernel's print fmt shows them.</summary>
internal static partial class KernelText
{
    public static SeenEvent Event(int cpu, ulong at, int pid, string name, string arguments)
    {
        switch (name)
        {
            case "sched_switch":
                Match s = Matched(Switch(), arguments);
                var seen = new SeenSwitch(
                    cpu, at, new SeenTask(Int(s, "pid"), Text(s, "comm"), Int(s, "prio")), Text(s, "state"),
                    new SeenTask(Int(s, "pid2"), Text(s, "comm2"), Int(s, "prio2")));
                Assert.Equal(pid, seen.Pid);
                return seen;
            case "sched_waking" or "sched_wakeup":
                Match w = Matched(Wake(), arguments);
                return new SeenWakeup(cpu, at, pid, name, new SeenTask(Int(w, "pid"), Text(w, "comm"), Int(w, "prio")), Int(w, "target"));
            case "sched_stat_runtime":
                Match r = Matched(Runtime(), arguments);
                Assert.Equal(pid, Int(r, "pid"));
                return new SeenRuntime(cpu, at, pid, Text(r, "comm"), ulong.Parse(Text(r, "runtime"), CultureInfo.InvariantCulture));
            case "tracing_mark_write": return new SeenEvent(cpu, at, pid, "print");
            default: return new SeenEvent(cpu, at, pid, name, EventDetail.OfText(name, arguments.Trim()));
        }
    }

    /// <summary>Seconds with a fraction of any number of digits, to nanoseconds.</summary>
    public static ulong Nanoseconds(string seconds)
    {
        string[] parts = seconds.Trim().Split('.');
        return (ulong.Parse(parts[0], CultureInfo.InvariantCulture) * 1_000_000_000) + ulong.Parse(parts[1].PadRight(9, '0'), CultureInfo.InvariantCulture);
    }

    /// <summary>prev_state as the kernel prints it: the letters of its bits, R for none, + where the task was preempted.</summary>
    public static string State(ulong bits)
    {
        const string letters = "SDTtXZPI";
        IEnumerable<char> set = Enumerable.Range(0, letters.Length).Where(bit => (bits >> bit & 1) != 0).Select(bit => letters[bit]);
        string text = string.Join('|', set);
        return (text.Length == 0 ? "R" : text) + (bits >= 0x100 ? "+" : "");
    }

    public static Match Matched(Regex pattern, string text)
    {
        Match match = pattern.Match(text);
        Assert.True(match.Success, $"no {pattern}: '{text}'");
        return match;
    }

    public static int Int(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    public static string Text(Match match, string group) => match.Groups[group].Value;

    [GeneratedRegex(@"^prev_comm=(?<comm>.*) prev_pid=(?<pid>\d+) prev_prio=(?<prio>-?\d+) prev_state=(?<state>\S+) ==> next_comm=(?<comm2>.*) next_pid=(?<pid2>\d+) next_prio=(?<prio2>-?\d+)$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Switch();

    [GeneratedRegex(@"^comm=(?<comm>.*) pid=(?<pid>\d+) prio=(?<prio>-?\d+) target_cpu=(?<target>\d{3,})$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Wake();

    [GeneratedRegex(@"^comm=(?<comm>.*) pid=(?<pid>\d+) runtime=(?<runtime>\d+) \[ns\]$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Runtime();
}
