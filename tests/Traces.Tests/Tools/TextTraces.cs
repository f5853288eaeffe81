using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Assert = Xunit.Assert;

namespace ActorTrace.Traces.Tests.Tools;

/// <summary>Reads the text formats by the rules of their importers.</summary>
internal static partial class TextTraces
{
    /// <summary>ftrace text. Every line must suit Perfetto, catapult and TRAPpy: four flags, one blank in front of them, arguments.</summary>
    public static SeenTrace Ftrace(string text)
    {
        Assert.StartsWith("# tracer: nop\n", text, StringComparison.Ordinal);
        Assert.Contains("#           TASK-PID ", text, StringComparison.Ordinal);
        Dictionary<int, int> groups = [];
        List<SeenEvent> events = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith('#') && !l.StartsWith("CPU:", StringComparison.Ordinal)))
        {
            Match match = KernelText.Matched(Line(), line);
            int pid = KernelText.Int(match, "pid");
            Assert.Equal(pid == 0, match.Groups["none"].Success);
            if (pid != 0)
            {
                groups[pid] = KernelText.Int(match, "tgid");
            }

            events.Add(KernelText.Event(
                KernelText.Int(match, "cpu"), KernelText.Nanoseconds(KernelText.Text(match, "time")), pid,
                KernelText.Text(match, "event"), KernelText.Text(match, "args")));
        }

        Assert.Contains($"# entries-in-buffer/entries-written: {events.Count}/{events.Count} ", text, StringComparison.Ordinal);
        return SeenTrace.Of(events, groups);
    }

    /// <summary>The ftrace text inside a Chrome document, whose slices must be the truth's stays of the tasks on the CPUs, to the nanosecond.</summary>
    public static SeenTrace Chrome(string path, SeenTrace? truth)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        Dictionary<int, ulong> ends = [];
        List<(int Cpu, ulong Until, int Pid, ulong Run)> slices = [];
        foreach (JsonElement item in document.RootElement.GetProperty("traceEvents").EnumerateArray())
        {
            int cpu = item.GetProperty("tid").GetInt32();
            Assert.Equal(0, item.GetProperty("pid").GetInt32());
            if (item.GetProperty("ph").GetString() is "M")
            {
                Assert.Equal(("thread_name", $"CPU {cpu}"), (item.GetProperty("name").GetString(), item.GetProperty("args").GetProperty("name").GetString()));
                continue;
            }

            Assert.Equal("X", item.GetProperty("ph").GetString());
            ulong start = (ulong)(item.GetProperty("ts").GetDecimal() * 1000);
            ulong length = (ulong)(item.GetProperty("dur").GetDecimal() * 1000);
            Assert.True(start >= ends.GetValueOrDefault(cpu), "slices of one CPU overlap");
            ends[cpu] = start + length;
            Assert.NotNull(item.GetProperty("name").GetString());
            slices.Add((cpu, start + length, item.GetProperty("args").GetProperty("pid").GetInt32(), length));
        }

        SeenTrace text = Ftrace(document.RootElement.GetProperty("systemTraceEvents").GetString()!);
        if (truth is not null)
        {
            Assert.Equal(SeenStays(truth), slices.Order());
        }

        return text;
    }

    /// <summary>CSV, its times exact.</summary>
    public static SeenTrace Csv(string path)
    {
        List<string[]> rows = Rows(File.ReadAllText(path));
        Assert.Equal(["time_ns", "cpu", "pid", "tgid", "comm", "system", "event", "arguments"], rows[0]);
        Dictionary<int, int> groups = [];
        List<SeenEvent> events = [];
        foreach (string[] row in rows.Skip(1).Where(r => r[6] is not "lost_events"))
        {
            Assert.Equal(8, row.Length);
            int pid = int.Parse(row[2], System.Globalization.CultureInfo.InvariantCulture);
            if (pid != 0)
            {
                groups[pid] = int.Parse(row[3], System.Globalization.CultureInfo.InvariantCulture);
            }

            events.Add(KernelText.Event(
                int.Parse(row[1], System.Globalization.CultureInfo.InvariantCulture), ulong.Parse(row[0], System.Globalization.CultureInfo.InvariantCulture),
                pid, row[6], row[7]));
        }

        return SeenTrace.Of(events, groups);
    }

    private static IEnumerable<(int Cpu, ulong Until, int Pid, ulong Run)> SeenStays(SeenTrace truth) => truth.Switches.GroupBy(s => s.Cpu)
        .SelectMany(cpu => cpu.Zip(cpu.Skip(1), (comes, leaves) => (cpu.Key, leaves.At, comes.Next.Pid, leaves.At - comes.At)))
        .Where(stay => stay.Pid != 0).Order();

    /// <summary>RFC 4180: quoted fields hold anything, a quotation mark twice.</summary>
    private static List<string[]> Rows(string text)
    {
        List<string[]> rows = [];
        List<string> row = [];
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char next = text[i];
            if (next == '"' && quoted && i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (next == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && next is ',' or '\n')
            {
                row.Add(field.ToString());
                field.Clear();
                if (next == '\n')
                {
                    rows.Add([.. row]);
                    row.Clear();
                }
            }
            else
            {
                field.Append(next);
            }
        }

        Assert.False(quoted, "a quoted field does not end");
        return rows;
    }

    [GeneratedRegex(@"^ *\S.{0,14}-(?<pid>\d+) +\(( *(?<tgid>\d+)|(?<none>-------))\) \[(?<cpu>\d{3,})\] [d.][N.][hs.][0-9.] +(?<time>\d+\.\d{6}): (?<event>\w+): (?<args>\S.*)$", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Line();
}
