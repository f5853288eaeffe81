using ActorTrace.Machine.Values;
using ActorTrace.Traces.Analysis.Report;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Tests.Formats;
using Xunit;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Analysis.Report;

/// <summary>Small runs whose figures can be told by looking. One cycle is one nanosecond.</summary>
public sealed class ReporterTests
{
    private static readonly TaskReference Idle = new(0, "", 120);
    private static readonly TaskReference High = new(2001, "high", 5);
    private static readonly TaskReference Low = new(2002, "low", 9);

    [Fact]
    public void The_parts_of_a_job_add_up_to_its_response_time()
    {
        // low: released 100, runs 110..130, high runs until 150, low until 160, blocked until 190, waits until 195, done at 200.
        TaskReport low = Task(Low, Report(
            Switch(1, 90, High, 1, Idle), Wakeup(1, 100, Idle, Low), Switch(1, 110, Idle, 0, Low), Wakeup(1, 130, Low, High), Switch(1, 130, Low, 0, High),
            Switch(1, 150, High, 1, Low), Switch(1, 160, Low, 2, Idle), Wakeup(1, 190, Idle, Low), Switch(1, 195, Idle, 0, Low), Switch(1, 200, Low, 1, Idle)));

        Assert.Equal(1ul, low.Jobs);
        Assert.Equal((100ul, 35ul, 25ul, 30ul), (low.Response.Max, low.Execution.Max, low.Preemption.Max, low.Blocking.Max));
        Assert.Equal((10ul, 5ul), (low.Latency.Max, low.Latency.Min));
        Assert.Equal(low.Response.Max, low.Latency.Max + low.Execution.Max + low.Preemption.Max + low.Blocking.Max);
    }

    [Fact]
    public void Waiting_for_a_lower_task_is_blocking_and_an_inversion()
    {
        TraceReport report = Report(
            Wakeup(1, 0, Idle, High), Switch(1, 0, Idle, 0, High), Switch(1, 10, High, 0, Low), Switch(1, 70, Low, 0, High), Switch(1, 80, High, 1, Low), Switch(1, 99, Low, 1, Idle));

        Inversion inversion = Assert.Single(report.Inversions.Longest);
        Assert.Equal((1, 10ul, 60ul), (inversion.Cpu, inversion.From, inversion.Nanoseconds));
        Assert.Equal(new TaskName(High.Pid, "high", 5), inversion.Victim);
        Assert.Equal(new TaskName(Low.Pid, "low", 9), inversion.Culprit);

        Assert.Equal((60ul, 0ul), (Task(High, report).Blocking.Max, Task(High, report).Preemption.Max));

        // The begin of the low task's job was not seen: no figure, but its wait.
        Assert.Equal((0ul, 1ul, 10ul), (Task(Low, report).Jobs, Task(Low, report).CutByWindow, Task(Low, report).PreemptedWait.Max));
    }

    [Fact]
    public void Among_normal_tasks_none_is_lower()
    {
        TaskReference nice = new(3, "nice", 139);
        TaskReference normal = new(4, "normal", 120);

        TraceReport report = Report(Switch(1, 0, Idle, 0, normal), Switch(1, 10, normal, 0, nice), Switch(1, 70, nice, 1, normal), Switch(1, 80, normal, 1, Idle));

        Assert.Equal(0ul, report.Inversions.Durations.Count);
        Assert.Equal(0ul, Task(normal, report).Blocking.Count);
    }

    [Fact]
    public void The_period_is_found_though_one_release_is_late_and_one_is_missing()
    {
        ulong[] releases = [0, 1000, 2010, 3000, 4000, 6000, 7000, 8700, 9000, 10_000, 11_000, 12_000];

        TaskReport low = Task(Low, Report([.. releases.SelectMany(Job)]));

        // 3000, 4000, 2010 - 1000, ..: all but 7000 to 8700 and 8700 to 9000 fit a period of 1000; 4000 to 6000 are two.
        Assert.Equal(1000ul, low.Period);
        Assert.Equal(11ul, low.Jitter.Count);
        Assert.Equal((0ul, 0ul, 700ul), (low.Jitter.Min, low.Jitter.P50, low.Jitter.Max));
    }

    [Fact]
    public void Random_releases_have_no_period()
    {
        ulong[] gaps = [100, 5000, 900, 300, 12_000, 80, 2500, 40, 7000, 600, 20_000, 1500];
        ulong at = 0;

        TaskReport low = Task(Low, Report([.. gaps.SelectMany(gap => Job(at += gap + 20))]));

        Assert.Null(low.Period);
        Assert.Equal(Distribution.None, low.Jitter);
        Assert.Equal(12ul, low.Jobs);
    }

    [Fact]
    public void Deadlines_are_judged_by_name_or_pid_and_the_latest_are_kept()
    {
        var deadlines = new Dictionary<string, ulong>(StringComparer.Ordinal) { ["low"] = 15, ["2001"] = 100 };
        TaskReference other = new(7, "other", 3);

        TraceReport report = Reporter.OfRun(
            new MemorySource().AddLane(
                1, [
                    .. Job(0), .. Job(100), Wakeup(1, 200, Idle, Low), Switch(1, 200, Idle, 0, Low), Switch(1, 215, Low, 1, Idle), Wakeup(1, 300, Idle, Low),
                    Switch(1, 301, Idle, 0, Low), Switch(1, 340, Low, 1, High), Switch(1, 350, High, 1, Idle), Wakeup(1, 400, Idle, Low), Wakeup(1, 470, Idle, other),
                ]),
            ReportOptions.Everything with { Deadlines = deadlines });

        DeadlineReport low = Task(Low, report).Deadline!;
        Assert.Equal((15ul, 5ul, 2ul), (low.Deadline, low.Checked, low.Misses));
        Assert.Equal([new DeadlineMiss(400, null, 70, 55), new DeadlineMiss(300, 340, 40, 25)], low.Worst);
        Assert.Equal((100ul, 0ul), (Task(High, report).Deadline!.Deadline, Task(High, report).Deadline!.Misses));
        Assert.Null(Task(other, report).Deadline);
    }

    [Fact]
    public void A_window_counts_what_begins_and_ends_in_it()
    {
        MemorySource source = new MemorySource().AddLane(
            1, [.. Job(100), .. Job(200), Wakeup(1, 300, Idle, Low), Switch(1, 300, Idle, 0, Low), Switch(1, 350, Low, 1, Idle), .. Job(400), .. Job(500)]);

        TraceReport report = Reporter.OfRun(source, ReportOptions.Everything with { From = 105, Until = 340 });

        // Of the job at 100 half is before; that at 300 ends behind. 5 of the first, 10 of the second, 40 of the third run inside.
        TaskReport low = Task(Low, report);
        Assert.Equal((1ul, 2ul, 55ul), (low.Jobs, low.CutByWindow, low.RunTime));
        Assert.Equal((235ul, 55ul), (report.Cpus[1].Observed, report.Cpus[1].Busy));
        Assert.Equal((105ul, 340ul), (report.From, report.Until));
        Assert.Equal(2ul, low.Runs);
    }

    [Fact]
    public void A_loss_leaves_the_job_out_that_it_cuts_and_says_so()
    {
        TraceReport report = Report(
            [.. Job(0), Wakeup(1, 100, Idle, Low), Switch(1, 100, Idle, 0, Low), Lost(1, 500, 4), Switch(1, 500, Low, 1, Idle), .. Job(600)]);

        TaskReport low = Task(Low, report);
        Assert.Equal((2ul, 1ul, 0ul), (low.Jobs, low.CutByLoss, low.CutByWindow));
        Assert.Equal((20ul, 1ul), (low.RunTime, report.LeftOut));
        Assert.Equal((4ul, 1ul, 4ul), (report.Cpus[1].Lost, report.Cpus[1].Gaps, report.Lost));
    }

    [Fact]
    public void Switches_that_contradict_each_other_are_a_gap()
    {
        TraceReport report = Report(Switch(1, 0, Idle, 0, Low), Switch(1, 50, High, 1, Idle), Switch(1, 70, Idle, 0, High));

        Assert.Equal((1ul, 0ul, 20ul, 0ul), (report.Cpus[1].Gaps, report.Cpus[1].Lost, report.Cpus[1].Observed, report.Cpus[1].Busy));
    }

    [Fact]
    public void Nested_interrupts_are_one_stretch_with_interrupts_off()
    {
        TraceReport report = Report(Irq(10, 64, entry: true), Irq(14, 27, entry: true), Irq(20, 27, entry: false), Irq(25, 64, entry: false), Irq(40, 27, entry: true));

        Assert.Equal([new InterruptStretch(1, 10, 15, 64, "irq64")], report.Interrupts.Longest);
        Assert.Equal(1ul, report.Interrupts.Durations.Count);
    }

    [Fact]
    public void Beyond_what_is_kept_percentiles_are_right_to_a_thousandth()
    {
        const ulong Jobs = 50_000;
        var records = new List<TraceRecord>();
        for (ulong i = 1; i <= Jobs; i++)
        {
            // Execution times 1, 2, .. 50000, in an order that has nothing to do with their size.
            ulong work = (i * 7919 % Jobs) + 1;
            ulong at = i * 100_000;
            records.AddRange([Wakeup(1, at, Idle, Low), Switch(1, at, Idle, 0, Low), Switch(1, at + work, Low, 1, Idle)]);
        }

        Distribution execution = Task(Low, Report([.. records])).Execution;

        Assert.False(execution.IsExact);
        Assert.Equal((Jobs, 1ul, 25_000ul, Jobs), (execution.Count, execution.Min, execution.Mean, execution.Max));
        Assert.InRange(execution.P50, 25_000ul, 25_025ul);
        Assert.InRange(execution.P99, 49_500ul, 49_550ul);
        Assert.Equal(Jobs, execution.Bins.Aggregate(0ul, (sum, bin) => sum + bin.Count));
    }

    [Fact]
    public void The_shares_of_a_core_are_all_of_its_time()
    {
        TraceReport report = Reporter.OfRun(
            new MemorySource()
                .Add(StreamNames.Core(1), Step(StepKind.VcpuSwitch, 0, 5), Step(StepKind.Resume, 5, 10), Trap(60, 70, 0x4A00_0012), Step(StepKind.Hypercall, 70, 75, 18), Step(StepKind.Resume, 75, 80), Trap(120, 125, 0), Step(StepKind.Resume, 125, 130))
                .AddLane(1, Switch(1, 30, Idle, 0, Low), Switch(1, 60, Low, 1, Idle)),
            ReportOptions.Everything);

        // From 5, when the first vCPU is on the core.
        HypervisorReport hypervisor = report.Hypervisor!;
        Assert.Equal(new CoreReport(new CoreId(1), 125, 35, 30, 40, 20), hypervisor.Cores[1]);
        Assert.Equal([("HVC", 1ul, 20ul), ("IRQ", 1ul, 10ul)], hypervisor.Traps.Select(trap => (trap.Cause, trap.Count, trap.Cycles)));
        Assert.Equal([new HypercallReport(new CoreId(1), 18, 1, 5)], hypervisor.Hypercalls);
        Assert.Equal([(60ul, 20ul), (120ul, 10ul)], hypervisor.Longest.Select(stretch => (stretch.From, stretch.Nanoseconds)));
    }

    [Fact]
    public void Of_a_hit_that_leads_to_several_records_the_way_to_the_buffer_counts_once()
    {
        Stamp hit = new(new VirtualInstant(30), new SourceId(1), 1);
        TraceReport report = Reporter.OfRun(
            new MemorySource()
                .Add(StreamNames.Core(1), Step(StepKind.SgiSend, 40, 45, 1) with { Cause = hit, Detail2 = 0 }, Step(StepKind.SgiSend, 50, 55, 1) with { Detail2 = 0 })
                .Add(StreamNames.Core(0), OnCore0(Step(StepKind.SgiTake, 60, 61, 1) with { Detail2 = 1 }), OnCore0(Step(StepKind.Injection, 61, 62) with { Cause = hit }))
                .AddLane(1, Wakeup(1, 30, Idle, Low) with { Cause = hit, BufferedAt = new VirtualInstant(70) }, Switch(1, 30, Idle, 0, Low) with { Cause = hit, BufferedAt = new VirtualInstant(71) }),
            ReportOptions.Everything);

        LaneReport lane = Assert.Single(report.Hypervisor!.Lanes);
        Assert.Equal((1, "rtos", 1ul, 40ul), (lane.Lane, lane.Guest, lane.HitToBuffer.Count, lane.HitToBuffer.Max));
        IpiReport ipi = Assert.Single(report.Hypervisor.Ipis);
        Assert.Equal((1, 0, 1ul, 15ul, 1ul), (ipi.From.Index, ipi.To.Index, ipi.Latency.Count, ipi.Latency.Max, ipi.Unmatched));
    }

    [Fact]
    public void An_empty_run_has_a_report()
    {
        TraceReport report = Report();

        Assert.Empty(report.Tasks);
        Assert.Null(report.Hypervisor);
        Assert.Equal((0ul, 0ul, 0ul), (report.From, report.Until, report.Events));
        Assert.Equal(["android", "rtos"], report.Cpus.Select(cpu => cpu.Guest), StringComparer.Ordinal);
    }

    private static TraceReport Report(params TraceRecord[] records) => Reporter.OfRun(new MemorySource().AddLane(1, records), ReportOptions.Everything);

    private static TaskReport Task(TaskReference task, TraceReport report) => report.Tasks.Single(seen => seen.Pid == task.Pid);

    /// <summary>A job of the low task: released, and 10 ns of work.</summary>
    private static TraceRecord[] Job(ulong at) => [Wakeup(1, at, Idle, Low), Switch(1, at, Idle, 0, Low), Switch(1, at + 10, Low, 1, Idle)];

    private static IrqRecord Irq(ulong at, int irq, bool entry) =>
        new(default, new VirtualInstant(at), new VirtualInstant(at), Rtos, new CoreId(1), Idle, irq, $"irq{irq}", entry);

    private static StepRecord Trap(ulong start, ulong end, uint syndrome) => Step(StepKind.Trap, start, end, syndrome);

    private static StepRecord Step(StepKind kind, ulong start, ulong end, ulong detail = 0) => new(
        default, kind, CostCategory.None, new VirtualInstant(start), new VirtualInstant(end), new CoreId(1), Rtos, 0, detail, 0);

    private static StepRecord OnCore0(StepRecord step) => step with { Core = new CoreId(0), Vcpu = Gpos };
}
