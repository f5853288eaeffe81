using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Spans.Index;

/// <summary>Traces of a run that begin one after the other, and what must be read again to have their spans.</summary>
public sealed class TraceSegment
{
    private readonly HashSet<int> _names = [];
    private readonly List<uint> _traces = [];

    internal TraceSegment(VirtualInstant from, IReadOnlyDictionary<string, long> places, LaneStart? lane) =>
        (From, Places, Lane, Last) = (from, places, lane, from);

    /// <summary>Nanoseconds of the earliest beginning of a span.</summary>
    public ulong EarliestStart { get; private set; } = ulong.MaxValue;

    /// <summary>Nanoseconds of the latest beginning of a span.</summary>
    public ulong LatestStart { get; private set; }

    /// <summary>Nanoseconds of the longest span.</summary>
    public ulong Longest { get; private set; }

    /// <summary>True where its traces are causal chains; else it is one lane's.</summary>
    public bool IsOfChains => Lane is null;

    /// <summary>The instant of the first record.</summary>
    public VirtualInstant From { get; }

    /// <summary>The instant of the last record.</summary>
    internal VirtualInstant Last { get; private set; }

    /// <summary>Records of each stream that are before it.</summary>
    internal IReadOnlyDictionary<string, long> Places { get; }

    /// <summary>Of a lane, how it is begun anew.</summary>
    internal LaneStart? Lane { get; }

    /// <summary>Traces that are not complete.</summary>
    internal int Open { get; private set; }

    /// <summary>How many traces.</summary>
    internal int Traces => _traces.Count;

    /// <summary>About its size in memory.</summary>
    internal long Bytes => 400 + (40L * Places.Count) + (24L * _names.Count) + (sizeof(uint) * (long)_traces.Count);

    /// <summary>Whether the trace may be one of these: true for all that are, and for hardly any other.</summary>
    internal bool MayHold(UInt128 trace) => _traces.BinarySearch(Short(trace)) >= 0;

    /// <summary>Whether a span of these names is in it.</summary>
    internal bool Names(int name) => _names.Contains(name);

    internal void Add(UInt128 trace)
    {
        _traces.Add(Short(trace));
        Open++;
    }

    internal void Add(Span span, int name)
    {
        _names.Add(name);
        EarliestStart = Math.Min(EarliestStart, span.Start);
        LatestStart = Math.Max(LatestStart, span.Start);
        Longest = Math.Max(Longest, span.End - span.Start);
    }

    internal void Close(VirtualInstant last)
    {
        Last = VirtualInstant.Max(Last, last);
        if (--Open == 0)
        {
            _traces.Sort();
        }
    }

    private static uint Short(UInt128 trace) => (uint)trace;
}
