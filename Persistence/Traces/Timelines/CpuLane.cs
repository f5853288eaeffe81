namespace ActorTrace.Traces.Timelines;

/// <summary>One CPU while a trace is read: which task runs, and what interrupts it.</summary>
/// <param name="lane">Gets the tasks and the points.</param>
/// <param name="interrupts">Gets the interrupts; an outer handler is cut where an inner one interrupts it.</param>
/// <param name="window">What is kept.</param>
internal sealed class CpuLane(TimelineLane lane, TimelineLane interrupts, TimelineWindow window)
{
    private readonly Stack<int> _handlers = new();
    private int _task = -1;
    private ulong _since;
    private ulong _handlerSince;

    /// <summary>Its lane of tasks.</summary>
    public TimelineLane Lane => lane;

    /// <summary>Its lane of interrupts.</summary>
    public TimelineLane Interrupts => interrupts;

    /// <summary>The last event seen: where a gap begins; null before the first.</summary>
    public ulong? LastSeen { get; private set; }

    /// <summary>An event of any type tells what runs, where that is not known yet.</summary>
    /// <param name="at">When.</param>
    /// <param name="task">Label of the current task.</param>
    public void Seen(ulong at, int task)
    {
        LastSeen = at;
        if (_task < 0)
        {
            (_task, _since) = (task, at);
        }
    }

    /// <summary>Another task comes.</summary>
    public void Switch(ulong at, int next)
    {
        EndTask(at);
        (_task, _since) = (next, at);
    }

    /// <summary>A handler begins.</summary>
    public void Enter(ulong at, int handler)
    {
        EndHandler(at);
        _handlers.Push(handler);
        _handlerSince = at;
    }

    /// <summary>The innermost handler ends; one whose beginning was not seen is not shown.</summary>
    public void Exit(ulong at)
    {
        EndHandler(at);
        _ = _handlers.TryPop(out _);
        _handlerSince = at;
    }

    /// <summary>Something that happened on it.</summary>
    public void Point(in TimelinePoint point) => window.Point(lane, point);

    /// <summary>Events are missing before an instant: what ran meanwhile is not known.</summary>
    public void Lost(ulong at, int label)
    {
        if (LastSeen is { } last)
        {
            EndTask(last);
            EndHandler(last);
            window.Slice(lane, last, at, label);
        }

        _handlers.Clear();
        _task = -1;
        LastSeen = at;
    }

    /// <summary>The trace ends.</summary>
    public void End(ulong at)
    {
        EndTask(at);
        EndHandler(at);
    }

    private void EndTask(ulong at)
    {
        if (_task >= 0)
        {
            window.Slice(lane, _since, at, _task);
        }
    }

    private void EndHandler(ulong at)
    {
        if (_handlers.TryPeek(out int handler))
        {
            window.Slice(interrupts, _handlerSince, at, handler);
        }
    }
}
