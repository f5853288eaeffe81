namespace ActorTrace.Traces.Timelines;

/// <summary>One task while a trace is read: runs, waits for a CPU, or sleeps.</summary>
/// <param name="lane">Gets its states and wake-ups.</param>
/// <param name="window">What is kept.</param>
internal sealed class TaskLane(TimelineLane lane, TimelineWindow window)
{
    private int _state = -1;
    private LabelStyle _style;
    private ulong _since;

    /// <summary>Its lane.</summary>
    public TimelineLane Lane => lane;

    /// <summary>The CPU it was seen on last.</summary>
    public int Cpu { get; private set; } = -1;

    /// <summary>It goes into a state.</summary>
    /// <param name="at">When.</param>
    /// <param name="style">The state.</param>
    /// <param name="label">The state's label.</param>
    /// <param name="cpu">The CPU that says so.</param>
    public void Become(ulong at, LabelStyle style, int label, int cpu)
    {
        EndState(at);
        (_state, _style, _since, Cpu) = (label, style, at, cpu);
    }

    /// <summary>It was made runnable; one that runs or is runnable already stays what it is.</summary>
    public void Wake(in TimelinePoint wakeup, int label, int cpu)
    {
        window.Point(lane, wakeup);
        if (_state < 0 || _style is LabelStyle.Sleeping or LabelStyle.Blocked)
        {
            Become(wakeup.At, LabelStyle.Woken, label, cpu);
        }
    }

    /// <summary>What it does from here on is not known.</summary>
    public void Forget(ulong at)
    {
        EndState(at);
        _state = -1;
    }

    /// <summary>The trace ends.</summary>
    public void End(ulong at) => EndState(at);

    private void EndState(ulong at)
    {
        if (_state >= 0)
        {
            window.Slice(lane, _since, Math.Max(at, _since), _state);
        }
    }
}
