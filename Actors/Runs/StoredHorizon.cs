using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Runs;

/// <summary>Up to which instant a run's records are stored; readers on threads of their own wait for it to move on.</summary>
public sealed class StoredHorizon
{
    private readonly object gate = new();
    private VirtualInstant before;
    private bool closed;

    /// <summary>All records of before the instant are stored; where it is closed, all records are.</summary>
    public (VirtualInstant Before, bool Closed) Present
    {
        get
        {
            lock (gate)
            {
                return (before, closed);
            }
        }
    }

    /// <summary>Waits until the horizon is beyond an instant, or closed.</summary>
    /// <param name="known">The instant.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <returns>False where the waiting was ended.</returns>
    public bool WaitBeyond(VirtualInstant known, CancellationToken stop)
    {
        using CancellationTokenRegistration registration = stop.Register(Wake);
        lock (gate)
        {
            while (before <= known && !closed && !stop.IsCancellationRequested)
            {
                Monitor.Wait(gate);
            }
        }

        return !stop.IsCancellationRequested;
    }

    /// <summary>More is stored.</summary>
    internal void Advance(VirtualInstant to)
    {
        lock (gate)
        {
            before = VirtualInstant.Max(before, to);
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Nothing more will be stored.</summary>
    internal void Close()
    {
        lock (gate)
        {
            closed = true;
            Monitor.PulseAll(gate);
        }
    }

    private void Wake()
    {
        lock (gate)
        {
            Monitor.PulseAll(gate);
        }
    }
}
