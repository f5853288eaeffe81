using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Analysis.Twins;

/// <summary>What the tasks of one vCPU did: every job, and the order in which the tasks got the CPU. Times in cycles.</summary>
/// <param name="guest">The guest's name.</param>
/// <param name="vcpu">The vCPU.</param>
/// <param name="core">The core that it is pinned to.</param>
public sealed class GuestHistory(string guest, VcpuId vcpu, CoreId core)
{
    private readonly SortedDictionary<int, TaskHistory> _tasks = [];
    private readonly List<TaskPiece> _pieces = [];

    /// <summary>The guest's name.</summary>
    public string Guest => guest;

    /// <summary>The vCPU.</summary>
    public VcpuId Vcpu => vcpu;

    /// <summary>The core that it is pinned to.</summary>
    public CoreId Core => core;

    /// <summary>Its tasks by pid; the idle task is none.</summary>
    public IEnumerable<TaskHistory> Tasks => _tasks.Values;

    /// <summary>Every time that a task got the CPU, in order; the idle task left out.</summary>
    public IReadOnlyList<TaskPiece> Pieces => _pieces;

    /// <summary>The history that a tracer of the guest's own wrote into a lane.</summary>
    public static GuestHistory OfLane(ITraceSource source, int lane)
    {
        LaneManifest manifest = source.Manifest.Lanes[lane];
        var history = new GuestHistory(source.Manifest.Guests[manifest.Vcpu.Guest.Index].Name, manifest.Vcpu, manifest.Core);
        foreach (TraceRecord record in source.ReadStream(Binary.StreamNames.Lane(lane)))
        {
            switch (record)
            {
                case SwitchRecord change:
                    history.Switch(new CoreReading(change.At, 0, 0, 0), change.Current, change.PreviousState, change.Next);
                    break;
                case WakeupRecord wakeup:
                    history.Wake(wakeup.At, wakeup.Task);
                    break;
                default:
                    break;
            }
        }

        return history;
    }

    /// <summary>A task became ready.</summary>
    public void Wake(VirtualInstant at, TaskReference task)
    {
        if (task.Pid != 0)
        {
            Task(task).Tracker.Wake(at.Cycles);
        }
    }

    /// <summary>The CPU goes from one task to another.</summary>
    /// <param name="at">When, with the counters of the core.</param>
    /// <param name="previous">The task that leaves.</param>
    /// <param name="previousState">Linux prev_state.</param>
    /// <param name="next">The task that comes.</param>
    public void Switch(CoreReading at, TaskReference previous, uint previousState, TaskReference next)
    {
        if (previous.Pid != 0)
        {
            Task(previous).Leave(at, previousState);
        }

        if (next.Pid != 0)
        {
            _pieces.Add(Task(next).Come(at.At));
        }
    }

    private TaskHistory Task(TaskReference task)
    {
        if (!_tasks.TryGetValue(task.Pid, out TaskHistory? history))
        {
            _tasks.Add(task.Pid, history = new TaskHistory(task.Pid));
        }

        history.Comm = task.Comm;
        return history;
    }
}
