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
    public static IEnumerable<Span> Of(SpanSource source, SpanKinds kinds)
    {
        var pass = new SpanPass(source, kinds, null);
        var made = new List<Span>();
        foreach (MergedRecord merged in TraceMerger.Merge(source.Records, TraceView.Board))
        {
            pass.Take(merged, made);
            for (int i = 0; i < made.Count; i++)
            {
                yield return made[i];
            }

            made.Clear();
        }

        pass.Complete(made);
        foreach (Span span in made)
        {
            yield return span;
        }

        yield return pass.Run();
    }
}
