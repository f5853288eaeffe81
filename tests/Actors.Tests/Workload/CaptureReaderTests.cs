using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Scenarios.Captures;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;
using CsCheck;
using Capture = ActorTrace.Actors.Scenarios.Captures.Capture;

namespace ActorTrace.Actors.Tests.Workload;

public sealed class CaptureReaderTests
{
    private const string First = "     <...>-10    [000] 50.000100: sched_switch: prev_comm=a prev_pid=10 prev_prio=120 prev_state=S ==> next_comm=b next_pid=11 next_prio=110";
    private const string Second = "         b-11    [000] 50.000160: sched_switch: prev_comm=b prev_pid=11 prev_prio=110 prev_state=R ==> next_comm=swapper next_pid=0 next_prio=120";
    private static readonly ClockRates OneCycleEachNanosecond = new(1_000_000_000, 24_000_000, 1);

    [Fact]
    public void The_first_event_is_at_zero_and_its_leaving_task_is_kept()
    {
        Capture capture = Read(First + "\n" + Second + "\n");
        Assert.Equal(
            [
                new CapturedBurst(10, "a", 120, VirtualInstant.Zero, 0, 1),
                new CapturedBurst(11, "b", 110, VirtualInstant.Zero, 60_000, 0),
                new CapturedBurst(0, "swapper", 120, new VirtualInstant(60_000), 0, 0),
            ],
            capture.Bursts);
        Assert.Equal(50_000_100_000UL, capture.Report.FirstNanoseconds);
        Assert.Equal(2, capture.Report.Switches);
    }

    [Theory]
    [InlineData("b-11 [000] d..3 50.000160: ")]
    [InlineData("b-11 [000] d..31 50.000160: ")]
    [InlineData("b-11 (   11) [000] d..2 50.000160: ")]
    [InlineData("b-11 (-----) [000] .... 50.000160: ")]
    [InlineData("a [b] c-11 [000] 50.000160: ")]
    [InlineData("b-11 [000]    50.000160000: ")]
    public void Every_shape_of_the_head_of_a_line_is_read(string head)
    {
        string line = head + Second[Second.IndexOf("sched_switch", StringComparison.Ordinal)..];
        Assert.Equal(60_000UL, Read(First + "\n" + line).Bursts[1].WorkCycles);
    }

    [Fact]
    public void Headers_prefixes_and_line_ends_do_not_matter()
    {
        string text = "capturing trace... done\r\nTRACE:\r\n# tracer: nop\r\n#\r\n" + First + "\r\n\r\n" + Second;
        Assert.Equal(Read(First + "\n" + Second + "\n").Bursts, Read(text).Bursts);
    }

    [Fact]
    public void Names_may_hold_spaces_equal_signs_and_pieces_of_the_format()
    {
        const string Name = "x prev_pid=9 =";
        string line = First.Replace("next_comm=b", "next_comm=" + Name, StringComparison.Ordinal);
        Assert.Equal((11, Name), (Read(line).Bursts[1].Pid, Read(line).Bursts[1].Comm));
    }

    [Fact]
    public void Text_that_a_program_wrote_into_the_trace_is_no_switch()
    {
        string marker = "app-5 [000] 50.000120: tracing_mark_write: B|5|[000] 50.0: sched_switch: nonsense";
        Assert.Equal(Read(First + "\n" + Second).Bursts, Read(First + "\n" + marker + "\n" + Second).Bursts);
    }

    [Fact]
    public void Events_of_other_CPUs_and_other_kinds_count_only_for_the_end()
    {
        string later = "x-7 [001] 50.000300: sched_wakeup: comm=y pid=8 prio=120 success=1 target_cpu=001";
        CapturedBurst last = Read(First + "\n" + later).Bursts[^1];
        Assert.Equal((200_000UL, 1U), (last.WorkCycles, last.EndState));
    }

    [Fact]
    public void A_time_stamp_that_goes_backward_is_moved_up_and_counted()
    {
        string back = Second.Replace("50.000160", "50.000090", StringComparison.Ordinal);
        Capture capture = Read(First + "\n" + back);
        Assert.Equal((0UL, 1L), (capture.Bursts[1].WorkCycles, capture.Report.BackwardTimes));
    }

    [Fact]
    public void A_previous_task_that_was_not_the_next_before_is_counted()
    {
        string other = Second.Replace("prev_pid=11", "prev_pid=77", StringComparison.Ordinal);
        Assert.Equal(1, Read(First + "\n" + other).Report.Mismatches);
    }

    [Theory]
    [InlineData("R", 0u)]
    [InlineData("S", 1u)]
    [InlineData("D", 2u)]
    [InlineData("D|K", 2u)]
    [InlineData("T", 4u)]
    [InlineData("t", 8u)]
    [InlineData("x", 16u)]
    [InlineData("Z", 32u)]
    [InlineData("R+", 256u)]
    [InlineData("S|D", 3u)]
    public void States_have_the_bits_of_Linux(string text, uint bits) =>
        Assert.Equal(bits, Read(First.Replace("prev_state=S", "prev_state=" + text, StringComparison.Ordinal)).Bursts[0].EndState);

    [Theory]
    [InlineData("prev_state=S", "prev_state=q")]
    [InlineData("prev_state=S", "prev_state=")]
    [InlineData("prev_state=S", "prev_state=S|")]
    [InlineData("prev_pid=10", "prev_pid=ten")]
    [InlineData(" ==> ", " -> ")]
    [InlineData("next_prio=110", "")]
    public void A_malformed_switch_is_an_error_with_its_line(string good, string bad)
    {
        string text = "# tracer: nop\n" + First.Replace(good, bad, StringComparison.Ordinal);
        CaptureException error = Assert.Throws<CaptureException>(() => Read(text));
        Assert.Equal(TracePlace.Line(2), error.Place);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("", "no line is an event")]
    [InlineData("hello\nworld\n", "no line is an event")]
    [InlineData("b-1 [003] 1.5: sched_wakeup: comm=y pid=8\n", "no sched_switch of CPU 0 among 1 events")]
    public void What_holds_no_switch_of_the_CPU_is_refused(string text, string reason) =>
        Assert.Contains(reason, Assert.Throws<CaptureException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_line_without_end_and_a_time_without_sense_are_refused()
    {
        Assert.Equal(TracePlace.Line(1), Assert.Throws<CaptureException>(() => Read(new string('x', 1 << 17))).Place);
        string late = Second.Replace("50.000160", "18446744072.000160", StringComparison.Ordinal);
        Assert.Equal(TracePlace.Line(2), Assert.Throws<CaptureException>(() => Read(First + "\n" + late)).Place);
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_in_one_line()
    {
        Check.Sample(
            Gen.Select(Gen.Int[0, 300], Gen.Byte, Gen.Byte.Array[0, 40]),
            damage =>
            {
                byte[] text = [.. Encoding.Latin1.GetBytes(First + "\n" + Second), .. damage.Item3];
                text[damage.Item1 % text.Length] = damage.Item2;
                try
                {
                    Assert.True(CaptureReader.Read(new MemoryStream(text), 0, OneCycleEachNanosecond).Bursts.Count >= 2);
                }
                catch (CaptureException e)
                {
                    Assert.DoesNotContain('\n', e.Message);
                }
            },
            iter: 5000);
    }

    [Fact]
    public void The_committed_capture_is_what_its_script_makes()
    {
        using Process script = Process.Start(new ProcessStartInfo(Repository.File("ops", "make-capture.sh")) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string made = script.StandardOutput.ReadToEnd();
        script.WaitForExit();
        Assert.Equal(0, script.ExitCode);
        Assert.Equal(made, File.ReadAllText(Repository.File("scenarios", "captures", "small-2core.txt")));
    }

    [Fact]
    public void The_committed_capture_has_the_quirks_of_a_real_one()
    {
        using FileStream file = File.OpenRead(Repository.File("scenarios", "captures", "small-2core.txt"));
        CaptureReport report = CaptureReader.Read(file, 0, OneCycleEachNanosecond).Report;
        Assert.True(report is { Switches: > 100, BackwardTimes: 1, Mismatches: 1, LossMarks: 1 }, report.ToString());
    }

    [SkippableFact]
    public void A_real_Android_capture_is_read_as_a_plain_regular_expression_reads_it()
    {
        string? folder = Environment.GetEnvironmentVariable("ACTORTRACE_CAPTURES");
        Skip.If(string.IsNullOrEmpty(folder), "ACTORTRACE_CAPTURES is not set");
        string path = Path.Combine(folder, "android-systrace-2core-arm.txt");
        Skip.IfNot(File.Exists(path), "$ACTORTRACE_CAPTURES holds no android-systrace-2core-arm.txt");
        Regex pattern = new(
            @"\[000\]\s+(?<s>\d+)\.(?<us>\d{6}): sched_switch: prev_comm=(?<pc>.*) prev_pid=(?<pp>\d+) prev_prio=\d+ prev_state=(?<st>\S) ==> next_comm=(?<nc>.*) next_pid=(?<np>\d+) next_prio=(?<pr>\d+)",
            RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(5));
        Match[] lines = [.. File.ReadLines(path).Select(l => pattern.Match(l)).Where(m => m.Success)];
        ulong[] times = [.. lines.Select(m => (Number(m, "s") * 1_000_000) + Number(m, "us"))];
        using FileStream file = File.OpenRead(path);
        Capture capture = CaptureReader.Read(file, 0, OneCycleEachNanosecond);
        Assert.Equal(lines.Length + 1, capture.Bursts.Count);
        Assert.Equal(0, capture.Report.Mismatches + capture.Report.BackwardTimes);
        for (int i = 0; i < lines.Length; i++)
        {
            CapturedBurst leaves = capture.Bursts[i];
            CapturedBurst comes = capture.Bursts[i + 1];
            Assert.Equal(((int)Number(lines[i], "pp"), lines[i].Groups["pc"].Value), (leaves.Pid, leaves.Comm));
            Assert.Equal(((int)Number(lines[i], "np"), lines[i].Groups["nc"].Value), (comes.Pid, comes.Comm));
            Assert.Equal((times[i] - times[0]) * 1000, comes.Start.Cycles);
            Assert.Equal("RSD"[(int)leaves.EndState].ToString(), lines[i].Groups["st"].Value);
        }
    }

    [Fact]
    public void A_trace_dat_gives_the_bursts_of_the_text_that_it_was_made_of()
    {
        string folder = Directory.CreateTempSubdirectory("actortrace").FullName;
        string binary = Path.Combine(folder, "capture.dat");
        try
        {
            RecordedEvents recorded = new(Repository.File("scenarios", "captures", "small-2core.txt"));
            TraceFormats.TraceDat.ToFile(new Replay(recorded, TraceView.Gpos), binary);
            for (int cpu = 0; cpu < 2; cpu++)
            {
                Capture fromText = CaptureReader.Read(File.OpenRead(Repository.File("scenarios", "captures", "small-2core.txt")), cpu, OneCycleEachNanosecond);
                Capture fromBinary = CaptureReader.Read(File.OpenRead(binary), cpu, OneCycleEachNanosecond);
                Assert.Equal(fromText.Bursts.Select(WithIdleName), fromBinary.Bursts.Select(WithIdleName));

                // The replay shows more events than the text, and none that goes backward.
                Assert.Equal(fromText.Report with { Lines = 0, Events = fromBinary.Report.Events, BackwardTimes = 0 }, fromBinary.Report);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // A replay names the idle task of each CPU.
    private static CapturedBurst WithIdleName(CapturedBurst burst) => burst.Pid == 0 ? burst with { Comm = "swapper" } : burst;

    [Fact]
    public void A_damaged_trace_dat_is_an_error_with_its_byte()
    {
        byte[] cut = [0x17, 0x08, 0x44, .. "tracing6\0"u8, 0, 8, 0];
        CaptureException error = Assert.Throws<CaptureException>(() => CaptureReader.Read(new MemoryStream(cut), 0, OneCycleEachNanosecond));
        Assert.Equal(TracePlace.Byte(cut.Length), error.Place);
    }

    private static ulong Number(Match match, string group) => ulong.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    private static Capture Read(string text) => CaptureReader.Read(new MemoryStream(Encoding.Latin1.GetBytes(text)), 0, OneCycleEachNanosecond);
}
