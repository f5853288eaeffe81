using System.Globalization;
using System.IO.Pipes;
using System.Text;
using System.Text.RegularExpressions;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;
using Xunit;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Formats;

public sealed partial class FtraceTextTests : IDisposable
{
    private static readonly TaskReference Idle1 = new(0, "swapper/1", 120);
    private static readonly TaskReference Task1 = new(2001, "RTOS-Task1", 10);
    private static readonly TaskReference Shell = new(77, "sh", 120);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actortrace");

    public void Dispose() => _folder.Delete(recursive: true);

    private static MemorySource Source() => new MemorySource()
        .AddLane(
            0,
            Switch(0, 1_000, new TaskReference(0, "", 120), 0, Shell),
            Marker(0, 12_000_003_999, Shell, "B|77|work"),
            new IrqRecord(default, At(12_000_003_999), At(0), Gpos, new CoreId(0), Shell, 64, "actortrace", IsEntry: true),
            new IrqRecord(default, At(12_000_004_000), At(0), Gpos, new CoreId(0), Shell, 64, "actortrace", IsEntry: false),
            Switch(0, 12_000_005_000, Shell, 2, new TaskReference(0, "", 120)))
        .AddLane(
            1,
            Wakeup(1, 12_000_004_500, Idle1, Task1),
            Switch(1, 12_000_004_600, Idle1, 0, Task1),
            new FunctionHitRecord(default, At(12_000_004_700), At(0), Rtos, new CoreId(1), Task1, "OSTimeDly", 0x40001000, 0x40002000, 0x40100000),
            Lost(1, 12_000_009_000, 3),
            Switch(1, 12_000_009_000, Task1, 1, Idle1));

    private static VirtualInstant At(ulong cycles) => new(cycles);

    [Fact]
    public void The_text_is_the_kernels_line_for_line()
    {
        string path = Path.Combine(_folder.FullName, "t.txt");

        ExportResult result = TraceFormats.Ftrace.ToFile(new Replay(Source(), TraceView.Gpos), path);

        // Formats: trace_print_context and the print fmt lines of Linux 6.x.
        string[] expected =
        [
            "          <idle>-0       (-------) [000] d...     0.000001: cpu_idle: state=4294967295 cpu_id=0",
            "          <idle>-0       (-------) [000] d...     0.000001: sched_switch: prev_comm=swapper/0 prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=sh next_pid=77 next_prio=120",
            "              sh-77      (     77) [000] ....    12.000003: tracing_mark_write: B|77|work",
            "              sh-77      (     77) [000] d.h.    12.000003: irq_handler_entry: irq=64 name=actortrace",
            "              sh-77      (     77) [000] d.h.    12.000004: irq_handler_exit: irq=64 ret=handled",
            "          <idle>-0       (-------) [001] d...    12.000004: sched_waking: comm=RTOS-Task1 pid=2001 prio=10 target_cpu=001",
            "          <idle>-0       (-------) [001] d...    12.000004: sched_wakeup: comm=RTOS-Task1 pid=2001 prio=10 target_cpu=001",
            "          <idle>-0       (-------) [001] d...    12.000004: cpu_idle: state=4294967295 cpu_id=1",
            "          <idle>-0       (-------) [001] d...    12.000004: sched_switch: prev_comm=swapper/1 prev_pid=0 prev_prio=120 prev_state=R ==> next_comm=RTOS-Task1 next_pid=2001 next_prio=10",
            "      RTOS-Task1-2001    (   2000) [001] ....    12.000004: OSTimeDly: pc=0x40001000 caller=0x40002000 sp=0x40100000 stack=0x0,0x0,0x0,0x0",
            "              sh-77      (     77) [000] d...    12.000005: sched_stat_runtime: comm=sh pid=77 runtime=12000004000 [ns]",
            "              sh-77      (     77) [000] d...    12.000005: sched_switch: prev_comm=sh prev_pid=77 prev_prio=120 prev_state=D ==> next_comm=swapper/0 next_pid=0 next_prio=120",
            "          <idle>-0       (-------) [000] d...    12.000005: cpu_idle: state=1 cpu_id=0",
            "CPU:1 [LOST 3 EVENTS]",
            "      RTOS-Task1-2001    (   2000) [001] d...    12.000009: sched_switch: prev_comm=RTOS-Task1 prev_pid=2001 prev_prio=10 prev_state=S ==> next_comm=swapper/1 next_pid=0 next_prio=120",
            "          <idle>-0       (-------) [001] d...    12.000009: cpu_idle: state=1 cpu_id=1",
        ];
        string[] lines = File.ReadAllLines(path);
        Assert.Equal(expected, lines.Where(line => !line.StartsWith('#')), StringComparer.Ordinal);
        Assert.Equal(new ExportResult(15, 3, 12_000_009_000), result);
        Assert.Equal("# tracer: nop", lines[0]);
        Assert.Matches(@"^# entries-in-buffer/entries-written: 15/15 +#P:2$", lines[2]);
        Assert.Contains(lines, line => line.StartsWith('#') && line.Contains("TASK-PID", StringComparison.Ordinal));
    }

    [Fact]
    public void The_legend_points_at_the_columns()
    {
        using var output = new MemoryStream();
        TraceFormats.Ftrace.ToStream(new Replay(Source(), TraceView.Gpos), output);
        string[] lines = Encoding.ASCII.GetString(output.ToArray()).Split('\n');
        string legend = lines.Single(line => line.Contains("||||      |", StringComparison.Ordinal));
        string first = lines.First(line => line.Contains("[000]", StringComparison.Ordinal));
        Assert.Equal(first.IndexOf("d...", StringComparison.Ordinal), legend.IndexOf("||||", StringComparison.Ordinal));
        Assert.InRange(legend.IndexOf("|   ||||", StringComparison.Ordinal), first.IndexOf('['), first.IndexOf(']'));
    }

    [Fact]
    public void Every_line_suits_the_importers()
    {
        using var output = new MemoryStream();
        TraceFormats.Ftrace.ToStream(new Replay(Source(), TraceView.Gpos), output);
        foreach (string line in Encoding.ASCII.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!line.StartsWith('#') && !line.StartsWith("CPU:", StringComparison.Ordinal))
            {
                Assert.Matches(PerfettoLine(), line);
                Assert.Matches(CatapultLine(), line);
                Assert.Matches(TrappyLine(), line);
            }
        }
    }

    // Three letters or dots and one or two digits or dots; the event's name is what stands before the colon.
    [GeneratedRegex(@"^ *.{1,15}-\d+ +\( *(\d+|-+)\) \[\d{3}\] [a-zA-Z.]{3}[0-9a-f.]{1,2} +\d+\.\d{6}: \S+: \S", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PerfettoLine();

    [GeneratedRegex(@"^\s*.+-\d+\s+\(\s*(\d+|-+)\)\s\[\d+\]\s+[dX.][Nnp.][Hhs.][0-9a-f.][0-9a-f.]?\s+\d+\.\d+:\s+\S+:\s.*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CatapultLine();

    [GeneratedRegex(@"^\s*.+-\d+\s+\(.{7}\)\s+\[\d+\]\s+.{4}\s+\d+\.\d+:\s+\w+:\s+.+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TrappyLine();

    [SkippableFact]
    public void Text_and_trace_dat_say_the_same()
    {
        string path = Path.Combine(_folder.FullName, "t.dat");
        TraceFormats.TraceDat.ToFile(new Replay(Source(), TraceView.Board), path);
        using var output = new MemoryStream();
        TraceFormats.Ftrace.ToStream(new Replay(Source(), TraceView.Board), output);

        string[] text = [.. Encoding.ASCII.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.Contains(" [00", StringComparison.Ordinal)).Select(TextFields)];
        string[] report = [.. Tool.Lines("trace-cmd", "report", "-N", "-t", "-i", path).Where(line => line.Contains(" [00", StringComparison.Ordinal)).Select(ReportFields)];

        Assert.Equal(15, text.Length);
        Assert.Equal(text, report, StringComparer.Ordinal);
    }

    private static string TextFields(string line) => Shortened(
        line.Replace(": tracing_mark_write:", ": print: tracing_mark_write:", StringComparison.Ordinal),
        @"^ *(?<task>.+-\d+) +\(.*\) (?<cpu>\[\d+\]) .... +(?<time>\d+\.\d+): (?<name>\w+): (?<args>.*)$");

    private static string ReportFields(string line) =>
        Shortened(line, @"^ *(?<task>.+-\d+) +(?<cpu>\[\d+\]) +(?<time>\d+\.\d{6})\d+: (?<name>\w+): +(?<args>.*)$");

    private static string Shortened(string line, string pattern)
    {
        Assert.Matches(pattern, line);
        return Regex.Replace(line, pattern, "${task} ${cpu} ${time} ${name}: ${args}", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_pipe_gets_the_same_bytes_as_a_file()
    {
        using var file = new MemoryStream();
        TraceFormats.Ftrace.ToStream(new Replay(Source(), TraceView.Gpos), file);
        await using var server = new AnonymousPipeServerStream(PipeDirection.Out);
        await using var client = new AnonymousPipeClientStream(PipeDirection.In, server.ClientSafePipeHandle);
        using var received = new MemoryStream();
        Task copying = client.CopyToAsync(received);

        TraceFormats.Ftrace.ToStream(new Replay(Source(), TraceView.Gpos), server);
        await server.DisposeAsync();
        await copying;

        Assert.Equal(file.ToArray(), received.ToArray());
    }

    [Theory]
    [InlineData(0u, "R")]
    [InlineData(1u, "S")]
    [InlineData(3u, "S|D")]
    [InlineData(0x80u, "I")]
    [InlineData(0x100u, "R+")]
    [InlineData(0x101u, "S+")]
    public void Previous_state_is_shown_as_the_kernel_does(uint state, string letters)
    {
        using var output = new MemoryStream();
        TraceFormats.Ftrace.ToStream(new Replay(new MemorySource().AddLane(1, Switch(1, 1, Task1, state, Idle1)), TraceView.Gpos), output);
        Assert.Contains($" prev_state={letters} ==>", Encoding.ASCII.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_stays_on_its_line_and_within_its_bound()
    {
        string long_ = "a\nb\0c" + new string('é', 100_000);
        using var output = new MemoryStream();
        MemorySource source = new MemorySource().AddLane(1, [.. Enumerable.Range(0, 100).Select(i => Marker(1, (ulong)i, Task1, long_))]);
        TraceFormats.Ftrace.ToStream(new Replay(source, TraceView.Gpos), output);
        string[] lines = Encoding.ASCII.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(100, lines.Count(line => line.Contains("tracing_mark_write: a?b?c???", StringComparison.Ordinal)));
        Assert.True(lines.Max(line => line.Length) < 2200, lines.Max(line => line.Length).ToString(CultureInfo.InvariantCulture));
    }
}
