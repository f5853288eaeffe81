using ActorTrace.Machine.Values;
using ActorTrace.Traces.Analysis.Twins;
using ActorTrace.Traces.Events;
using CsCheck;
using Xunit;

namespace ActorTrace.Traces.Tests.Analysis.Twins;

public sealed class TaskShiftTests
{
    private static readonly TaskReference Idle = new(0, "idle", 120);
    private static readonly TaskReference Task = new(7, "task", 10);

    [Fact]
    public void A_shift_is_that_of_the_same_job()
    {
        TaskShift shift = TaskShift.Compare(Jobs((100, 10), (200, 20)), Jobs((100, 10), (205, 27), (300, 1)), deadline: 25);
        Assert.Equal((2, 3), (shift.UntracedJobs, shift.TracedJobs));
        Assert.Equal((0L, 7L), (shift.Execution.Min, shift.Execution.Max));
        Assert.Equal((0L, 7L), (shift.Response.Min, shift.Response.Max));
        Assert.Equal((0L, 12L), (shift.Completion.Min, shift.Completion.Max));
        Assert.Equal(new DeadlineShift(25, 2, 0, 1, 1, 1), shift.Deadline);
    }

    [Fact]
    public void A_job_whose_begin_was_not_seen_counts_for_completion_only()
    {
        TaskHistory cut = Jobs(wakes: false, (100, 10), (200, 20));
        TaskShift shift = TaskShift.Compare(cut, cut, deadline: null);
        Assert.Equal((2, 1), (shift.Completion.Count, shift.Response.Count));
    }

    [Fact]
    public void The_figures_are_those_of_sorting_and_counting()
    {
        Gen.Long[-5_000, 5_000].Array[1, 60].Sample(shifts =>
        {
            ShiftFigures figures = ShiftFigures.Of(shifts);
            long AtLeast(int percent) => shifts.Where(value => shifts.Count(other => other <= value) * 100 >= shifts.Length * percent).Min();
            Assert.Equal(
                (shifts.Length, shifts.Count(s => s != 0), shifts.Min(), shifts.Sum(), AtLeast(50), AtLeast(99), shifts.Max()),
                (figures.Count, figures.Changed, figures.Min, figures.Sum, figures.P50, figures.P99, figures.Max));
            Assert.All(figures.Bins, bin => Assert.Equal(shifts.Count(s => s >= bin.From && s < bin.To), bin.Count));
            Assert.Equal(shifts.Length, figures.Bins.Sum(bin => bin.Count));
        });
    }

    private static TaskHistory Jobs(params (ulong At, ulong Length)[] jobs) => Jobs(wakes: true, jobs);

    private static TaskHistory Jobs(bool wakes, params (ulong At, ulong Length)[] jobs)
    {
        var history = new GuestHistory("guest", new VcpuId(new GuestId(0), 0), new CoreId(0));
        foreach ((ulong at, ulong length) in jobs)
        {
            if (wakes)
            {
                history.Wake(new VirtualInstant(at), Task);
            }

            history.Switch(Reading(at), Idle, 0, Task);
            history.Switch(Reading(at + length), Task, 1, Idle);
        }

        return Assert.Single(history.Tasks);
    }

    private static CoreReading Reading(ulong at) => new(new VirtualInstant(at), 0, 0, 0);
}
