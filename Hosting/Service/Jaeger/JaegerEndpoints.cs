using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrace.Hosting.Service.Jaeger;

/// <summary>Jaeger's query API over the journal: an unmodified Jaeger UI or Grafana's Jaeger data source can be pointed at the service.</summary>
internal static class JaegerEndpoints
{
    /// <summary>Adds the API.</summary>
    public static void MapJaeger(this IEndpointRouteBuilder app)
    {
        RouteGroupBuilder api = app.MapGroup("/api").ExcludeFromDescription();
        api.MapGet("/services", (HttpContext context, TraceSearch search) => AnswerAsync(context, async (writer, stop) =>
        {
            string[] services = [.. (await search.NamesAsync(stop)).Select(n => n.Service).Distinct(StringComparer.Ordinal)];
            writer.Data(services, (json, service) => json.WriteStringValue(service));
        }));
        api.MapGet("/services/{service}/operations", (string service, HttpContext context, TraceSearch search) => AnswerAsync(context, async (writer, stop) =>
            writer.Data(await OperationsAsync(search, service, stop), (json, operation) => json.WriteStringValue(operation))));
        api.MapGet("/operations", (HttpContext context, TraceSearch search) => CheckedAsync(context, () => ListOperationsAsync(context, search)));
        api.MapGet("/traces", (HttpContext context, TraceSearch search, TimeProvider time) => CheckedAsync(context, () => SearchAsync(context, search, time)));
        api.MapGet("/traces/{id}", (string id, HttpContext context, TraceSearch search) => CheckedAsync(context, () => FindAsync(context, search, [id], true)));

        // The UI of Jaeger 2.15 asks for these two by version 3 of the API (jaeger-idl, api_v3), for traces as before.
        api.MapGet("/v3/services", async (TraceSearch search, CancellationToken stop) =>
            Results.Json(new { services = (await search.NamesAsync(stop)).Select(n => n.Service).Distinct(StringComparer.Ordinal) }));
        api.MapGet("/v3/operations", async (TraceSearch search, string? service, CancellationToken stop) =>
            Results.Json(new { operations = (await OperationsAsync(search, service ?? string.Empty, stop)).Select(name => new { name, spanKind = JaegerTags.Kind }) }));

        // Jaeger computes these from stored spans by a job of its own; there are none here.
        api.MapGet("/dependencies", (HttpContext context) => AnswerAsync(context, (writer, _) =>
        {
            writer.Data(Array.Empty<string>(), (json, value) => json.WriteStringValue(value));
            return Task.CompletedTask;
        }));
    }

    private static Task ListOperationsAsync(HttpContext context, TraceSearch search)
    {
        string service = context.Request.Query["service"] is [{ Length: > 0 } named, ..] ? named : throw new JaegerQueryException("parameter 'service' is required");
        bool wanted = context.Request.Query["spanKind"] is not [{ Length: > 0 } kind, ..] || kind is JaegerTags.Kind;
        return AnswerAsync(context, async (writer, stop) => writer.Data(wanted ? await OperationsAsync(search, service, stop) : [], (json, operation) =>
        {
            json.WriteStartObject();
            json.WriteString("name", operation);
            json.WriteString("spanKind", JaegerTags.Kind);
            json.WriteEndObject();
        }));
    }

    private static async Task<string[]> OperationsAsync(TraceSearch search, string service, CancellationToken stop) =>
        [.. (await search.NamesAsync(stop)).Where(n => string.Equals(n.Service, service, StringComparison.Ordinal)).Select(n => n.Operation)];

    private static Task SearchAsync(HttpContext context, TraceSearch search, TimeProvider time)
    {
        if (context.Request.Query["traceID"] is { Count: > 0 } ids)
        {
            return FindAsync(context, search, [.. ids.Select(id => id ?? string.Empty)], false);
        }

        JaegerQuery query = JaegerQuery.Read(context.Request.Query, time.GetUtcNow());
        return AnswerAsync(context, (writer, stop) => writer.DataAsync(search.FindAsync(query, stop), stop));
    }

    private static async Task FindAsync(HttpContext context, TraceSearch search, string[] ids, bool mustBe)
    {
        UInt128[] wanted = [.. ids.Select(JaegerQuery.TraceId).Distinct()];
        CancellationToken stop = context.RequestAborted;
        var found = new List<FoundTrace>();
        foreach (UInt128 id in wanted)
        {
            if (await search.FindAsync(id, stop) is { } trace)
            {
                found.Add(trace);
            }
        }

        if (mustBe && found.Count == 0)
        {
            await FailAsync(context, StatusCodes.Status404NotFound, "trace not found");
            return;
        }

        await AnswerAsync(
            context,
            (writer, _) =>
            {
                writer.Data(found);
                return Task.CompletedTask;
            },
            [.. wanted.Except(found.Select(f => f.Trace.Id))]);
    }

    /// <summary>A query that cannot be understood is answered as such.</summary>
    private static async Task CheckedAsync(HttpContext context, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (JaegerQueryException e)
        {
            await FailAsync(context, StatusCodes.Status400BadRequest, e.Message);
        }
    }

    private static async Task AnswerAsync(HttpContext context, Func<JaegerWriter, CancellationToken, Task> data, IReadOnlyList<UInt128>? missing = null)
    {
        CancellationToken stop = context.RequestAborted;
        context.Response.ContentType = "application/json";
        await using var writer = new JaegerWriter(context.Response.BodyWriter);
        await data(writer, stop);
        await writer.EndAsync([.. (missing ?? []).Select(id => ("trace not found", (UInt128?)id))], 0, stop);
    }

    private static async Task FailAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await using var writer = new JaegerWriter(context.Response.BodyWriter);
        writer.NoData();
        await writer.EndAsync([(message, null)], status, context.RequestAborted);
    }
}
