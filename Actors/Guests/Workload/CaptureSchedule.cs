using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>
/// A schedule that repeats a capture: its bursts in their order, each beginning at max(its captured start, the end of the burst
/// before). Idle bursts absorb delay. After the last burst the CPU idles. The controller task runs when the CPU idles, or between
/// two bursts.
/// </summary>
internal sealed class CaptureSchedule : ISchedule
{
    private const uint Preempted = 0;
    private const uint Sleeping = 1;
    private readonly List<CapturedBurst> bursts;
    private readonly TaskReference idle;
    private readonly TaskReference controller;
    private int index;
    private bool controllerWanted;
    private bool controllerAnnounced;
    private VirtualInstant lastEnd;
    private ulong executed;
    private CaptureAccount account;

    /// <summary>Creates the schedule; the task of the first burst runs.</summary>
    /// <param name="captured">The bursts, at least one, ascending by start and without overlap.</param>
    /// <param name="idle">The idle task, for gaps between bursts and after the end.</param>
    /// <param name="controller">The task that writes to the control files.</param>
    /// <exception cref="ArgumentException">There is no burst, or two overlap.</exception>
    public CaptureSchedule(IReadOnlyList<CapturedBurst> captured, TaskReference idle, TaskReference controller)
    {
        this.idle = idle;
        this.controller = controller;
        bursts = Close(captured, idle);
        Current = NextTask();
    }

    /// <inheritdoc/>
    public TaskReference Current { get; private set; }

    /// <inheritdoc/>
    public bool ControllerRuns { get; private set; }

    /// <summary>The deviation from the capture so far.</summary>
    public CaptureAccount Account => account;

    private bool Ended => index == bursts.Count;

    private bool Idles => Ended || bursts[index].Pid == 0;

    /// <inheritdoc/>
    public VirtualInstant NextDecision(VirtualInstant now)
    {
        if (ControllerRuns)
        {
            return controllerWanted ? VirtualInstant.Never : now;
        }

        if (controllerWanted && (Idles || !controllerAnnounced))
        {
            return now;
        }

        if (Ended)
        {
            return VirtualInstant.Never;
        }

        CapturedBurst burst = bursts[index];
        return burst.Pid == 0
            ? VirtualInstant.Max(now, CapturedEnd(burst))
            : now + (burst.WorkCycles - Math.Min(burst.WorkCycles, executed));
    }

    /// <inheritdoc/>
    public void Worked(ulong cycles)
    {
        if (!ControllerRuns)
        {
            executed += cycles;
        }
    }

    /// <inheritdoc/>
    public void WakeController() => controllerWanted = true;

    /// <inheritdoc/>
    public void SleepController() => (controllerWanted, controllerAnnounced) = (false, false);

    /// <inheritdoc/>
    public TaskSwitch? Decide(VirtualInstant now, ICollection<TaskReference> woken)
    {
        if (ControllerRuns)
        {
            return controllerWanted ? null : LeaveController(now);
        }

        if (controllerWanted && !controllerAnnounced)
        {
            controllerAnnounced = true;
            woken.Add(controller);
        }

        bool ends = !Ended && (Idles ? now >= CapturedEnd(bursts[index]) : executed >= bursts[index].WorkCycles);
        uint state = ends ? bursts[index].EndState : Preempted;
        bool interrupts = controllerWanted && (ends || Idles);
        if (ends)
        {
            End(now);
        }

        if (interrupts)
        {
            ControllerRuns = true;
            return SwitchTo(controller, state);
        }

        return ends ? SwitchTo(NextTask(), state) : null;
    }

    /// <summary>Fills gaps between bursts, and before the first one, with idle time.</summary>
    private static List<CapturedBurst> Close(IReadOnlyList<CapturedBurst> captured, TaskReference idle)
    {
        if (captured.Count == 0)
        {
            throw new ArgumentException("A capture without bursts.", nameof(captured));
        }

        List<CapturedBurst> closed = new(captured.Count);
        VirtualInstant end = VirtualInstant.Zero;
        foreach (CapturedBurst burst in captured)
        {
            if (burst.Start < end)
            {
                throw new ArgumentException($"The burst of {burst.Comm} at {burst.Start} overlaps the one before it.", nameof(captured));
            }

            if (burst.Start > end)
            {
                closed.Add(new CapturedBurst(0, idle.Comm, idle.Priority, end, burst.Start - end, Preempted));
            }

            closed.Add(burst);
            end = CapturedEnd(burst);
        }

        return closed;
    }

    private static VirtualInstant CapturedEnd(CapturedBurst burst) => burst.Start + burst.WorkCycles;

    /// <summary>The controller goes to sleep. Idle time that ran out meanwhile is not gone back to.</summary>
    private TaskSwitch? LeaveController(VirtualInstant now)
    {
        ControllerRuns = false;
        if (!Ended && Idles && now >= CapturedEnd(bursts[index]))
        {
            End(now);
        }

        return SwitchTo(NextTask(), Sleeping);
    }

    private void End(VirtualInstant now)
    {
        CapturedBurst burst = bursts[index];
        ulong stolen = now - lastEnd - executed;
        bool isIdle = burst.Pid == 0;
        account = new CaptureAccount(
            account.Bursts + 1,
            now - CapturedEnd(burst),
            account.Stolen + stolen,
            account.Excess + (isIdle ? 0 : executed - burst.WorkCycles),
            account.Absorbed + (isIdle ? (long)burst.WorkCycles - (long)executed : 0));
        index++;
        lastEnd = now;
        executed = 0;
    }

    private TaskReference NextTask() =>
        Ended ? idle : new TaskReference(bursts[index].Pid, bursts[index].Comm, bursts[index].Priority);

    /// <summary>Goes on with a task: the next burst may be of the same task, where the capture lost events; that is no switch.</summary>
    private TaskSwitch? SwitchTo(TaskReference next, uint state)
    {
        TaskReference previous = Current;
        Current = next;
        return previous.Pid == next.Pid ? null : new TaskSwitch(previous, state, next);
    }
}
