using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrace.Traces.Tests.Formats;

namespace ActorTrace.Traces.Tests.Tools;

/// <summary>What babeltrace 1 and 2 show of a CTF trace: the same text, but that only 2 puts backslashes into strings.</summary>
internal static partial class Babeltrace
{
    private const int PriorityOfLttng = 100;

    /// <summary>All events.</summary>
    /// <param name="command">babeltrace or babeltrace2.</param>
    /// <param name="folder">The trace.</param>
    public static SeenTrace Text(string command, string folder)
    {
        Func<string, string> text = command is "babeltrace2" ? Regex.Unescape : raw => raw;
        Dictionary<int, int> groups = [];
        List<SeenEvent> events = [];
        foreach (string line in Tool.Lines(command, "--clock-seconds", "--no-delta", folder))
        {
            Match match = KernelText.Matched(Line(), line);
            int pid = KernelText.Int(match, "tid");
            if (pid != 0)
            {
                groups[pid] = KernelText.Int(match, "pid");
            }

            events.Add(Event(
                KernelText.Int(match, "cpu"), KernelText.Nanoseconds(KernelText.Text(match, "time")), pid,
                Name(KernelText.Text(match, "event")), KernelText.Text(match, "fields"), text));
        }

        return SeenTrace.Of(events, groups);
    }

    private static SeenEvent Event(int cpu, ulong at, int pid, string name, string fields, Func<string, string> text)
    {
        switch (name)
        {
            case "sched_switch":
                Match s = KernelText.Matched(Switch(), fields);
                return new SeenSwitch(cpu, at, Task(s, "1", text), State(KernelText.Text(s, "state")), Task(s, "2", text));
            case "sched_waking" or "sched_wakeup":
                Match w = KernelText.Matched(Wake(), fields);
                return new SeenWakeup(cpu, at, pid, name, Task(w, "1", text), KernelText.Int(w, "target"));
            case "sched_stat_runtime":
                Match r = KernelText.Matched(Runtime(), fields);
                return new SeenRuntime(
                    cpu, at, KernelText.Int(r, "tid1"), text(KernelText.Text(r, "comm1")), ulong.Parse(KernelText.Text(r, "runtime"), CultureInfo.InvariantCulture));
            default:
                Dictionary<string, string> values = Field().Matches(fields).ToDictionary(
                    f => KernelText.Text(f, "name"),
                    f => f.Groups["text"].Success ? text(KernelText.Text(f, "text")) : KernelText.Text(f, "number"),
                    StringComparer.Ordinal);
                return new SeenEvent(cpu, at, pid, name, EventDetail.OfFields(name, values.GetValueOrDefault));
        }
    }

    /// <summary>LTTng puts a subsystem in front of these.</summary>
    private static string Name(string name) => name switch
    {
        "power_cpu_idle" => "cpu_idle",
        "irq_softirq_raise" or "irq_softirq_entry" or "irq_softirq_exit" => name["irq_".Length..],
        _ => name,
    };

    private static SeenTask Task(Match match, string which, Func<string, string> text) => new(
        KernelText.Int(match, "tid" + which), text(KernelText.Text(match, "comm" + which)), KernelText.Int(match, "prio" + which) + PriorityOfLttng);

    private static string State(string number) => KernelText.State(ulong.Parse(number, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^\[ *(?<time>\d+\.\d{9})\] actortrace (?<event>\w+): \{ cpu_id = (?<cpu>\d+) \}, \{ tid = (?<tid>\d+), pid = (?<pid>\d+), procname = "".{0,30}"" \}, \{ (?<fields>.*) \}$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<name>\w+) = (""(?<text>(\\.|[^""\\])*)""|(?<number>-?\w+))", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Field();

    [GeneratedRegex(@"^prev_comm = ""(?<comm1>.*)"", prev_tid = (?<tid1>\d+), prev_prio = (?<prio1>-?\d+), prev_state = (?<state>\d+), next_comm = ""(?<comm2>.*)"", next_tid = (?<tid2>\d+), next_prio = (?<prio2>-?\d+)$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Switch();

    [GeneratedRegex(@"^comm = ""(?<comm1>.*)"", tid = (?<tid1>\d+), prio = (?<prio1>-?\d+), target_cpu = (?<target>\d+)$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Wake();

    [GeneratedRegex(@"^comm = ""(?<comm1>.*)"", tid = (?<tid1>\d+), runtime = (?<runtime>\d+)$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Runtime();
}
