using ActorTrace.Actors.Guests.Workload;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using CsCheck;

namespace ActorTrace.Actors.Tests.Workload;

public sealed class ModelledScheduleTests
{
    private const ulong Slice = 40;
    private static readonly TaskReference Idle = new(0, "swapper/0", 120);
    private static readonly TaskReference Shell = new(300, "sh", 100);

    private static readonly Gen<TaskSpec[]> Tasks =
        Gen.Select(Gen.Int[0, 5], Gen.Int[100, 103], Gen.ULong[1, 200], Gen.ULong[0, 200], Gen.ULong[0, 60])
            .Array[1, 5]
            .Select(parts => parts.Select((p, i) => Task(
                i + 1, p.Item2, p.Item1 == 0 ? TaskBehaviour.CpuBound : p.Item1 == 1 ? TaskBehaviour.Once : TaskBehaviour.Periodic, p.Item3, p.Item4, p.Item5))
                .ToArray());

    [Fact]
    public void The_chain_of_switches_has_no_break_and_the_most_urgent_runnable_task_runs() => Tasks.Sample(tasks =>
    {
        Dictionary<int, ulong> pending = [];
        int running = 0;
        foreach (Happening happening in Run(tasks, 3000, []))
        {
            if (happening.Made is { } made)
            {
                Assert.Equal(running, made.Previous.Pid);
                Assert.NotEqual(made.Previous.Pid, made.Next.Pid);
                running = made.Next.Pid;
            }

            foreach (TaskSpec task in tasks)
            {
                pending[task.Pid] = Released(task, happening.At) - Math.Min(Released(task, happening.At), happening.Executed.GetValueOrDefault(task.Pid));
            }

            TaskSpec[] runnable = [.. tasks.Where(t => pending[t.Pid] > 0)];
            if (runnable.Length == 0)
            {
                Assert.Equal(0, running);
            }
            else
            {
                Assert.Equal(runnable.Min(t => t.Priority), tasks.Single(t => t.Pid == running).Priority);
            }
        }
    });

    [Fact]
    public void What_happens_does_not_depend_on_how_often_the_scheduler_is_asked() =>
        Gen.Select(Tasks, Gen.ULong[0, 3000].Array[20]).Sample(input => Assert.Equal(
            Run(input.Item1, 3000, []).Where(h => h.Made is not null).Select(h => (h.At, h.Made)),
            Run(input.Item1, 3000, input.Item2).Where(h => h.Made is not null).Select(h => (h.At, h.Made))));

    [Fact]
    public void Tasks_of_one_priority_take_turns_even_where_a_more_urgent_one_keeps_interrupting()
    {
        TaskSpec[] tasks =
        [
            Task(1, 120, TaskBehaviour.CpuBound, 0, 0, 0), Task(2, 120, TaskBehaviour.CpuBound, 0, 0, 0),
            Task(3, 110, TaskBehaviour.Periodic, 30, 0, 1),
        ];
        Dictionary<int, ulong> executed = Run(tasks, 40_000, []).Last().Executed;
        Assert.InRange((long)executed[1] - (long)executed[2], -(long)Slice, (long)Slice);
    }

    [Fact]
    public void A_task_that_sleeps_leaves_with_state_1_and_a_preempted_one_with_0()
    {
        TaskSpec[] tasks = [Task(1, 120, TaskBehaviour.Once, 0, 0, 30), Task(2, 110, TaskBehaviour.Once, 0, 10, 5)];
        Assert.Equal(
            [(0UL, 0, 0u, 1), (10UL, 1, 0u, 2), (15UL, 2, 1u, 1), (35UL, 1, 1u, 0)],
            Run(tasks, 100, []).Where(h => h.Made is not null)
                .Select(h => (h.At.Cycles, h.Made!.Value.Previous.Pid, h.Made.Value.PreviousState, h.Made.Value.Next.Pid)));
    }

    [Fact]
    public void Work_that_is_released_before_the_last_is_done_is_added_without_a_wake_up()
    {
        List<Happening> happened = Run([Task(1, 120, TaskBehaviour.Periodic, 10, 0, 15)], 100, []);
        Assert.Single(happened.SelectMany(h => h.Woken));
        Assert.Equal(100UL, happened.Last().Executed[1]);
    }

    [Fact]
    public void A_release_at_the_instant_the_work_ends_goes_on_without_a_switch()
    {
        List<Happening> happened = Run([Task(1, 120, TaskBehaviour.Periodic, 10, 0, 10)], 100, []);
        Assert.Single(happened, h => h.Made is not null);
    }

    private static TaskSpec Task(int pid, int priority, TaskBehaviour behaviour, ulong period, ulong offset, ulong work) =>
        new("t", pid, priority, behaviour, period, offset, work);

    /// <summary>Work that the task has been given until an instant.</summary>
    private static ulong Released(TaskSpec task, VirtualInstant at)
    {
        if (at.Cycles < task.OffsetCycles)
        {
            return 0;
        }

        return task.Behaviour switch
        {
            TaskBehaviour.CpuBound => ulong.MaxValue,
            TaskBehaviour.Once => task.WorkCycles,
            _ => (((at.Cycles - task.OffsetCycles) / task.PeriodCycles) + 1) * task.WorkCycles,
        };
    }

    /// <summary>Runs tasks without any cost; every decision is a happening.</summary>
    private static List<Happening> Run(TaskSpec[] tasks, ulong until, ulong[] questions)
    {
        ModelledSchedule schedule = new(tasks, Idle, Shell, Slice, wakeLatency: 0);
        VirtualInstant now = VirtualInstant.Zero;
        Queue<ulong> extra = new(questions.Order());
        Dictionary<int, ulong> executed = [];
        List<Happening> happened = [];
        while (true)
        {
            List<TaskReference> woken = [];
            TaskSwitch? made = schedule.Decide(now, woken);
            happened.Add(new Happening(now, made, woken, new Dictionary<int, ulong>(executed)));
            if (now.Cycles >= until)
            {
                return happened;
            }

            VirtualInstant next = VirtualInstant.Min(schedule.NextDecision(now), new VirtualInstant(until));
            while (extra.TryPeek(out ulong question) && question <= now.Cycles)
            {
                extra.Dequeue();
            }

            next = extra.TryPeek(out ulong asked) ? VirtualInstant.Min(next, new VirtualInstant(asked)) : next;
            schedule.Worked(next - now);
            executed[schedule.Current.Pid] = executed.GetValueOrDefault(schedule.Current.Pid) + (next - now);
            now = next;
        }
    }

    private sealed record Happening(VirtualInstant At, TaskSwitch? Made, List<TaskReference> Woken, Dictionary<int, ulong> Executed);
}
