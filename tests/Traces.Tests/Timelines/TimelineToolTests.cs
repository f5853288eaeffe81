using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Tests.Formats;
using ActorTrace.Traces.Timelines;
using Xunit;

namespace ActorTrace.Traces.Tests.Timelines;

/// <summary>What a timeline shows is what trace-cmd says of the same run.</summary>
public sealed partial class TimelineToolTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public void Each_task_has_each_cpu_as_long_as_trace_cmd_says_of_any_run() => AnyRun.Sample(
        run =>
        {
            string path = Path.Combine(_folder.FullName, "any.dat");
            TraceFormats.TraceDat.ToFile(new Replay(run.Source, TraceView.Gpos), path);
            string[] lines = Tool.Lines("trace-cmd", "report", "-t", "-N", "-i", path);
            Timeline timeline = TimelineReader.OfRun(run.Source, TimelineWindow.All);
            var shown = new SortedDictionary<string, ulong>(StringComparer.Ordinal);
            foreach (TimelineLane lane in timeline.Lanes.Where(lane => lane.Kind == LaneKind.Cpu))
            {
                foreach (TimelineSlice slice in lane.Slices)
                {
                    Add(shown, lane.Number, timeline.Labels[slice.Label].Text, slice.End - slice.Start);
                }
            }

            Assert.Equal(CpuTimes(lines), shown);
        },
        iterations: 25);

    /// <summary>Nanoseconds by CPU and task: from the first line of a CPU on, its current task has it until a switch, the last one until the last line of all.</summary>
    private static SortedDictionary<string, ulong> CpuTimes(IEnumerable<string> lines)
    {
        var times = new SortedDictionary<string, ulong>(StringComparer.Ordinal);
        var current = new SortedDictionary<int, (string Task, ulong Since)>();
        ulong last = 0;
        foreach (Match match in lines.Select(line => Line().Match(line)).Where(match => match.Success))
        {
            int cpu = int.Parse(match.Groups["cpu"].Value, CultureInfo.InvariantCulture);
            last = (ulong)(decimal.Parse(match.Groups["time"].Value, CultureInfo.InvariantCulture) * 1_000_000_000m);
            current.TryAdd(cpu, (match.Groups["comm"].Value.TrimStart(), last));
            if (match.Groups["next"].Success)
            {
                Add(times, cpu, current[cpu].Task, last - current[cpu].Since);
                current[cpu] = (match.Groups["next"].Value, last);
            }
        }

        foreach ((int cpu, (string task, ulong since)) in current)
        {
            Add(times, cpu, task, last - since);
        }

        return times;
    }

    private static void Add(SortedDictionary<string, ulong> times, int cpu, string task, ulong length)
    {
        string key = $"{cpu.ToString(CultureInfo.InvariantCulture)} {task}";
        times[key] = times.GetValueOrDefault(key) + length;
    }

    [GeneratedRegex(@"^(?<comm>.*)-\d+ +\[(?<cpu>\d+)\] +(?<time>\d+\.\d+): (sched_switch: +.* next_comm=(?<next>.*) next_pid=|\w+:)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Line();
}
