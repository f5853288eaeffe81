namespace ActorTrace.Traces.Formats.Reading;

/// <summary>Hands the events of a file to a sink in order of time, and counts.</summary>
internal sealed class EventFeed(ITraceEventSink sink)
{
    private readonly List<(int Cpu, ulong Count)> _pending = [];
    private ulong _lost;
    private long _lossMarks;
    private long _events;
    private long _backward;
    private ulong _first;
    private ulong _last;

    /// <summary>Whether the last time was one that goes backward.</summary>
    public bool WasMoved { get; private set; }

    /// <summary>The time that an event is handed over with: its own, or that of the event before where it is earlier.</summary>
    public ulong Order(ulong nanoseconds)
    {
        _first = _events == 0 ? nanoseconds : _first;
        WasMoved = nanoseconds < _last;
        _backward += WasMoved ? 1 : 0;
        return _last = Math.Max(_last, nanoseconds);
    }

    /// <summary>Hands an event over; its time comes from <see cref="Order"/>.</summary>
    public void Write(in TraceEvent next)
    {
        if (_pending.Count > 0)
        {
            HandOverLosses(next.Nanoseconds);
        }

        _events++;
        sink.Write(next);
    }

    /// <summary>Events of a CPU are missing in front of the next event.</summary>
    /// <param name="cpu">The CPU.</param>
    /// <param name="count">How many; 0 where that is not known.</param>
    public void Lose(int cpu, ulong count)
    {
        _lossMarks++;
        _lost = count > ulong.MaxValue - _lost ? ulong.MaxValue : _lost + count;
        _pending.Add((cpu, count));
        if (_pending.Count == MostPending)
        {
            HandOverLosses(_last);
        }
    }

    /// <summary>Hands over what is left and returns the counts.</summary>
    public TraceFileCounts Complete(long lines)
    {
        HandOverLosses(_last);
        return new TraceFileCounts(_events, _lost, _lossMarks, _backward, _first, _last, lines);
    }

    // Losses wait for the time of the next event; a file of nothing else must not fill the memory.
    private const int MostPending = 4096;

    private void HandOverLosses(ulong nanoseconds)
    {
        foreach ((int cpu, ulong count) in _pending)
        {
            sink.Lost(cpu, nanoseconds, count);
        }

        _pending.Clear();
    }
}
