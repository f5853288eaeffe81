using ActorTrace.Machine.Values;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Spans.Index;

/// <summary>Fills the index of a run, record by record.</summary>
internal sealed class TraceIndexFilling : ITraceBounds
{
    private const int MostTraces = 512;
    private const ulong MostNanoseconds = 250_000_000;
    private const long RecordsBetweenForgetting = 4096;

    private readonly TraceIndex _index;
    private readonly PlacedSource _placed;
    private readonly SpanPass _pass;
    private readonly ulong _mostCycles;
    private readonly Dictionary<UInt128, TraceSegment> _open = [];
    private readonly List<(UInt128 Trace, VirtualInstant Last)> _closed = [];
    private readonly List<Span> _made = [];
    private TraceSegment? _filling;
    private long _records;

    /// <summary>Begins.</summary>
    /// <param name="index">Gets the segments.</param>
    /// <param name="source">The run; its records come from <paramref name="placed"/>.</param>
    /// <param name="placed">Knows the places.</param>
    public TraceIndexFilling(TraceIndex index, SpanSource source, PlacedSource placed)
    {
        (_index, _placed) = (index, placed);
        _pass = new SpanPass(source, SpanKinds.Causal | SpanKinds.Lanes, this, index.Probes);
        _mostCycles = placed.Manifest.Clock.FromNanoseconds(MostNanoseconds).Cycles;
    }

    /// <summary>Takes the next record of the run.</summary>
    public void Take(in MergedRecord merged)
    {
        if (_filling is { } filling && (filling.Traces >= MostTraces || filling.From + _mostCycles < merged.At))
        {
            End(filling);
        }

        _pass.Take(merged, _made);
        Settle();
        if (++_records % RecordsBetweenForgetting == 0)
        {
            _placed.Forget(merged.At);
        }
    }

    /// <summary>No more records.</summary>
    public void Complete()
    {
        _pass.Complete(_made);
        Settle();
        if (_filling is { } filling)
        {
            End(filling);
        }

        Span run = _pass.Run();
        _ = _index.NameOf(run);
        _index.Add(run);
    }

    /// <inheritdoc/>
    public void ChainOpened(UInt128 trace, in Stamp cause, VirtualInstant now)
    {
        _filling ??= new TraceSegment(now, _placed.PlacesAt(now), null);
        _filling.Add(trace);
        _open[trace] = _filling;
    }

    /// <inheritdoc/>
    public void ChainGoesOn(UInt128 trace, UInt128 next)
    {
        TraceSegment segment = _open[trace];
        segment.Add(next);
        _open[next] = segment;
    }

    /// <inheritdoc/>
    public void LaneOpened(UInt128 trace, LaneStart start)
    {
        var segment = new TraceSegment(start.From, _placed.PlacesAt(start.From), start);
        segment.Add(trace);
        _open[trace] = segment;
    }

    /// <inheritdoc/>
    public void Closed(UInt128 trace, VirtualInstant last) => _closed.Add((trace, last));

    private void Settle()
    {
        foreach (Span span in _made)
        {
            _open[span.Id.Trace].Add(span, _index.NameOf(span));
        }

        _made.Clear();
        foreach ((UInt128 trace, VirtualInstant last) in _closed)
        {
            if (_open.Remove(trace, out TraceSegment? segment))
            {
                segment.Close(last);
                if (segment.Open == 0 && segment != _filling)
                {
                    _index.Add(segment);
                }
            }
        }

        _closed.Clear();
    }

    /// <summary>No more traces begin in the segment.</summary>
    private void End(TraceSegment filling)
    {
        _filling = null;
        if (filling.Open == 0)
        {
            _index.Add(filling);
        }
    }
}
