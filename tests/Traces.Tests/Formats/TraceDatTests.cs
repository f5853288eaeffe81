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
    private static readonly TaskReference B = new(2003, "RTOS-Task2", 12);
    private static readonly TaskReference Long = new(2002, "fifteen-letters", 99);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public void Dispose() => _folder.Delete(recursive: true);

    [SkippableFact]
    public void Any_switches_wakeups_and_markers_are_reported_as_they_were() => AnyRun.Sample(
        run =>
        {
            string path = PathOf("any.dat");
            TraceFormats.TraceDat.ToFile(new Replay(run.Source, TraceView.Gpos), path);

            // Events at the same instant on different CPUs have no order in the file.
            string[] seen = [.. Tool.Lines("trace-cmd", "report", "-t", "-N", "-i", path).Where(line => !line.StartsWith("cpus=", StringComparison.Ordinal)).Select(Normalized)];
            Assert.Equal(run.Lines.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal), StringComparer.Ordinal);
            Assert.Equal(
                run.Lines.Where(line => line.Contains("[001]", StringComparison.Ordinal)),
                seen.Where(line => line.Contains("[001]", StringComparison.Ordinal)),
                StringComparer.Ordinal);
        },
        iterations: 25);

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
        TraceFormats.TraceDat.ToFile(new Replay(new MemorySource(), TraceView.Gpos), PathOf("none.dat"));
        Assert.Equal("cpus=2", Assert.Single(Tool.Lines("trace-cmd", "report", "-i", PathOf("none.dat"))));
    }

    [SkippableFact]
    public void One_event_at_time_zero_is_shown_at_1_ns_with_its_name_of_15_bytes()
    {
        MemorySource source = new MemorySource().AddLane(1, Switch(1, 0, Idle1, 0, Long));
        TraceFormats.TraceDat.ToFile(new Replay(source, TraceView.Gpos), PathOf("one.dat"));
        string[] lines = Tool.Lines("trace-cmd", "report", "-t", "-i", PathOf("one.dat"));
        Assert.Equal(3, lines.Length);
        Assert.Matches(@"<idle>-0 +\[001\] +0\.000000001: cpu_idle: +state=4294967295 cpu_id=1", lines[1]);
        Assert.Matches(@"<idle>-0 +\[001\] +0\.000000001: sched_switch: +swapper/1:0 \[120\] R ==> fifteen-letters:2002 \[99\]", lines[2]);
    }

    [SkippableFact]
    public void Lost_events_are_shown_on_their_cpu_with_their_number()
    {
        MemorySource source = new MemorySource()
            .AddLane(0, Switch(0, 50, B, 0, A), Switch(0, 250, A, 1, B))
            .AddLane(1, Switch(1, 100, B, 0, A), Lost(1, 200, 70), Lost(1, 200, 7), Switch(1, 200, Long, 1, A), Lost(1, 300, 5));
        ExportResult result = TraceFormats.TraceDat.ToFile(new Replay(source, TraceView.Gpos), PathOf("lost.dat"));

        string[] lines = Tool.Lines("trace-cmd", "report", "-N", "-t", "-i", PathOf("lost.dat"));

        Assert.Equal(new ExportResult(5, 82, 300), result);
        Assert.Contains("CPU:1 [77 EVENTS DROPPED]", lines[3], StringComparison.Ordinal);
        Assert.Matches(@"\[001\] +0\.000000200: sched_switch:", lines[4]);
        Assert.Contains("CPU:1 [5 EVENTS DROPPED]", lines[7], StringComparison.Ordinal);
        Assert.Matches(@"\[001\] +0\.000000300: print:", lines[8]);
        Assert.Equal(9, lines.Length);
    }

    [SkippableFact]
    public void A_full_page_before_a_loss_keeps_every_event()
    {
        var source = new MemorySource();
        for (ulong i = 0; i < 2000; i++)
        {
            source.AddLane(1, Lost(1, i, i + 1), Marker(1, i, A, new string('m', (int)(i % 900))));
        }

        TraceFormats.TraceDat.ToFile(new Replay(source, TraceView.Gpos), PathOf("pages.dat"));
        string[] lines = Tool.Lines("trace-cmd", "report", "-i", PathOf("pages.dat"));
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
            new FunctionHitRecord(default, at, at, Gpos, core, A, "OSTimeDly+0x4", 0x40001234, 0xC0DE, 0xFFFF_FFF0) { Stack = new StackTop(1, 2, 3, uint.MaxValue) },
            new MarkerRecord(default, at, at, Gpos, core, A, "B|2001|caf\u00e9\n"),
            new FunctionReturnRecord(default, new VirtualInstant(25), at, Gpos, core, A, "OSTimeDly", 0x40001230, 0x40002000, 0xFFFF_FFF8, at));
        foreach (StepKind step in Enum.GetValues<StepKind>())
        {
            source.Add(StreamNames.Core(0), new StepRecord(
                default, step, CostCategory.TrapEntry, at, new VirtualInstant(10), core, Gpos, 0x8000, ulong.MaxValue, 3));
        }

        TraceFormats.TraceDat.ToFile(new Replay(source, TraceView.Board), PathOf("kinds.dat"));
        string[] lines = Tool.Lines("trace-cmd", "report", "-N", "-i", PathOf("kinds.dat"));

        Assert.Contains(lines, line => line.EndsWith("irq_handler_entry:    irq=30 name=arch_timer", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("irq_handler_exit:     irq=30 ret=handled", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("OSTimeDly_0x4:        pc=0x40001234 caller=0xc0de sp=0xfffffff0 stack=0x1,0x2,0x3,0xffffffff", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("tracing_mark_write: B|2001|caf??", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("guest=0 vcpu=0 pc=0x8000 cycles=0 hsr=0xffffffffffffffff fault=0x3", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith(
            "OSTimeDly_return:     pc=0x40001230 function=0x40002000 sp=0xfffffff8 duration=15 [ns]", StringComparison.Ordinal));

        // An SGI is an IPI too: raised, entered and left.
        Assert.Equal(1 + 5 + Enum.GetValues<StepKind>().Length + 3, lines.Length);
        Assert.DoesNotContain(lines, line => line.Contains("FIELD", StringComparison.Ordinal) || line.Contains("FAILED", StringComparison.Ordinal));
    }

    [SkippableFact]
    public void The_format_checker_of_trace_cmd_accepts_every_event()
    {
        TraceFormats.TraceDat.ToFile(new Replay(new MemorySource(), TraceView.Board), PathOf("formats.dat"));
        Assert.Empty(Tool.Lines("trace-cmd", "report", "--check-events", "-i", PathOf("formats.dat")));
    }

    [Fact]
    public void A_failed_export_leaves_nothing_behind()
    {
        MemorySource source = new MemorySource().AddLane(1, Switch(1, 100, Idle1, 0, A), Switch(1, 99, A, 0, Idle1));
        Assert.Throws<InvalidDataException>(() => TraceFormats.TraceDat.ToFile(new Replay(source, TraceView.Gpos), PathOf("x.dat")));
        Assert.Throws<InvalidDataException>(() => TraceFormats.Ftrace.ToFile(new Replay(source, TraceView.Gpos), PathOf("x.txt")));
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Fact]
    public void The_same_run_gives_the_same_bytes_and_replaces_an_older_file()
    {
        MemorySource source = new MemorySource().AddLane(1, Switch(1, 100, Idle1, 0, A));
        File.WriteAllText(PathOf("a.dat"), "old");
        TraceFormats.TraceDat.ToFile(new Replay(source, TraceView.Gpos), PathOf("a.dat"));
        TraceFormats.TraceDat.ToFile(new Replay(source, TraceView.Gpos), PathOf("b.dat"));
        Assert.Equal(File.ReadAllBytes(PathOf("a.dat")), File.ReadAllBytes(PathOf("b.dat")));
        Assert.Equal(2, _folder.GetFiles().Length);
    }
}
