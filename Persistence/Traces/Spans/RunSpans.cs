using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Spans;

/// <summary>Which spans of a run.</summary>
[Flags]
public enum SpanKinds
{
    /// <summary>Only the run's own span.</summary>
    None = 0,

    /// <summary>A trace for each causal chain.</summary>
    Causal = 1,

    /// <summary>What ran when.</summary>
    Lanes = 2,
}

/// <summary>A recorded run as spans.</summary>
public static class RunSpans
{
    /// <summary>The spans of a run, in one streaming pass; always the same ones in the same order. The run's own span comes last.</summary>
    /// <param name="source">The run.</param>
    /// <param name="kinds">Which.</param>
    /// <exception cref="InvalidDataException">While enumerating: the run's streams contradict each other.</exception>
    public static IEnumerable<Span> Of(ITraceSource source, SpanKinds kinds)
    {
        RunManifest manifest = source.Manifest;
        var ids = new SpanIds(new Replay(source, TraceView.Board).TraceId);
        var chains = new CausalChains(manifest, ids, Probes(source));
        var slices = new RunSlices(manifest, ids);
        var made = new List<Span>();
        VirtualInstant end = VirtualInstant.Zero;
        foreach (MergedRecord merged in TraceMerger.Merge(source, TraceView.Board))
        {
            end = merged.At;
            if (kinds.HasFlag(SpanKinds.Causal))
            {
                chains.Take(merged.Record, merged.At, made);
            }

            if (kinds.HasFlag(SpanKinds.Lanes))
            {
                slices.Take(merged.Record, made);
            }

            for (int i = 0; i < made.Count; i++)
            {
                yield return made[i];
            }

            made.Clear();
        }

        chains.Complete(made);
        slices.Complete(made);
        foreach (Span span in made)
        {
            yield return span;
        }

        yield return new Span(
            ids.Run, 0, "run", "run " + manifest.Name, 0, manifest.Clock.ToNanoseconds(end),
            [SpanAttribute.Of("cores", manifest.Cores), SpanAttribute.Of("guests", string.Join(", ", manifest.Guests.Select(g => g.Name)))]);
    }

    private static Dictionary<ulong, string> Probes(ITraceSource source)
    {
        var probes = new Dictionary<ulong, string>();
        foreach (ProbeCountsRecord probe in source.ReadStream(StreamNames.Control).OfType<ProbeCountsRecord>())
        {
            probes[probe.Probe] = probe.Name;
        }

        return probes;
    }
}
