using System.Text;
using ActorTrace.Traces.Alignment;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using Xunit;

namespace ActorTrace.Traces.Tests.Alignment;

/// <summary>Logs with clocks of their own are put on the timeline of the first.</summary>
public sealed class MergePlanTests
{
    private const string First = """
              adbd-100   [000]    10.000100: sched_switch: prev_comm=adbd prev_pid=100 prev_prio=120 prev_state=S ==> next_comm=logd next_pid=200 next_prio=120
              logd-200   [001]    10.000200: tracing_mark_write: sync 1
              logd-200   [001]    10.000300: tracing_mark_write: sync 2
        """;

    private const string Second = """
              work-200   [000]     3.000000: tracing_mark_write: sync 1
              work-200   [000]     3.000050: sched_waking: comm=more pid=300 prio=120 target_cpu=001
              work-200   [000]     3.000060: sched_switch: prev_comm=work prev_pid=200 prev_prio=120 prev_state=S ==> next_comm=swapper/0 next_pid=0 next_prio=120
              more-300   [001]     3.000100: tracing_mark_write: sync 2
              more-300   [001]     3.000110: ipi_raise: target_mask=00000000,00000001 (Rescheduling interrupts)
        """;

    private static readonly EventPattern[] Sync = [new("print", "sync")];
    private static readonly Dictionary<int, long> None = [];

    [Fact]
    public void The_second_log_stands_behind_the_first_in_its_time_with_pids_of_its_own()
    {
        MergePlan plan = Plan(None, Sync, First, Second);
        Assert.Equal((2, 2, 10_000, 1), (plan.Logs[1].FirstCpu, plan.Logs[1].Cpus, plan.Logs[1].PidShift, plan.Logs[1].Collisions));
        Assert.Equal(["linux", "linux-2"], plan.Guests().Select(guest => guest.Name), StringComparer.Ordinal);
        Assert.Equal(
            [
                "10000200000 [2] work-10200 print",
                "10000250000 [2] work-10200 sched_waking 10300,120,3",
                "10000260000 [2] work-10200 sched_switch 10200,120,1,0,120",
                "10000300000 [3] more-10300 print",
                "10000310000 [3] more-10300 ipi_raise 4",
            ],
            Events(plan.Logs[1]), StringComparer.Ordinal);
    }

    [Fact]
    public void A_given_offset_is_added_and_the_first_log_may_be_moved_too()
    {
        MergePlan plan = Plan(new Dictionary<int, long> { [0] = -10_000_000_000, [1] = -3_000_000_000 }, [], First, Second);
        Assert.StartsWith("100000 [0] adbd-100", Events(plan.Logs[0])[0], StringComparison.Ordinal);
        Assert.StartsWith("0 [2] work-10200", Events(plan.Logs[1])[0], StringComparison.Ordinal);
        Assert.Equal(300_000ul, plan.End);
    }

    [Fact]
    public void A_log_is_found_where_the_first_was_moved_to() =>
        Assert.StartsWith("200000 [2] work", Events(Plan(new Dictionary<int, long> { [0] = -10_000_000_000 }, Sync, First, Second).Logs[1])[0], StringComparison.Ordinal);

    [Fact]
    public void A_third_log_is_kept_apart_from_both()
    {
        MergePlan plan = Plan(None, [], First, Second, Second);
        Assert.Equal([0, 10_000, 20_000], plan.Logs.Select(log => log.PidShift));
        Assert.Equal([0, 2, 4], plan.Logs.Select(log => log.FirstCpu));
    }

    [Fact]
    public void Pids_that_no_other_log_has_stay() => Assert.Equal(0, Plan(None, [], First, Second.Replace("200", "201", StringComparison.Ordinal)).Logs[1].PidShift);

    [Theory]
    [InlineData("none of them", "print:never", "log 2: it has no event of print:never in common with log 1: neither has any")]
    [InlineData("other texts", "print:s", "log 2: it has no event of print:s in common with log 1: log 1 has 2, log 2 has 2, none with the same text")]
    [InlineData("another order", "print:sync", "log 2: the 2 events that it has in common with log 1 come in another order there")]
    [InlineData("no clock", "print:sync", "log 2: its clock would run 16.7 % apart from that of log 1: the 3 events are not the same ones")]
    public void What_two_logs_do_not_have_in_common_is_told(string how, string pattern, string message)
    {
        (string first, string second) = how switch
        {
            "other texts" => (First, Second.Replace("sync", "s", StringComparison.Ordinal)),
            "another order" => (First, Second.Replace("sync 1", "sync 3", StringComparison.Ordinal).Replace("sync 2", "sync 1", StringComparison.Ordinal)
                .Replace("sync 3", "sync 2", StringComparison.Ordinal)),
            "no clock" => (First + "\n          logd-200   [001]    10.000400: tracing_mark_write: sync 3", Second + "\n          more-300   [001]     3.000150: tracing_mark_write: sync 3"),
            _ => (First, Second),
        };
        if (how is "no clock")
        {
            second = second.Replace("3.000100", "3.000120", StringComparison.Ordinal).Replace("3.000110", "3.000125", StringComparison.Ordinal)
                .Replace("3.000150", "3.000240", StringComparison.Ordinal);
        }

        AlignmentException e = Assert.Throws<AlignmentException>(() => Plan(None, [EventPattern.Parse(pattern)!], first, second));
        Assert.Equal(message, $"log {e.Log}: {e.Message}");
    }

    [Fact]
    public void A_time_before_zero_is_refused_with_how_far_before()
    {
        AlignmentException e = Assert.Throws<AlignmentException>(() => Plan(new Dictionary<int, long> { [1] = -4_000_000_000 }, [], First, Second));
        Assert.Equal((2, "its first event would be 1.000000000 s before zero"), (e.Log, e.Message));
    }

    [Theory]
    [InlineData("")]
    [InlineData(":sync")]
    public void A_pattern_without_a_name_is_none(string text) => Assert.Null(EventPattern.Parse(text));

    private static MergePlan Plan(Dictionary<int, long> offsets, EventPattern[] common, params string[] texts) =>
        MergePlan.Make([.. texts.Select((text, i) => new FileLog($"{i}", TraceFile.Open(new MemoryStream(Encoding.UTF8.GetBytes(text + "\n")))))], offsets, common);

    private static string[] Events(PlacedLog log)
    {
        var lines = new Lines();
        log.Send(lines);
        return [.. lines.All];
    }

    private sealed class Lines : ITraceEventSink
    {
        public List<string> All { get; } = [];

        public void Write(in TraceEvent next)
        {
            TraceEvent shown = next;
            IEnumerable<ulong> numbers = next.Type.Name switch
            {
                "sched_switch" => Enumerable.Range(0, 5).Select(i => shown.Number(i)),
                "sched_waking" => Enumerable.Range(0, 3).Select(i => shown.Number(i)),
                "ipi_raise" => [shown.Number(0)],
                _ => [],
            };
            All.Add($"{next.Nanoseconds} [{next.Cpu}] {next.Comm}-{next.Pid} {next.Type.Name} {string.Join(',', numbers)}".TrimEnd());
        }

        public void Lost(int cpu, ulong nanoseconds, ulong count) => All.Add($"lost {cpu} {count}");
    }
}
