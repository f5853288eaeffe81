using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Spans;

/// <summary>Makes spans of the merged records of a run, one after the other.</summary>
/// <param name="source">The run.</param>
/// <param name="kinds">Which spans.</param>
/// <param name="bounds">Is told where traces begin and end; may be null.</param>
/// <param name="names">Names of its probes, where some are known before.</param>
internal sealed class SpanPass(SpanSource source, SpanKinds kinds, ITraceBounds? bounds, ProbeNames? names = null)
{
    private readonly CausalChains _chains = new(source.Records.Manifest, source.Ids, names ?? source.NewNames(), bounds);
    private readonly RunSlices _slices = new(source.Records.Manifest, source.Ids, bounds);
    private VirtualInstant _end = VirtualInstant.Zero;

    /// <summary>Begins a lane in the middle.</summary>
    public void Begin(LaneStart start) => _slices.Begin(start);

    /// <summary>Adds the spans that a record makes.</summary>
    public void Take(in MergedRecord merged, List<Span> made)
    {
        _end = merged.At;
        if (kinds.HasFlag(SpanKinds.Causal))
        {
            _chains.Take(merged.Record, merged.At, made);
        }

        if (kinds.HasFlag(SpanKinds.Lanes))
        {
            _slices.Take(merged.Record, merged.At, made);
        }
    }

    /// <summary>Adds the spans that were still waited with.</summary>
    public void Complete(List<Span> made)
    {
        _chains.Complete(made);
        _slices.Complete(made);
    }

    /// <summary>The run's own span; known after the last record.</summary>
    public Span Run()
    {
        RunManifest manifest = source.Records.Manifest;
        return new Span(
            source.Ids.Run, 0, "run", "run " + manifest.Name, 0, manifest.Clock.ToNanoseconds(_end),
            [SpanAttribute.Of("cores", manifest.Cores), SpanAttribute.Of("guests", string.Join(", ", manifest.Guests.Select(g => g.Name)))]);
    }
}
