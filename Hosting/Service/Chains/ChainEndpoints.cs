using System.Globalization;
using ActorTrace.Hosting.Service.Jaeger;
using ActorTrace.Hosting.Service.Spans;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Spans;
using ActorTrace.Traces.Spans.Index;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrace.Hosting.Service.Chains;

/// <summary>The causal chains of a run, and the messages of one.</summary>
internal static class ChainEndpoints
{
    private const int DefaultLimit = 50;
    private const int MostChains = 500;

    /// <summary>Adds both below /api/v1.</summary>
    public static void MapChains(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder chains = app.MapGroup("/api/v1/runs/{id}/chains").WithTags("chains");
        chains.MapGet("", ListAsync).WithName("listChains").WithSummary("Causal chains in the order in which they begin").Produces<ChainPage>();
        chains.MapGet("/{chain}", FindAsync).WithName("getChain").WithSummary("The messages of a causal chain").Produces<ChainStory>();
    }

    private static async Task<IResult> ListAsync(
        string id, IRuns runs, RunIndexes indexes, CancellationToken stop, string? symbol = null, string? task = null, int limit = DefaultLimit, string? after = null)
    {
        if (runs.Find(id) is not { } run)
        {
            return NoRun(id);
        }

        if (limit is < 1 or > MostChains || !TryRead(after, out (ulong From, int Number) place))
        {
            return Results.Problem($"'limit' is 1 to {MostChains}, 'after' the 'next' of another page", statusCode: StatusCodes.Status400BadRequest);
        }

        using IndexedRun open = await indexes.OpenAsync(run, stop);
        var items = new List<ChainSummary>();
        foreach (TraceSegment segment in open.Index.Chains(symbol is null ? null : "hit " + symbol).Where(s => s.From.Cycles >= place.From))
        {
            stop.ThrowIfCancellationRequested();
            IReadOnlyList<SpanTrace> traces = open.Read(segment);
            for (int i = segment.From.Cycles == place.From ? place.Number : 0; i < traces.Count; i++)
            {
                if (ChainSummary.Of(traces[i]) is not { } chain || !Suits(symbol, chain.Symbol) || !Suits(task, chain.Task))
                {
                    continue;
                }

                items.Add(chain);
                if (items.Count == limit)
                {
                    return Results.Ok(new ChainPage(items, string.Create(CultureInfo.InvariantCulture, $"{segment.From.Cycles}.{i + 1}")));
                }
            }
        }

        return Results.Ok(new ChainPage(items, null));
    }

    private static async Task<IResult> FindAsync(string id, string chain, IRuns runs, RunIndexes indexes, CancellationToken stop)
    {
        if (runs.Find(id) is not { } run)
        {
            return NoRun(id);
        }

        if (chain.Length > 32 || !UInt128.TryParse(chain, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 trace))
        {
            return Results.Problem($"a chain's id is 32 hexadecimal digits, see /api/v1/runs/{id}/chains", statusCode: StatusCodes.Status400BadRequest);
        }

        using IndexedRun open = await indexes.OpenAsync(run, stop);
        foreach (TraceSegment segment in open.Index.Where(trace).Where(s => s.IsOfChains))
        {
            IReadOnlyList<TraceRecord> records = SegmentReader.Chain(open.Source, open.Index, segment, trace);
            if (records.Count > 0 && open.Read(segment).FirstOrDefault(t => t.Id == trace) is { } spans && ChainSummary.Of(spans) is { } summary)
            {
                IReadOnlyList<ChainMessage> messages = ChainMessages.Of(open.Source.Records.Manifest, records);
                string[] names = [.. messages.SelectMany(m => new[] { m.From, m.To }).Distinct(StringComparer.Ordinal)];
                return Results.Ok(new ChainStory(summary.Id, summary.Name, [.. names.Select(n => new ChainParticipant(n, Participants.IsActor(n)))], messages));
            }
        }

        return Results.Problem($"run {id} has no chain {chain}", statusCode: StatusCodes.Status404NotFound);
    }

    private static bool Suits(string? wanted, string? value) => wanted is null || string.Equals(wanted, value, StringComparison.Ordinal);

    private static IResult NoRun(string id) => Results.Problem($"there is no run {id}", statusCode: StatusCodes.Status404NotFound);

    private static bool TryRead(string? after, out (ulong From, int Number) place)
    {
        place = default;
        if (after is null)
        {
            return true;
        }

        string[] parts = after.Split('.', 2);
        bool read = ulong.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out ulong from);
        int number = 0;
        read = read && parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out number);
        place = (from, number);
        return read;
    }

    /// <summary>Chains.</summary>
    /// <param name="Items">The chains.</param>
    /// <param name="Next">What 'after' is for the next page; null at the end.</param>
    internal sealed record ChainPage(IReadOnlyList<ChainSummary> Items, string? Next);

    /// <summary>A chain, message by message.</summary>
    /// <param name="Id">Its trace id.</param>
    /// <param name="Name">What it is.</param>
    /// <param name="Participants">Who sends and gets, in the order of their first message.</param>
    /// <param name="Messages">The messages in the order of their times.</param>
    internal sealed record ChainStory(string Id, string Name, IReadOnlyList<ChainParticipant> Participants, IReadOnlyList<ChainMessage> Messages);

    /// <summary>A chain in a list.</summary>
    /// <param name="Id">Its trace id.</param>
    /// <param name="Name">What it is.</param>
    /// <param name="StartNs">Nanoseconds since the board was switched on.</param>
    /// <param name="EndNs">Nanoseconds.</param>
    /// <param name="Guest">The guest that it began in.</param>
    /// <param name="Task">The task, where it is known.</param>
    /// <param name="Symbol">Of a hit, the probe.</param>
    /// <param name="Cycles">Cycles of all its steps.</param>
    internal sealed record ChainSummary(
        string Id, string Name, ulong StartNs, ulong EndNs, string? Guest, string? Task, string? Symbol, long Cycles)
    {
        /// <summary>Tells of a trace by its first span; null for a chain's later part, and for what has no steps.</summary>
        public static ChainSummary? Of(SpanTrace trace)
        {
            Span? first = trace.Spans.FirstOrDefault(s => s.Parent == 0);
            return first?.Attributes.FirstOrDefault(a => a.Key is "cycles") is { Key: not null } cycles && first.Attributes.Any(a => a.Key is "guest")
                ? new ChainSummary(
                    JaegerWriter.Text(trace.Id), first.Name, first.Start, first.End, Text(first, "guest"), Text(first, "task"), Text(first, "symbol"), cycles.Number)
                : null;
        }

        private static string? Text(Span span, string key) => span.Attributes.FirstOrDefault(a => string.Equals(a.Key, key, StringComparison.Ordinal)).Text;
    }
}
