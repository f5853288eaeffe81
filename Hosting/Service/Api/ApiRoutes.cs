using System.Text.Json.Nodes;
using ActorTrace.Hosting.Service.Api.Access;
using ActorTrace.Hosting.Service.Api.Control;
using ActorTrace.Hosting.Service.Api.Counters;
using ActorTrace.Hosting.Service.Api.Downloads;
using ActorTrace.Hosting.Service.Api.Events;
using ActorTrace.Hosting.Service.Api.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTrace.Hosting.Service.Api;

/// <summary>The routes of /api/v1, one line each, with what the OpenAPI document says of them.</summary>
public static class ApiRoutes
{
    private const string PlainText = "text/plain";
    private const string Bytes = "application/octet-stream";

    /// <summary>Guards all endpoints of the service, and maps those of the API and its document.</summary>
    public static WebApplication MapApi(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        Problems.Use(app);
        AccessGuard.Use(app, new AccessRules(app.Services.GetRequiredService<ServiceOptions>()));
        _ = app.Services.GetRequiredService<TemporaryFiles>();
        RouteGroupBuilder runs = app.MapGroup(RunRoutes.Root).WithTags("runs");
        MapRuns(runs);
        MapLive(runs.MapGroup("/{id}").WithTags("live"));
        MapDocuments(runs.MapGroup("/{id}").WithTags("documents"));
        MapGuests(runs.MapGroup("/{id}").WithTags("guests"));
        MapControl(runs.MapGroup("/{id}/control").WithTags("control"));
        app.MapOpenApi("/openapi/{documentName}.json");
        return app;
    }

    private static void MapRuns(RouteGroupBuilder runs)
    {
        runs.MapGet("/", RunRoutes.List).Describe("listRuns", "All runs, the latest first, in pages").Produces<RunPage>();
        runs.MapPost("/", (HttpContext context, IRuns all, UploadReader reader, UploadBudget budget, HeavyWork heavy) => StartRoute.StartAsync(context, all, reader, budget, heavy))
            .Describe("startRun", "Starts a run from a scenario and its files (multipart/form-data)", 413, 415, 422, 429).Produces<RunStatus>(StatusCodes.Status201Created);
        runs.MapGet("/{id}", RunRoutes.Get).Describe("getRun", "A run", 404).Produces<RunStatus>();
        runs.MapDelete("/{id}", RunRoutes.DeleteAsync).Describe("deleteRun", "Removes a run and all that is stored of it", 404).Produces(StatusCodes.Status204NoContent);
        runs.MapPost("/{id}/pause", RunRoutes.PauseAsync).Describe("pauseRun", "Halts simulated time", 404, 409).Produces<RunStatus>();
        runs.MapPost("/{id}/continue", RunRoutes.ContinueAsync).Describe("continueRun", "Goes on with a run that is paused, or was cut off", 404, 409, 429).Produces<RunStatus>();
        runs.MapPost("/{id}/stop", RunRoutes.StopAsync).Describe("stopRun", "Ends a run; its journal is valid until there", 404, 409).Produces<RunStatus>();
        runs.MapPost("/{id}/step", RunRoutes.StepAsync).Describe("stepRun", "Lets a paused run go on for so long", 404, 409, 413, 415).Produces<RunStatus>();
    }

    private static void MapLive(RouteGroupBuilder run)
    {
        run.MapGet("/events", (HttpContext context, EventRoute route, string id, string? view, string? from, [FromHeader(Name = "Last-Event-ID")] string? lastEventId) => route.SendAsync(context, id, view, from, lastEventId))
            .Describe("followEvents", "Events as server-sent events, from any of them on", 404, 429).Produces<string>(StatusCodes.Status200OK, "text/event-stream");
        run.MapGet("/counters", (HttpContext context, CounterRoute route, string id) => route.GetAsync(context, id))
            .Describe("getCounters", "What a run has counted so far", 404).Produces<RunCounters>();
    }

    private static void MapDocuments(RouteGroupBuilder run)
    {
        run.MapGet("/summary", (HttpContext context, RunDocuments route, string id) => route.SummaryAsync(context, id))
            .Describe("getSummary", "What a run did so far: the JSON of inspect", 404).Produces<JsonObject>();
        run.MapGet("/report", (HttpContext context, RunDocuments route, string id, string? from, string? until) => route.ReportAsync(context, id, from, until))
            .Describe("getReport", "What a real-time engineer asks: the JSON of report", 404).Produces<JsonObject>();
        run.MapGet("/report.html", (HttpContext context, RunDocuments route, string id, string? from, string? until) => route.PageAsync(context, id, from, until))
            .Describe("getReportPage", "The same as a page with a timeline", 404, 422, 429).Produces<string>(StatusCodes.Status200OK, "text/html");
        run.MapGet("/replay/{format}", (HttpContext context, ReplayRoute route, string id, string format, [AsParameters] ReplayRoute.Part part) => route.SendAsync(context, id, format, part))
            .Describe("replayRun", "A run as a file of a trace format", 404, 429).Produces<Stream>(StatusCodes.Status200OK, Bytes);
        run.MapGet("/journal", (HttpContext context, RunDocuments route, string id) => route.JournalAsync(context, id))
            .Describe("getJournal", "A journal file that holds this run alone", 404, 409, 429).Produces<Stream>(StatusCodes.Status200OK, "application/vnd.sqlite3");
    }

    private static void MapGuests(RouteGroupBuilder run)
    {
        run.MapGet("/console/{guest}", (HttpContext context, GuestRoutes route, string id, string guest, bool? follow) => route.ConsoleAsync(context, id, guest, follow))
            .Describe("getConsole", "What a guest printed", 404, 429).Produces<string>(StatusCodes.Status200OK, PlainText);
        run.MapGet("/symbols/{guest}", (HttpContext context, GuestRoutes route, string id, string guest, string? prefix, int? limit) => route.SymbolsAsync(context, id, guest, prefix, limit))
            .Describe("listSymbols", "Functions of a guest's image", 404).Produces<NameList>();
        run.MapGet("/probesets/{guest}", (HttpContext context, GuestRoutes route, string id, string guest) => route.ProbeSetsAsync(context, id, guest))
            .Describe("listProbeSets", "Probe sets of a guest's kernel profile", 404).Produces<NameList>();
    }

    private static void MapControl(RouteGroupBuilder control)
    {
        control.MapGet("/", (ControlRoutes route, string id) => route.List(id)).Describe("listControl", "What is in the control tree", 404).Produces<string>(StatusCodes.Status200OK, PlainText);
        control.MapGet("/guests", (ControlRoutes route, string id) => route.Guests(id)).Describe("listGuests", "The guests, one a line", 404).Produces<string>(StatusCodes.Status200OK, PlainText);
        control.MapGet("/trace", (ControlRoutes route, string id) => route.ListTrace(id)).Describe("listTrace", "The profiler's files, one a line", 404).Produces<string>(StatusCodes.Status200OK, PlainText);
        control.MapGet("/trace/{file}", (ControlRoutes route, string id, string file) => route.Read(id, file)).Describe("readControl", "What stands in a file", 404).Produces<string>(StatusCodes.Status200OK, PlainText);
        control.MapPut("/trace/{file}", (HttpContext context, ControlRoutes route, string id, string file) => route.WriteAsync(context, id, file)).DescribeWrite("writeControl");
        control.MapPost("/trace/{file}", (HttpContext context, ControlRoutes route, string id, string file) => route.WriteAsync(context, id, file)).DescribeWrite("postControl");
        control.MapGet("/trace_pipe", (HttpContext context, ControlRoutes route, string id, string? view) => route.PipeAsync(context, id, view))
            .Describe("readTracePipe", "Events as ftrace text, as they come", 404, 429).Produces<string>(StatusCodes.Status200OK, PlainText);
    }

    private static RouteHandlerBuilder DescribeWrite(this RouteHandlerBuilder route, string name) => route
        .Describe(name, "Writes a file; answers ok, or the error that the controller in the GPOS gave; pending while the run is paused", 404, 409, 413)
        .Produces<string>(StatusCodes.Status200OK, PlainText)
        .Produces<string>(StatusCodes.Status202Accepted, PlainText);

    /// <summary>Every request may also be refused for its form, its sender, or a fault of the service.</summary>
    private static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string name, string summary, params int[] errors)
    {
        route.WithName(name).WithSummary(summary);
        foreach (int status in errors.Union([400, 401, 403, 421, 500]).Order())
        {
            route.ProducesProblem(status);
        }

        return route;
    }
}
