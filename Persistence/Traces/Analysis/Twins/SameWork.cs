namespace ActorTrace.Traces.Analysis.Twins;

/// <summary>
/// How long both twins took to the same point of the guest's work, and what the difference consists of. Instructions that the traced
/// guest executes beyond the other (ticks that fell into the added time, rounds of its idle loop) are a cause of their own, counted.
/// </summary>
/// <param name="Task">The task whose job the point is the completion of.</param>
/// <param name="Job">The number of the job, from 0.</param>
/// <param name="Untraced">The account of the core in the untraced twin at that point.</param>
/// <param name="Traced">The same in the traced twin.</param>
/// <param name="Causes">What the difference consists of.</param>
public sealed record SameWork(string Task, int Job, CycleAccount Untraced, CycleAccount Traced, IReadOnlyList<CauseShift> Causes)
{
    /// <summary>How much later the traced twin was there, cycles.</summary>
    public long Difference => TaskShift.Shift(Untraced.At, Traced.At);

    /// <summary>The causes added up.</summary>
    public long Explained => Causes.Sum(cause => cause.Added);

    /// <summary>Instructions of the traced guest beyond the other.</summary>
    public long AddedInstructions => TaskShift.Shift(Untraced.Instructions, Traced.Instructions);

    /// <summary>The latest point that both twins reached: of the jobs that both completed the one completed last untraced. Null where there is none.</summary>
    public static SameWork? Latest(TwinRun untraced, TwinRun traced, GuestHistory first, GuestHistory second)
    {
        (TaskHistory Task, int Job)? latest = null;
        ulong at = 0;
        foreach (TaskHistory task in first.Tasks)
        {
            int both = Math.Min(task.Jobs.Count, second.Tasks.FirstOrDefault(other => other.Pid == task.Pid)?.Jobs.Count ?? 0);
            if (both > 0 && task.Jobs[both - 1].Completed.At.Cycles >= at)
            {
                (latest, at) = ((task, both - 1), task.Jobs[both - 1].Completed.At.Cycles);
            }
        }

        if (latest is not { } point)
        {
            return null;
        }

        CycleAccount off = CycleAccount.Of(untraced.Source, first.Core, point.Task.Jobs[point.Job].Completed);
        CycleAccount on = CycleAccount.Of(traced.Source, second.Core, second.Tasks.First(t => t.Pid == point.Task.Pid).Jobs[point.Job].Completed);
        return new SameWork(point.Task.Comm, point.Job, off, on, CauseShift.Compare(off, on));
    }
}
