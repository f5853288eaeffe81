using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Spans.Index;

/// <summary>The spans of a trace.</summary>
/// <param name="Id">The trace.</param>
/// <param name="Spans">Its spans in the order in which an export sends them.</param>
public sealed record SpanTrace(UInt128 Id, IReadOnlyList<Span> Spans);

/// <summary>Reads the records of a segment again.</summary>
public static class SegmentReader
{
    /// <summary>The traces of a segment in the order in which they begin.</summary>
    /// <param name="source">The run, as far as it was when the index was filled or further.</param>
    /// <param name="index">Its index.</param>
    /// <param name="segment">The segment.</param>
    public static IReadOnlyList<SpanTrace> Traces(SpanSource source, TraceIndex index, TraceSegment segment)
    {
        var traces = new Dictionary<UInt128, List<Span>>();
        var made = new List<Span>();
        var pass = NewPass(source, index, segment, null);
        foreach (MergedRecord merged in Records(source, segment))
        {
            pass.Take(merged, made);
            Keep();
        }

        pass.Complete(made);
        Keep();
        return [.. traces.Select(t => new SpanTrace(t.Key, t.Value))];

        void Keep()
        {
            foreach (Span span in made.Where(s => segment.MayHold(s.Id.Trace)))
            {
                if (!traces.TryGetValue(span.Id.Trace, out List<Span>? spans))
                {
                    traces.Add(span.Id.Trace, spans = []);
                }

                spans.Add(span);
            }

            made.Clear();
        }
    }

    /// <summary>The records of a causal chain in the order of their times.</summary>
    /// <param name="source">The run.</param>
    /// <param name="index">Its index.</param>
    /// <param name="segment">A segment that may hold the chain.</param>
    /// <param name="trace">The chain's first trace.</param>
    /// <returns>Empty where the segment does not hold it.</returns>
    public static IReadOnlyList<TraceRecord> Chain(SpanSource source, TraceIndex index, TraceSegment segment, UInt128 trace)
    {
        var chain = new OneChain(trace);
        var pass = NewPass(source, index, segment, chain);
        var made = new List<Span>();
        foreach (MergedRecord merged in Records(source, segment))
        {
            pass.Take(merged, made);
            made.Clear();
            chain.Take(merged.Record);
        }

        return chain.Records;
    }

    private static SpanPass NewPass(SpanSource source, TraceIndex index, TraceSegment segment, ITraceBounds? bounds)
    {
        var pass = new SpanPass(source, segment.IsOfChains ? SpanKinds.Causal : SpanKinds.Lanes, bounds, index.Probes);
        if (segment.Lane is { } lane)
        {
            pass.Begin(lane);
        }

        return pass;
    }

    private static IEnumerable<MergedRecord> Records(SpanSource source, TraceSegment segment) =>
        TraceMerger.Merge(new LaterSource(source.Records, segment.Places), TraceView.Board)
            .SkipWhile(merged => merged.At < segment.From).TakeWhile(merged => merged.At <= segment.Last);

    private sealed class OneChain(UInt128 wanted) : ITraceBounds
    {
        private Stamp? _cause;

        public List<TraceRecord> Records { get; } = [];

        public void ChainOpened(UInt128 trace, in Stamp cause, VirtualInstant now) => _cause = trace == wanted ? cause : _cause;

        public void ChainGoesOn(UInt128 trace, UInt128 next)
        {
        }

        public void LaneOpened(UInt128 trace, LaneStart start)
        {
        }

        public void Closed(UInt128 trace, VirtualInstant last) => _cause = trace == wanted ? null : _cause;

        public void Take(TraceRecord record)
        {
            if (record.Cause == _cause)
            {
                Records.Add(record);
            }
        }
    }
}
