namespace ActorTrace.Traces.Timelines;

/// <summary>The hypervisor on one core while a trace is read: from each entry to the return to the guest.</summary>
/// <param name="lane">Gets its stays and steps.</param>
/// <param name="window">What is kept.</param>
internal sealed class HypervisorLane(TimelineLane lane, TimelineWindow window)
{
    private int _reason = -1;
    private ulong _since;

    /// <summary>Its lane.</summary>
    public TimelineLane Lane => lane;

    /// <summary>A guest is left.</summary>
    /// <param name="at">When.</param>
    /// <param name="reason">Label of what for.</param>
    public void Enter(ulong at, int reason)
    {
        Exit(at);
        (_reason, _since) = (reason, at);
    }

    /// <summary>A guest goes on.</summary>
    public void Exit(ulong at)
    {
        if (_reason >= 0)
        {
            window.Slice(lane, _since, at, _reason);
            _reason = -1;
        }
    }

    /// <summary>A step.</summary>
    public void Step(in TimelinePoint step) => window.Point(lane, step);
}
