using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Scenarios;
using Microsoft.AspNetCore.Http;

namespace ActorTrace.Hosting.Service.Api.Uploads;

/// <summary>POST /runs: a run from an uploaded scenario and its files.</summary>
internal static class StartRoute
{
    /// <summary>Reads the upload, the scenario in it, and starts the run.</summary>
    public static async Task<IResult> StartAsync(HttpContext context, IRuns runs, UploadReader reader, UploadBudget budget, HeavyWork heavy)
    {
        Scenario scenario;
        bool paused;
        using (UploadBudget.Claim claim = budget.Begin())
        {
            Upload upload = await reader.ReadAsync(context.Request, claim);
            paused = upload.Paused;
            scenario = await heavy.DoAsync(() => Load(upload), context.RequestAborted);
        }

        RunStatus run = await runs.StartAsync(scenario, paused);
        return TypedResults.Created(RunRoutes.PathOf(run.Id), run);
    }

    private static Scenario Load(Upload upload)
    {
        string text = new ScenarioChanges(upload.For, NoTrace: false).AppendTo(Utf8.Decode(upload.ScenarioName, upload.Scenario));
        return ScenarioLoader.Load(upload.ScenarioName, text, new UploadedFiles(upload.Files, AppContext.BaseDirectory));
    }
}
