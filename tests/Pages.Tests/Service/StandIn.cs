using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using ActorTrace.Hosting.Service.Page;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace ActorTrace.Pages.Tests.Service;

/// <summary>
/// The page with made-up runs behind it, on loopback: streams as fast, as long and as strange as a test wants them, which no
/// simulation gives. What the real service answers is in ServicePageTests.
/// </summary>
public sealed class StandIn : IDisposable
{
    private readonly WebApplication _app;
    private static readonly string[] Functions = ["OSTaskCreate", "OSTimeDly", "OSTimeGet", "OSTimeTick"];

    private readonly ConcurrentDictionary<string, MadeRun> _runs = new(StringComparer.Ordinal);

    public StandIn()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapPage();
        RouteGroupBuilder runs = _app.MapGroup("/api/v1/runs");
        runs.MapGet("", () => Json(new { Items = _runs.Values.OrderBy(run => run.Id, StringComparer.Ordinal).Select(run => run.Status()), Next = (string?)null }));
        runs.MapGet("/{id}", (string id) => Json(_runs[id].Status()));
        runs.MapGet("/{id}/counters", () => Json(new { Events = 0, Probes = Array.Empty<object>() }));
        runs.MapGet("/{id}/symbols/{guest}", (string prefix) => Json(new { Items = Functions.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)) }));
        runs.MapPut("/{id}/control/trace/{file}", async (HttpContext context, string file) => Results.Text(await WriteAsync(context, file)));
        runs.MapPost("/{id}/{verb}", (string id, string verb) => Json((_runs[id] = _runs[id] with { State = verb is "pause" ? "paused" : "running" }).Status()));
        runs.MapDelete("/{id}", (string id) =>
        {
            _runs.TryRemove(id, out _);
            return Results.NoContent();
        });
        runs.MapGet("/{id}/events", SendEventsAsync);
        runs.MapGet("/{id}/chains", (string id) => Json(new { Items = _runs[id].Chains, Next = (string?)null }));
        runs.MapGet("/{id}/chains/{chain}", (string id, string chain) => Json(_runs[id].Sequences[chain]));
        _app.StartAsync().GetAwaiter().GetResult();
    }

    /// <summary>What was written to the control tree, FILE=VALUE.</summary>
    public ConcurrentQueue<string> Writes { get; } = [];

    /// <summary>Where the page is.</summary>
    public string Address => _app.Urls.First() + "/";

    /// <summary>Adds a run.</summary>
    /// <returns>Where it is shown.</returns>
    public string Add(MadeRun run)
    {
        _runs[run.Id] = run;
        return $"{Address}#run={run.Id}";
    }

    public void Dispose()
    {
        // Streams that are still open are cut off.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        _app.StopAsync(patience.Token).GetAwaiter().GetResult();
        _app.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    private async Task<string> WriteAsync(HttpContext context, string file)
    {
        using var body = new StreamReader(context.Request.Body);
        string value = (await body.ReadToEndAsync(context.RequestAborted)).TrimEnd('\n');
        Writes.Enqueue($"{file}={value}");
        return value is "nowhere" ? "error: no such symbol" : "ok";
    }

    private static IResult Json(object value) => Results.Json(value, JsonSerializerOptions.Web);

    private async Task SendEventsAsync(HttpContext context, string id, string view, long from)
    {
        MadeRun run = _runs[id];
        context.Response.ContentType = "text/event-stream";
        await foreach (string message in run.Messages(view, from).WithCancellation(context.RequestAborted))
        {
            await context.Response.WriteAsync(message, context.RequestAborted);
        }

        string end = JsonSerializer.Serialize(run.Status(ended: true), JsonSerializerOptions.Web);
        await context.Response.WriteAsync($"event: end\ndata: {end}\n\n", context.RequestAborted);
    }
}

/// <summary>A run that a <see cref="StandIn"/> shows.</summary>
public sealed record MadeRun(string Id, ulong SimulatedNs, Func<string, long, IAsyncEnumerable<string>> Messages)
{
    /// <summary>Name of the run.</summary>
    public string Name { get; init; } = "made";

    /// <summary>State before the stream has ended.</summary>
    public string State { get; init; } = "completed";

    /// <summary>Guests with their first CPU and number of vCPUs.</summary>
    public IReadOnlyList<object> Guests { get; init; } = [];

    /// <summary>Its causal chains.</summary>
    public IReadOnlyList<object> Chains { get; init; } = [];

    /// <summary>The messages of each.</summary>
    public IReadOnlyDictionary<string, object> Sequences { get; init; } = new Dictionary<string, object>(StringComparer.Ordinal);

    /// <summary>A message with events, or of another kind.</summary>
    public static string Message(string kind, string data) => $"event: {kind}\ndata: {data}\n\n";

    /// <summary>A message with events.</summary>
    public static string Events(long first, IEnumerable<string> events) =>
        Message("events", string.Create(CultureInfo.InvariantCulture, $"{{\"first\":{first},\"events\":[{string.Join(',', events)}]}}"));

    /// <summary>The run as the list has it.</summary>
    public object Status(bool ended = false) => new
    {
        Id,
        Name,
        State = ended ? "completed" : State,
        Reason = (string?)null,
        BegunAt = DateTimeOffset.UnixEpoch,
        SimulatedNs,
        DurationNs = SimulatedNs,
        Cores = 2,
        Guests,
        Hash = ended ? new string('0', 64) : null,
    };
}
