using System.Text.Json.Nodes;
using ActorTrace.Hosting.Cli;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Service.Api.Access;
using ActorTrace.Traces.Analysis;
using ActorTrace.Traces.Analysis.Report;
using ActorTrace.Traces.Timelines;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace ActorTrace.Hosting.Service.Api.Downloads;

/// <summary>What is told of a run in one document: summary, report, and the journal itself.</summary>
internal sealed class RunDocuments(IRuns runs, ReaderSlots slots, TemporaryFiles files, HeavyWork heavy, IHostApplicationLifetime lifetime)
{
    private const int CopyBytes = 1 << 16;

    /// <summary>GET /runs/{id}/summary: the JSON of `inspect --json`.</summary>
    public async Task<IResult> SummaryAsync(HttpContext context, string id)
    {
        RunStatus status = RunRoutes.Find(runs, id);
        JsonObject summary = await heavy.DoAsync(
            () =>
            {
                using IOpenRun run = runs.Open(id);
                return RunReportJson.Build(new RunReport($"{RunRoutes.PathOf(id)}/journal", id, status.Hash, RunSummarizer.Summarize(run), null));
            },
            context.RequestAborted);
        return Json(summary);
    }

    /// <summary>GET /runs/{id}/report: the JSON of `report --json`.</summary>
    public async Task<IResult> ReportAsync(HttpContext context, string id, string? from, string? until)
    {
        ReportRequest request = Request(from, until);
        _ = RunRoutes.Find(runs, id);
        return Json(await heavy.DoAsync(
            () =>
            {
                using IOpenRun run = runs.Open(id);
                return ReportJson.Build(Report(request, run));
            },
            context.RequestAborted));
    }

    /// <summary>GET /runs/{id}/report.html: the page of `report --html`.</summary>
    public async Task PageAsync(HttpContext context, string id, string? from, string? until)
    {
        ReportRequest request = Request(from, until);
        _ = RunRoutes.Find(runs, id);
        using IDisposable slot = slots.Take();
        (TraceReport report, Timeline timeline) = await heavy.DoAsync(
            () =>
            {
                using IOpenRun run = runs.Open(id);
                return (Report(request, run), TimelineReader.OfRun(run, ReplayRoute.Asked(() => request.Window(run.Manifest.Clock))));
            },
            context.RequestAborted);
        context.Response.ContentType = "text/html; charset=utf-8";
        await StreamedBody.SendAsync(context, (output, _) => HtmlReport.Write(output, report, timeline), lifetime.ApplicationStopping);
    }

    /// <summary>GET /runs/{id}/journal: a journal file that holds this run alone.</summary>
    public async Task JournalAsync(HttpContext context, string id)
    {
        RunStatus run = RunRoutes.Find(runs, id);
        using IDisposable slot = slots.Take();
        using TemporaryFiles.Place place = files.New();
        string path = place.Named("journal.atj");
        await heavy.DoAsync(
            () =>
            {
                runs.CopyJournal(id, path);
                return true;
            },
            context.RequestAborted);
        context.Response.ContentType = "application/vnd.sqlite3";
        context.Response.ContentLength = new FileInfo(path).Length;
        DownloadName.Set(context.Response, run, ".atj");
        await StreamedBody.SendAsync(context, (output, _) =>
        {
            using FileStream file = File.OpenRead(path);
            file.CopyTo(output, CopyBytes);
        }, lifetime.ApplicationStopping);
    }

    private static ReportRequest Request(string? from, string? until) => ReplayRoute.Asked(
        () => new ReportRequest(ReportRequest.Time("from", from), ReportRequest.Time("until", until), ReportRequest.ParseDeadlines([])));

    private static TraceReport Report(ReportRequest request, IOpenRun run) =>
        Reporter.OfRun(run, ReplayRoute.Asked(() => request.Options(run.Manifest.Clock, Deadlines.OfRun(run.Manifest))));

    private static Microsoft.AspNetCore.Http.HttpResults.ContentHttpResult Json(JsonObject document) =>
        TypedResults.Content(document.ToJsonString(RunReportJson.Options), "application/json; charset=utf-8");
}
