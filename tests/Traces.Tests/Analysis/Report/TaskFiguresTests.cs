using ActorTrace.Traces.Analysis.Report;
using ActorTrace.Traces.Tests.Formats;
using Xunit;

namespace ActorTrace.Traces.Tests.Analysis.Report;

/// <summary>Whatever a scheduler does, the figures of the one pass are those of the definitions.</summary>
public sealed class TaskFiguresTests
{
    [Fact]
    public void Figures_of_tasks_that_move_between_cpus_are_those_of_the_definitions() =>
        AnySchedule.Sample(source => Compare(source), iterations: 150, Habits.Move | Habits.ShowPreempted);

    [Fact]
    public void Nothing_across_a_loss_is_counted() =>
        AnySchedule.Sample(source => Compare(source), iterations: 150, Habits.Lose | Habits.ShowPreempted);

    private static void Compare(MemorySource source)
    {
        TraceReport report = Reporter.OfRun(source, ReportOptions.Everything);
        var reference = new ReferenceReport(source);
        Assert.Equal(reference.Last, report.Until);
        Assert.Equal(reference.Pids.Order(), report.Tasks.Select(task => task.Pid).Order());
        foreach (TaskReport task in report.Tasks)
        {
            CompareTask(task, reference);
        }

        foreach (CpuReport cpu in report.Cpus)
        {
            Run[] runs = [.. reference.Runs.Where(run => run.Cpu == cpu.Cpu && !run.IsCut)];
            Assert.Equal(Total(runs, reference.Last), cpu.Observed);
            Assert.Equal(Total(runs.Where(run => run.Pid != 0), reference.Last), cpu.Busy);
        }

        var inversions = Enumerable.Range(0, 2).SelectMany(reference.Inversions).ToList();
        Same(inversions.Select(inversion => inversion.Length), report.Inversions.Durations);
        Assert.Equal(
            inversions.Select(inversion => inversion.Length).OrderDescending().Take(10),
            report.Inversions.Longest.Select(inversion => inversion.Nanoseconds));
    }

    /// <summary>Compares the figures of one task.</summary>
    internal static void CompareTask(TaskReport task, ReferenceReport reference)
    {
        ReferenceJob[] jobs = [.. reference.Jobs(task.Pid)];
        Assert.Equal((ulong)jobs.Length, task.Jobs);
        Same(jobs.Select(job => job.Execution), task.Execution);
        Same(jobs.Select(job => job.Preemption), task.Preemption);
        Same(jobs.Select(job => job.Blocking), task.Blocking);
        Same(jobs.Where(job => job.IsReleased).Select(job => job.Ended - job.Began), task.Response);
        CpuWait[] waits = [.. reference.Waits.Where(wait => wait.Pid == task.Pid && !wait.IsCut)];
        Same(waits.Where(wait => wait.Woken).Select(wait => wait.To - wait.From), task.Latency);
        Same(waits.Where(wait => !wait.Woken).Select(wait => wait.To - wait.From), task.PreemptedWait);
        Assert.Equal(Total(reference.Runs.Where(run => run.Pid == task.Pid && !run.IsCut), reference.Last), task.RunTime);
    }

    private static void Same(IEnumerable<ulong> expected, Distribution actual)
    {
        ulong[] sorted = [.. expected.Order()];
        Assert.Equal((ulong)sorted.Length, actual.Count);
        Assert.True(actual.IsExact);
        Assert.Equal(actual.Count, actual.Bins.Aggregate(0ul, (sum, bin) => sum + bin.Count));
        if (sorted.Length == 0)
        {
            Assert.Equal(Distribution.None, actual);
            return;
        }

        ulong sum = sorted.Aggregate(0ul, (total, value) => total + value);
        Assert.Equal(
            (sorted[0], sum / actual.Count, sorted[(int)Math.Ceiling(sorted.Length * 0.5) - 1], sorted[(int)Math.Ceiling(sorted.Length * 0.99) - 1], sorted[^1]),
            (actual.Min, actual.Mean, actual.P50, actual.P99, actual.Max));
        Assert.All(actual.Bins, bin => Assert.Equal((ulong)sorted.Count(value => value >= bin.From && value < bin.To), bin.Count));
    }

    private static ulong Total(IEnumerable<Run> runs, ulong last) =>
        runs.Aggregate(0ul, (sum, run) => sum + Math.Min(run.To, last) - run.From);
}
