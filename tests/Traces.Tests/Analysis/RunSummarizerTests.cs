using ActorTrace.Machine.Values;
using ActorTrace.Traces.Analysis;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Tests.Formats;
using Xunit;
using static ActorTrace.Traces.Tests.Formats.MemorySource;

namespace ActorTrace.Traces.Tests.Analysis;

public sealed class RunSummarizerTests
{
    private static readonly TaskReference Idle = new(0, "", 120);
    private static readonly TaskReference High = new(2001, "high", 5);
    private static readonly TaskReference Low = new(2002, "low", 9);

    [Fact]
    public void Preempted_pieces_of_a_job_are_added_and_waiting_is_left_out()
    {
        MemorySource source = new MemorySource().AddLane(
            1,
            Wakeup(1, 95, Idle, Low),
            Switch(1, 100, Idle, 0, Low),
            Wakeup(1, 130, Low, High),
            Switch(1, 130, Low, 0, High),
            Switch(1, 150, High, 1, Low),
            Switch(1, 160, Low, 1, Idle),
            Switch(1, 200, Idle, 0, Low),
            Switch(1, 220, Low, 1, Idle))
            .Add(StreamNames.Control, new RunEndRecord(default, new VirtualInstant(300), "completed", 42));

        RunSummary summary = RunSummarizer.Summarize(source);

        Assert.Equal(
            [
                new TaskSummary(1, 0, "", 2, 120, 0.6, 0, 0, 0, 0),
                new TaskSummary(1, 2001, "high", 1, 20, 0.1, 1, 20, 20, 20),
                new TaskSummary(1, 2002, "low", 3, 60, 0.3, 2, 20, 30, 40),
            ],
            summary.Tasks);
        Assert.Equal(new CpuSummary(1, "rtos", 8, 6, 0, 200, 80), summary.Cpus[1]);
        Assert.Equal(0.4, summary.Cpus[1].Load);
        Assert.Equal((300ul, "completed", 42ul), (summary.Nanoseconds, summary.EndReason, summary.Instructions));
    }

    [Fact]
    public void A_job_whose_begin_was_not_seen_is_not_counted()
    {
        MemorySource source = new MemorySource().AddLane(
            1, Switch(1, 10, High, 0, Low), Switch(1, 50, Low, 1, High), Switch(1, 60, High, 1, Idle), Switch(1, 80, Idle, 0, High), Switch(1, 87, High, 1, Idle));

        RunSummary summary = RunSummarizer.Summarize(source);

        Assert.Equal(0ul, summary.Tasks.Single(task => task.Pid == Low.Pid).Jobs);
        TaskSummary high = summary.Tasks.Single(task => task.Pid == High.Pid);
        Assert.Equal((1ul, 7ul, 17ul), (high.Jobs, high.MaxNanoseconds, high.Cycles));
    }

    [Fact]
    public void A_loss_ends_what_is_known()
    {
        MemorySource source = new MemorySource().AddLane(
            1, Wakeup(1, 0, Idle, Low), Switch(1, 10, Idle, 0, Low), Lost(1, 500, 4), Switch(1, 500, Low, 1, Idle), Wakeup(1, 510, Idle, High), Switch(1, 510, Idle, 0, High), Switch(1, 515, High, 1, Idle));

        RunSummary summary = RunSummarizer.Summarize(source);

        Assert.Equal(new CpuSummary(1, "rtos", 6, 4, 4, 15, 5), summary.Cpus[1]);
        Assert.Equal((0ul, 0ul), (summary.Tasks.Single(t => t.Pid == Low.Pid).Jobs, summary.Tasks.Single(t => t.Pid == Low.Pid).Cycles));
        Assert.Equal(1ul, summary.Tasks.Single(t => t.Pid == High.Pid).Jobs);
        Assert.Equal(4ul, summary.Lost);
    }

    [Fact]
    public void Steps_and_charges_are_added_by_core()
    {
        MemorySource source = new MemorySource()
            .Add(StreamNames.Core(1), Step(StepKind.Trap, CostCategory.TrapEntry, 10, 30), Step(StepKind.DisplacedInstruction, CostCategory.None, 30, 31), Step(StepKind.SgiSend, CostCategory.SgiSend, 31, 40))
            .Add(StreamNames.Core(0), Step(StepKind.Injection, CostCategory.Injection, 50, 55), Step(StepKind.Trap, CostCategory.TrapEntry, 55, 60))
            .Add(StreamNames.Control, Counts(overrun: 1), Counts(overrun: 2), new ControlRecord(default, default, "enable", "1", "ok"));

        RunSummary summary = RunSummarizer.Summarize(source);

        Assert.Equal((1ul, 1ul, 1ul), (summary.Hits, summary.Ipis, summary.Injections));
        Assert.Equal(60ul, summary.End.Cycles);
        Assert.Null(summary.EndReason);
        Assert.Equal([(CostCategory.TrapEntry, 20ul), (CostCategory.SgiSend, 9ul)], summary.Cores[1].Cycles.Select(c => (c.Key, c.Value)));
        Assert.Equal((10ul, 29ul), (summary.Cores[0].TotalCycles, summary.Cores[1].TotalCycles));
        Assert.Equal([true, false], summary.Probes.Select(probe => probe.Balances));
        Assert.False(summary.Balances);
        Assert.Equal("enable", Assert.Single(summary.Commands).File);
    }

    [Fact]
    public void An_empty_run_has_a_summary()
    {
        RunSummary summary = RunSummarizer.Summarize(new MemorySource());

        Assert.Empty(summary.Tasks);
        Assert.True(summary.Balances);
        Assert.Equal(0, summary.Cpus[0].Load);
    }

    private static StepRecord Step(StepKind kind, CostCategory category, ulong start, ulong end) => new(
        default, kind, category, new VirtualInstant(start), new VirtualInstant(end), new CoreId(1), Rtos, 0, 0, 0);

    private static ProbeCountsRecord Counts(ulong overrun) => new(default, 1, Rtos, 1, "OSCtxSw", "armed", 10, 2, 1, overrun, 6, 6, 0);
}
