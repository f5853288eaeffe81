using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;
using Xunit;

namespace ActorTrace.Traces.Tests.Formats.Reading;

/// <summary>ftrace text in all the shapes that kernels and tools give it.</summary>
public sealed partial class FtraceTextReadingTests
{
    private const string Switch1 = "sched_switch: prev_comm=b prev_pid=11 prev_prio=110 prev_state=R ==> next_comm=swapper/2 next_pid=0 next_prio=120";
    private const string Read1 = "50000160000 cpu=2 b-11 tgid=11 sched:sched_switch prev_comm=b prev_pid=11 prev_prio=110 prev_state=0 next_comm=swapper/2 next_pid=0 next_prio=120";

    [Theory]
    [InlineData("               b-11    [002] 50.000160: ")]
    [InlineData("b-11 [002] d..3 50.000160: ")]
    [InlineData("b-11 [002] d..31 50.000160: ")]
    [InlineData("b-11 (     11) [002] d..2 50.000160: ")]
    [InlineData("b-11    (11) [002] 50.000160: ")]
    [InlineData("b-11 [002]    50.000160000: ")]
    [InlineData("b-11 [2] 50.00016:    ")]
    [InlineData("b-11 [002] ....   50000160000: ")]
    public void Every_shape_of_the_head_of_a_line_is_read(string head) => Assert.Equal([Read1], Read(head + Switch1));

    [Theory]
    [InlineData("b-11 (-------) [002] .... 50.000160: ", "b-11 tgid=-1")]
    [InlineData("b-11 (     77) [002] .... 50.000160: ", "b-11 tgid=77")]
    [InlineData("a [b] c-1 d-11 [002] 50.000160: ", "a [b] c-1 d-11 tgid=11")]
    [InlineData("x (1) -11 [002] 50.000160: ", "x (1) -11 tgid=11")]
    [InlineData("<...>-11 [002] 50.000160: ", "<...>-11 tgid=11")]
    [InlineData("<idle>-0 [002] 50.000160: ", "swapper/2-0 tgid=-1")]
    public void The_task_and_its_group_are_read(string head, string task) =>
        Assert.Equal([Read1.Replace("b-11 tgid=11", task, StringComparison.Ordinal)], Read(head + Switch1));

    [Theory]
    [InlineData("")]
    [InlineData("# tracer: nop\n#\n#           TASK-PID    CPU#    TIMESTAMP  FUNCTION\n#              | |       |          |         |\n")]
    [InlineData("TRACE:\n# tracer: nop\n#\n")]
    [InlineData("capturing trace... done\r\nTRACE:\r\n# tracer: nop\r\n#\r\n")]
    [InlineData("cpus=4\n")]
    [InlineData("<!DOCTYPE html>\n<html><script>x [000] 1.0: y: z</script>\n<script class=\"trace-data\" type=\"application/text\">\n# tracer: nop\n")]
    public void Whatever_stands_in_front_the_event_is_the_same(string front) =>
        Assert.Equal([Read1], Read(front + "b-11 [002] 50.000160: " + Switch1 + (front.Contains('\r', StringComparison.Ordinal) ? "\r\n" : "\n")));

    [Fact]
    public void Of_a_page_only_the_trace_is_read_and_long_lines_around_it_do_no_harm()
    {
        string page = "<!DOCTYPE html>\n" + new string('x', 300_000) + "\nb-1 [000] 1.0: a: b\n<script class=\"trace-data\" type=\"application/text\">\n"
            + "b-11 [002] 50.000160: " + Switch1 + "\n</script>\nb-1 [000] 99.0: a: b\n";
        Assert.Equal([Read1], Read(page));
    }

    [Theory]
    [InlineData("comm=mmcqd/0 pid=95 prio=120 success=1 target_cpu=003")]
    [InlineData("comm=mmcqd/0 pid=95 prio=120 target_cpu=003")]
    public void A_wake_up_is_read_with_and_without_the_success_of_old_kernels(string arguments) => Assert.Equal(
        ["1500000000 cpu=0 a b-1 tgid=1 sched:sched_wakeup comm=mmcqd/0 pid=95 prio=120 target_cpu=3"],
        Read("a b-1 [000] 1.5: sched_wakeup: " + arguments));

    [Fact]
    public void A_run_time_is_read_also_where_an_old_kernel_adds_more() => Assert.Equal(
        ["1500000000 cpu=0 b-1 tgid=1 sched:sched_stat_runtime comm=a b pid=7 runtime=99"],
        Read("b-1 [000] 1.5: sched_stat_runtime: comm=a b pid=7 runtime=99 [ns] vruntime=1234 [ns]"));

    [Theory]
    [InlineData("0: B|5|draw")]
    [InlineData("tracing_mark_write: B|5|draw")]
    [InlineData("print:                tracing_mark_write: B|5|draw")]
    public void A_marker_is_known_by_all_its_names(string text)
    {
        string[] read = Read("b-1 [000] 1.5: " + text);
        Assert.EndsWith(" buf=B|5|draw", Assert.Single(read), StringComparison.Ordinal);
        Assert.Contains("ftrace:print", read[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpu_frequency_limits: min=1 max=2 cpu_id=0", "power:cpu_frequency_limits fields=min=1 max=2 cpu_id=0")]
    [InlineData("my_event: x", "imported:my_event fields=x")]
    [InlineData("my_event:", "imported:my_event fields=")]
    [InlineData("do_fork <-sys_fork", "imported:function fields=do_fork <-sys_fork")]
    public void What_the_catalogue_does_not_have_becomes_a_foreign_event(string text, string read) =>
        Assert.EndsWith(read, Assert.Single(Read("b-1 [000] 1.5: " + text)), StringComparison.Ordinal);

    [Fact]
    public void A_known_event_of_another_form_becomes_a_foreign_event()
    {
        string read = Assert.Single(Read("b-1 [000] 1.5: sched_switch: b:1 [120] S ==> c:2 [120]"));
        Assert.EndsWith("fields=b:1 [120] S ==> c:2 [120]", read, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_a_program_wrote_is_no_event_of_its_own() => Assert.Equal(
        ["ftrace:print"],
        Read("b-1 [000] 1.5: tracing_mark_write: x\nsecond line\n => stack+0x1\nB|5|[000] 50.0: sched_switch: y\n").Select(line => line.Split(' ')[4]), StringComparer.Ordinal);

    [Theory]
    [InlineData("CPU:1 [LOST 77 EVENTS]", 77)]
    [InlineData("CPU:1 [LOST EVENTS]", 0)]
    [InlineData("CPU:1 [77 EVENTS DROPPED]", 77)]
    [InlineData("CPU:1 [EVENTS DROPPED]", 0)]
    public void A_loss_stands_in_front_of_the_next_event(string line, int count)
    {
        string[] read = Read("b-1 [000] 1.5: a: b\n" + line + "\nb-1 [001] 2.5: a: b\n");
        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"2500000000 cpu=1 lost {count}"), read[1]);
        Assert.Equal(3, read.Length);
    }

    [Fact]
    public void A_time_that_goes_backward_is_moved_up_and_counted()
    {
        var list = new EventList();
        TraceFileCounts counts = Send("b-1 [000] 1.5: a: b\nb-1 [000] 1.4: a: b\nb-1 [000] 1.6: a: b\n", list);
        Assert.Equal(["1500000000", "1500000000", "1600000000"], list.InOrder.Select(line => line.Split(' ')[0]), StringComparer.Ordinal);
        Assert.Equal(new TraceFileCounts(3, 0, 0, 1, 1_500_000_000, 1_600_000_000, 3), counts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("hello\nworld\n")]
    [InlineData("<html>\nb-1 [000] 1.5: a: b\n</html>")]
    public void A_text_without_an_event_is_refused(string text) =>
        Assert.Equal("no line is an event of ftrace text", Assert.Throws<TraceFileException>(() => Read(text)).Message);

    [Fact]
    public void A_trace_without_events_is_one() => Assert.Empty(Read("# tracer: nop\n#\n"));

    [Fact]
    public void A_line_without_end_is_refused_with_its_number()
    {
        TraceFileException error = Assert.Throws<TraceFileException>(() => Read("b-1 [000] 1.5: a: b\n" + new string('x', 1 << 17)));
        Assert.Equal("line 2", error.Place.ToString());
    }

    [SkippableFact]
    public void What_trace_cmd_prints_of_a_trace_is_read_as_the_trace_itself() => AnyRun.Sample(
        run =>
        {
            DirectoryInfo folder = Directory.CreateTempSubdirectory("actortrace");
            try
            {
                string path = Path.Combine(folder.FullName, "any.dat");
                TraceFormats.TraceDat.ToFile(new Replay(run.Source, TraceView.Gpos), path);
                string printed = string.Join('\n', ["# tracer: nop", .. Tool.Lines("trace-cmd", "report", "-t", "-N", "-i", path)]);
                using TraceFile file = TraceFile.Open(path);
                var binary = new EventList(withTgid: true);
                file.Send(binary, new EventTypes());
                var text = new EventList(withTgid: true);
                Send(printed, text);
                Assert.Equal(binary.ByTimeAndCpu, text.ByTimeAndCpu, StringComparer.Ordinal);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        },
        iterations: 10);

    [SkippableFact]
    public void A_real_Android_capture_is_read_as_plain_regular_expressions_read_it()
    {
        string path = Captures.Path("android-systrace-2core-arm.txt");
        using TraceFile file = TraceFile.Open(path);
        var list = new EventList();
        TraceFileCounts counts = file.Send(list, new EventTypes());
        string[] expected = [.. File.ReadLines(path).Select(Expected).OfType<string>()];
        Assert.Equal(31_479, expected.Length);
        Assert.Equal(expected, list.InOrder.Select(WithoutTimeOfLast), StringComparer.Ordinal);
        Assert.Equal((31_479, 1, 2), (counts.Events, counts.BackwardTimes, file.Cpus));
    }

    // The last line of the capture is a mark of another clock with time 0, which is moved up.
    private static string WithoutTimeOfLast(string line) =>
        line.EndsWith("trace_event_clock_sync: parent_ts=0.0", StringComparison.Ordinal) ? "0" + line[line.IndexOf(' ', StringComparison.Ordinal)..] : line;

    private static string? Expected(string line)
    {
        Match head = HeadPattern().Match(line);
        if (!head.Success)
        {
            return null;
        }

        string Of(Match match, string group) => match.Groups[group].Value;
        int pid = int.Parse(Of(head, "pid"), CultureInfo.InvariantCulture);
        string cpu = Of(head, "cpu").TrimStart('0').PadLeft(1, '0');
        string time = (Of(head, "s") + Of(head, "f").PadRight(9, '0')).TrimStart('0').PadLeft(1, '0');
        string start = $"{time} cpu={cpu} {(pid == 0 ? "swapper/" + cpu : Of(head, "comm"))}-{pid.ToString(CultureInfo.InvariantCulture)}";
        string arguments = Of(head, "args");
        if (Of(head, "event") is "0")
        {
            return $"{start} ftrace:print ip=18446744071578845184 buf={arguments}";
        }

        Match change = SwitchPattern().Match(arguments);
        Match wake = WakePattern().Match(arguments);
        return change.Success
            ? $"{start} sched:sched_switch prev_comm={Of(change, "pc")} prev_pid={Of(change, "pp")} prev_prio={Of(change, "pr")} prev_state={"RSD".IndexOf(Of(change, "st"), StringComparison.Ordinal)} next_comm={Of(change, "nc")} next_pid={Of(change, "np")} next_prio={Of(change, "nr")}"
            : $"{start} sched:sched_wakeup comm={Of(wake, "c")} pid={Of(wake, "p")} prio={Of(wake, "r")} target_cpu={int.Parse(Of(wake, "t"), CultureInfo.InvariantCulture)}";
    }

    [GeneratedRegex(@"^\s*(?<comm>\S.*)-(?<pid>\d+)\s+\[(?<cpu>\d+)\]\s+(?<s>\d+)\.(?<f>\d+): (?<event>\w+): ?(?<args>.*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HeadPattern();

    [GeneratedRegex(@"^prev_comm=(?<pc>.*) prev_pid=(?<pp>\d+) prev_prio=(?<pr>\d+) prev_state=(?<st>\S) ==> next_comm=(?<nc>.*) next_pid=(?<np>\d+) next_prio=(?<nr>\d+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SwitchPattern();

    [GeneratedRegex(@"^comm=(?<c>.*) pid=(?<p>\d+) prio=(?<r>\d+) success=1 target_cpu=(?<t>\d+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WakePattern();

    private static string[] Read(string text)
    {
        var list = new EventList(withTgid: true);
        Send(text, list);
        return [.. list.InOrder];
    }

    private static TraceFileCounts Send(string text, EventList list)
    {
        using TraceFile file = TraceFile.Open(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        return file.Send(list, new EventTypes());
    }
}
