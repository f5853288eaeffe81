using System.Globalization;
using System.Runtime.CompilerServices;
using ActorTrace.Hosting.Service.Spans;
using ActorTrace.Hosting.Telemetry;
using ActorTrace.Traces.Spans;
using ActorTrace.Traces.Spans.Index;

namespace ActorTrace.Hosting.Service.Jaeger;

/// <summary>A trace that was found.</summary>
/// <param name="Run">Id of its run.</param>
/// <param name="Clock">How its times are told.</param>
/// <param name="Trace">The trace.</param>
internal sealed record FoundTrace(string Run, SpanClock Clock, SpanTrace Trace);

/// <summary>Finds traces in all runs.</summary>
/// <param name="runs">The runs.</param>
/// <param name="indexes">Where their traces are.</param>
/// <param name="scale">How many nanoseconds one nanosecond of simulated time is shown as.</param>
internal sealed class TraceSearch(IRuns runs, RunIndexes indexes, ulong scale)
{
    /// <summary>What each run does, for the lists of services and operations.</summary>
    public async Task<IReadOnlyList<(string Service, string Operation)>> NamesAsync(CancellationToken stop)
    {
        var names = new SortedSet<(string Service, string Operation)>(Comparer<(string Service, string Operation)>.Create(
            (a, b) => string.CompareOrdinal(a.Service, b.Service) is not 0 and var order ? order : string.CompareOrdinal(a.Operation, b.Operation)));
        foreach (RunStatus run in runs.List())
        {
            using IndexedRun open = await indexes.OpenAsync(run, stop);
            names.UnionWith(open.Index.Names());
        }

        return [.. names];
    }

    /// <summary>The traces with a span that a query asks for: those of the latest runs first, in a run about the latest first.</summary>
    public async IAsyncEnumerable<FoundTrace> FindAsync(JaegerQuery query, [EnumeratorCancellation] CancellationToken stop)
    {
        int left = query.Limit;
        foreach (RunStatus run in runs.List())
        {
            SpanClock clock = ClockOf(run);
            if (left == 0 || clock.Epoch > query.End || clock.ToUnix(run.SimulatedNs) < query.Start)
            {
                continue;
            }

            using IndexedRun open = await indexes.OpenAsync(run, stop);
            foreach (SpanTrace trace in Traces(open, query, clock).Where(t => t.Spans.Any(s => Suits(s, run.Id, query, clock))).Take(left))
            {
                stop.ThrowIfCancellationRequested();
                left--;
                yield return new FoundTrace(run.Id, clock, trace);
            }
        }
    }

    /// <summary>A trace by its id; null where no run has it.</summary>
    public async Task<FoundTrace?> FindAsync(UInt128 trace, CancellationToken stop)
    {
        foreach (RunStatus run in runs.List())
        {
            using IndexedRun open = await indexes.OpenAsync(run, stop);
            if (open.Find(trace) is { } found)
            {
                return new FoundTrace(run.Id, ClockOf(run), found);
            }
        }

        return null;
    }

    private SpanClock ClockOf(RunStatus run) => new(UnixTime.Of(run.BegunAt), scale);

    private static IEnumerable<SpanTrace> Traces(IndexedRun open, JaegerQuery query, SpanClock clock)
    {
        if (open.Index.Run is { } run && string.Equals(run.Service, query.Service, StringComparison.Ordinal))
        {
            yield return new SpanTrace(run.Id.Trace, [run]);
        }

        foreach (TraceSegment segment in open.Index.Where(query.Service, query.Operation).Where(s =>
            clock.ToUnix(s.EarliestStart) <= query.End && clock.ToUnix(s.LatestStart) >= query.Start && s.Longest * clock.Scale >= query.MinDuration))
        {
            foreach (SpanTrace trace in open.Read(segment).Reverse())
            {
                yield return trace;
            }
        }
    }

    private static bool Suits(Span span, string run, JaegerQuery query, SpanClock clock)
    {
        ulong start = clock.ToUnix(span.Start);
        ulong duration = (span.End - span.Start) * clock.Scale;
        return string.Equals(span.Service, query.Service, StringComparison.Ordinal)
            && (query.Operation is null || string.Equals(span.Name, query.Operation, StringComparison.Ordinal))
            && start >= query.Start && start <= query.End
            && duration >= query.MinDuration && (query.MaxDuration == 0 || duration <= query.MaxDuration)
            && query.Tags.All(tag => JaegerTags.Of(span).Concat(SpanResource.Of(run)).Any(a => Suits(a, tag)));
    }

    private static bool Suits(SpanAttribute attribute, KeyValuePair<string, string> tag) =>
        string.Equals(attribute.Key, tag.Key, StringComparison.Ordinal)
        && string.Equals(attribute.Text ?? attribute.Number.ToString(CultureInfo.InvariantCulture), tag.Value, StringComparison.Ordinal);
}
