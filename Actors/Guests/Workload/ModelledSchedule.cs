using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>
/// The scheduler of modelled tasks: the runnable task with the smallest priority number runs; tasks of one priority take turns
/// with a time slice; a task that becomes runnable preempts one with a larger number when the kernel gets from waking it to scheduling.
/// </summary>
internal sealed class ModelledSchedule : ISchedule
{
    private const uint Preempted = 0;
    private const uint Sleeping = 1;
    private readonly ModelledTask[] tasks;
    private readonly ModelledTask idle;
    private readonly ModelledTask controller;
    private readonly ulong slice;
    private readonly ulong wakeLatency;
    private ModelledTask current;
    private ulong lastOrder;
    private VirtualInstant reschedule = VirtualInstant.Never;

    /// <summary>Creates the scheduler; the idle task runs.</summary>
    /// <param name="specifications">The tasks.</param>
    /// <param name="idle">The idle task.</param>
    /// <param name="controller">The task that writes to the control files.</param>
    /// <param name="slice">Cycles that a task may run while others of its priority wait.</param>
    /// <param name="wakeLatency">Cycles from a wake-up until the scheduler looks at it; the task that runs goes on meanwhile.</param>
    public ModelledSchedule(
        IReadOnlyList<TaskSpec> specifications, TaskReference idle, TaskReference controller, ulong slice, ulong wakeLatency)
    {
        this.wakeLatency = wakeLatency;
        this.idle = new ModelledTask(idle);
        this.controller = new ModelledTask(controller);
        tasks = [.. specifications.Select(s => new ModelledTask(s)), this.controller];
        this.slice = Math.Max(1, slice);
        current = this.idle;
    }

    /// <inheritdoc/>
    public TaskReference Current => current.Reference;

    /// <inheritdoc/>
    public bool ControllerRuns => current == controller;

    /// <inheritdoc/>
    public VirtualInstant NextDecision(VirtualInstant now)
    {
        VirtualInstant next = reschedule;
        foreach (ModelledTask task in tasks)
        {
            next = VirtualInstant.Min(next, task.NextRelease);
        }

        // The end of a slice is an event also where nobody waits: what happens must not depend on how often the scheduler is asked.
        return current == idle ? next : VirtualInstant.Min(next, now + Math.Min(current.Remaining, current.SliceLeft));
    }

    /// <inheritdoc/>
    public void Worked(ulong cycles) => current.Execute(cycles);

    /// <inheritdoc/>
    public void WakeController() => controller.Remaining = ulong.MaxValue;

    /// <inheritdoc/>
    public void SleepController() => controller.Remaining = 0;

    /// <inheritdoc/>
    public TaskSwitch? Decide(VirtualInstant now, ICollection<TaskReference> woken)
    {
        foreach (ModelledTask task in tasks)
        {
            while (task.NextRelease <= now)
            {
                task.Release();
            }

            if (!task.Runnable && task.Remaining > 0)
            {
                task.Runnable = true;
                task.Order = ++lastOrder;
                task.SliceLeft = slice;
                woken.Add(task.Reference);
                reschedule = VirtualInstant.Min(reschedule, now + wakeLatency);
            }
        }

        uint state = Preempted;
        if (current.Runnable && current.Remaining == 0)
        {
            current.Runnable = false;
            state = Sleeping;
        }
        else if (current != idle && current.SliceLeft == 0)
        {
            current.Order = ++lastOrder;
            current.SliceLeft = slice;
        }

        if (state == Preempted && reschedule != VirtualInstant.Never && now < reschedule)
        {
            return null;
        }

        reschedule = VirtualInstant.Never;

        ModelledTask next = Choose();
        if (next == current)
        {
            return null;
        }

        TaskSwitch made = new(current.Reference, state, next.Reference);
        current = next;
        return made;
    }

    private ModelledTask Choose()
    {
        ModelledTask best = idle;
        foreach (ModelledTask task in tasks)
        {
            if (task.Runnable && (best == idle || Precedes(task, best)))
            {
                best = task;
            }
        }

        return best;
    }

    private static bool Precedes(ModelledTask task, ModelledTask other) =>
        task.Reference.Priority != other.Reference.Priority
            ? task.Reference.Priority < other.Reference.Priority
            : task.Order < other.Order;
}
