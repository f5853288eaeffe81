using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using CsCheck;
using Xunit;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Formats;

/// <summary>What trace-cmd shows of a trace.dat is what went in.</summary>
public sealed partial class TraceDatTests : IDisposable
{
    private static readonly TaskReference Idle0 = new(0, "swapper/0", 120);
    private static readonly TaskReference Idle1 = new(0, "swapper/1", 120);
    private static readonly TaskReference A = new(2001, "RTOS-Task1", 10);
    private static readonly TaskReference Long = new(2002, "fifteen-letters", 99);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public void Any_switches_wakeups_and_markers_are_reported_as_they_were()
    {
        Gen<TaskReference> task = Gen.Select(Gen.Int[1, 9], Gen.Int[0, 139], (pid, priority) =>
            new TaskReference(pid, $"task {pid}".PadRight(6 + pid, '.'), priority));
        Gen<TraceRecord> record = Gen.Select(Gen.Int[0, 2], task, task, Gen.Int[0, 3], Gen.Int[0, 20], (kind, current, other, state, length) =>
            (TraceRecord)(kind switch
            {
                0 => Switch(0, 0, current, (uint)(state == 3 ? 0x100 : state), other),
                1 => Wakeup(0, 0, current, other),
                _ => Marker(0, 0, current, "x" + new string('m', length * length)),
            }));
        Gen<(TraceRecord, int, ulong)[]> run = Gen.Select(
            record, Gen.Int[0, 1], Gen.OneOf(Gen.ULong[0, 3], Gen.ULong[100, 5000], Gen.ULong[130_000_000, 900_000_000])).Array[0, 400];

        run.Sample(
            records =>
            {
                ulong now = 0;
                var source = new MemorySource();
                var expected = new List<string>();
                foreach ((TraceRecord template, int cpu, ulong gap) in records)
                {
                    now += gap;
                    var moved = (LaneRecord)template;
                    moved = moved with { At = new VirtualInstant(now), Vcpu = VcpuOf(cpu), Core = new CoreId((byte)cpu) };
                    source.AddLane(cpu, moved);
                    expected.AddRange(Lines(moved, cpu, now));
                }

                string path = PathOf("any.dat");
                TraceExport.ToTraceDat(source, TraceView.Gpos, path);

                // Events at the same instant on different CPUs have no order in the file.
                string[] seen = [.. TraceCmd.Report(path, "-t", "-N").Where(line => !line.StartsWith("cpus=", StringComparison.Ordinal)).Select(Normalized)];
                Assert.Equal(expected.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal), StringComparer.Ordinal);
                Assert.Equal(
                    expected.Where(line => line.Contains("[001]", StringComparison.Ordinal)),
                    seen.Where(line => line.Contains("[001]", StringComparison.Ordinal)),
                    StringComparer.Ordinal);
            },
            iter: 25, threads: 1);
    }

    private static IEnumerable<string> Lines(LaneRecord record, int cpu, ulong at)
    {
        string prefix = string.Create(
            CultureInfo.InvariantCulture, $"{record.Current.Comm}-{record.Current.Pid} [{cpu:d3}] {at / 1_000_000_000}.{at % 1_000_000_000:d9}: ");
        switch (record)
        {
            case SwitchRecord change:
                string state = change.PreviousState switch { 1 => "S", 2 => "D", 0x100 => "R+", _ => "R" };
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{prefix}sched_switch: prev_comm={change.Current.Comm} prev_pid={change.Current.Pid} prev_prio={change.Current.Priority} prev_state={state} ==> next_comm={change.Next.Comm} next_pid={change.Next.Pid} next_prio={change.Next.Priority}");
                break;
            case WakeupRecord wakeup:
                foreach (string name in (string[])["sched_waking", "sched_wakeup"])
                {
                    yield return string.Create(
                        CultureInfo.InvariantCulture,
                        $"{prefix}{name}: comm={wakeup.Task.Comm} pid={wakeup.Task.Pid} prio={wakeup.Task.Priority} target_cpu={cpu:d3}");
                }

                break;
            default:
                yield return $"{prefix}print: tracing_mark_write: {((MarkerRecord)record).Text}";
                break;
        }
    }

    private static string Normalized(string line)
    {
        Match match = ReportLine().Match(line);
        Assert.True(match.Success, line);
        return $"{match.Groups["comm"].Value.TrimStart()}-{match.Groups["pid"].Value} [{match.Groups["cpu"].Value}] {match.Groups["time"].Value}: {match.Groups["event"].Value}: {match.Groups["args"].Value.Trim()}";
    }

    [GeneratedRegex(@"^(?<comm>.*)-(?<pid>\d+) +\[(?<cpu>\d+)\] +(?<time>\d+\.\d+): (?<event>\w+): +(?<args>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ReportLine();

    [SkippableFact]
    public void A_run_without_events_opens()
    {
        TraceExport.ToTraceDat(new MemorySource(), TraceView.Gpos, PathOf("none.dat"));
        Assert.Equal("cpus=2", Assert.Single(TraceCmd.Report(PathOf("none.dat"))));
    }

    [SkippableFact]
    public void One_event_at_time_zero_with_a_name_of_15_bytes_opens()
    {
        MemorySource source = new MemorySource().AddLane(1, Switch(1, 0, Idle1, 0, Long));
        TraceExport.ToTraceDat(source, TraceView.Gpos, PathOf("one.dat"));
        string[] lines = TraceCmd.Report(PathOf("one.dat"), "-t");
        Assert.Equal(2, lines.Length);
        Assert.Matches(@"<idle>-0 +\[001\] +0\.000000000: sched_switch: +swapper/1:0 \[120\] R ==> fifteen-letters:2002 \[99\]", lines[1]);
    }

    [SkippableFact]
    public void Lost_events_are_shown_on_their_cpu_with_their_number()
    {
        MemorySource source = new MemorySource()
            .AddLane(0, Switch(0, 50, Idle0, 0, A), Switch(0, 250, A, 1, Idle0))
            .AddLane(1, Switch(1, 100, Idle1, 0, A), Lost(1, 200, 70), Lost(1, 200, 7), Switch(1, 200, Long, 1, A), Lost(1, 300, 5));
        ExportResult result = TraceExport.ToTraceDat(source, TraceView.Gpos, PathOf("lost.dat"));

        string[] lines = TraceCmd.Report(PathOf("lost.dat"), "-N", "-t");

        Assert.Equal(new ExportResult(4, 82), result);
        Assert.Contains("CPU:1 [77 EVENTS DROPPED]", lines[3], StringComparison.Ordinal);
        Assert.Matches(@"\[001\] +0\.000000200: sched_switch:", lines[4]);
        Assert.Contains("CPU:1 [5 EVENTS DROPPED]", lines[6], StringComparison.Ordinal);
        Assert.Matches(@"\[001\] +0\.000000300: print:", lines[7]);
        Assert.Equal(8, lines.Length);
    }

    [SkippableFact]
    public void A_full_page_before_a_loss_keeps_every_event()
    {
        var source = new MemorySource();
        for (ulong i = 0; i < 2000; i++)
        {
            source.AddLane(1, Lost(1, i, i + 1), Marker(1, i, A, new string('m', (int)(i % 900))));
        }

        TraceExport.ToTraceDat(source, TraceView.Gpos, PathOf("pages.dat"));
        string[] lines = TraceCmd.Report(PathOf("pages.dat"));
        Assert.Equal(4001, lines.Length);
        Assert.Equal(
            Enumerable.Range(1, 2000).Select(i => $"CPU:1 [{i} EVENTS DROPPED]"),
            lines.Where(line => line.StartsWith("CPU:", StringComparison.Ordinal)),
            StringComparer.Ordinal);
    }

    [SkippableFact]
    public void Interrupts_probe_hits_and_hypervisor_steps_have_formats_that_trace_cmd_reads()
    {
        var at = new VirtualInstant(10);
        var core = new CoreId(0);
        MemorySource source = new MemorySource().AddLane(
            0,
            new IrqRecord(default, at, at, Gpos, core, A, 30, "arch_timer", IsEntry: true),
            new IrqRecord(default, at, at, Gpos, core, A, 30, "arch_timer", IsEntry: false),
            new FunctionHitRecord(default, at, at, Gpos, core, A, "OSTimeDly+0x4", 0x40001234, 0xC0DE, 0xFFFF_FFF0),
            new MarkerRecord(default, at, at, Gpos, core, A, "B|2001|caf\u00e9\n"),
            new FunctionReturnRecord(default, new VirtualInstant(25), at, Gpos, core, A, "OSTimeDly", 0x40001230, 0x40002000, 0xFFFF_FFF8, at));
        foreach (StepKind step in Enum.GetValues<StepKind>())
        {
            source.Add(StreamNames.Core(0), new StepRecord(
                default, step, CostCategory.TrapEntry, at, new VirtualInstant(10), core, Gpos, 0x8000, ulong.MaxValue, 3));
        }

        TraceExport.ToTraceDat(source, TraceView.Board, PathOf("kinds.dat"));
        string[] lines = TraceCmd.Report(PathOf("kinds.dat"), "-N");

        Assert.Contains(lines, line => line.EndsWith("irq_handler_entry:    irq=30 name=arch_timer", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("irq_handler_exit:     irq=30 ret=handled", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("symbol=OSTimeDly+0x4 pc=0x40001234 caller=0xc0de sp=0xfffffff0", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("tracing_mark_write: B|2001|caf??", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("guest=0 vcpu=0 pc=0x8000 cycles=0 hsr=0xffffffffffffffff fault=0x3", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith(
            "probe_return:         symbol=OSTimeDly pc=0x40001230 function=0x40002000 sp=0xfffffff8 duration=15 [ns]", StringComparison.Ordinal));
        Assert.Equal(1 + 5 + Enum.GetValues<StepKind>().Length, lines.Length);
        Assert.DoesNotContain(lines, line => line.Contains("FIELD", StringComparison.Ordinal) || line.Contains("FAILED", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void The_format_checker_of_trace_cmd_accepts_every_event()
    {
        TraceExport.ToTraceDat(new MemorySource(), TraceView.Board, PathOf("formats.dat"));
        Assert.Empty(TraceCmd.Report(PathOf("formats.dat"), "--check-events"));
    }

    [Fact]
    public void A_failed_export_leaves_nothing_behind()
    {
        MemorySource source = new MemorySource().AddLane(1, Switch(1, 100, Idle1, 0, A), Switch(1, 99, A, 0, Idle1));
        Assert.Throws<InvalidDataException>(() => TraceExport.ToTraceDat(source, TraceView.Gpos, PathOf("x.dat")));
        Assert.Throws<InvalidDataException>(() => TraceExport.ToFtraceText(source, TraceView.Gpos, PathOf("x.txt")));
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void The_same_run_gives_the_same_bytes_and_replaces_an_older_file()
    {
        MemorySource source = new MemorySource().AddLane(1, Switch(1, 100, Idle1, 0, A));
        File.WriteAllText(PathOf("a.dat"), "old");
        TraceExport.ToTraceDat(source, TraceView.Gpos, PathOf("a.dat"));
        TraceExport.ToTraceDat(source, TraceView.Gpos, PathOf("b.dat"));
        Assert.Equal(File.ReadAllBytes(PathOf("a.dat")), File.ReadAllBytes(PathOf("b.dat")));
        Assert.Equal(2, _folder.GetFiles().Length);
    }
}
