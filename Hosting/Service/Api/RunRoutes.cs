using Microsoft.AspNetCore.Http;

namespace ActorTrace.Hosting.Service.Api;

/// <summary>What can be done with a run as a whole.</summary>
internal static class RunRoutes
{
    /// <summary>Where the runs are.</summary>
    public const string Root = "/api/v1/runs";

    /// <summary>Where a run is.</summary>
    public static string PathOf(string id) => $"{Root}/{Uri.EscapeDataString(id)}";

    /// <summary>A run.</summary>
    /// <exception cref="ApiException">There is none of that id.</exception>
    public static RunStatus Find(IRuns runs, string id) =>
        runs.Find(id) ?? throw new ApiException(StatusCodes.Status404NotFound, $"there is no such run (GET {Root} lists them)");

    /// <summary>The list, a page of it.</summary>
    public static IResult List(IRuns runs, int? limit, string? after) => TypedResults.Ok(RunList.Page(runs.List(), limit ?? RunList.DefaultLimit, after));

    /// <summary>One run.</summary>
    public static IResult Get(IRuns runs, string id) => TypedResults.Ok(Find(runs, id));

    /// <summary>Removes a run.</summary>
    public static async Task<IResult> DeleteAsync(IRuns runs, string id)
    {
        await runs.DeleteAsync(id);
        return TypedResults.NoContent();
    }

    /// <summary>Halts its time.</summary>
    public static async Task<IResult> PauseAsync(IRuns runs, string id) => TypedResults.Ok(await runs.PauseAsync(id));

    /// <summary>Goes on.</summary>
    public static async Task<IResult> ContinueAsync(IRuns runs, string id) => TypedResults.Ok(await runs.ContinueAsync(id));

    /// <summary>Ends it.</summary>
    public static async Task<IResult> StopAsync(IRuns runs, string id) => TypedResults.Ok(await runs.StopAsync(id));

    /// <summary>Goes on for so long.</summary>
    public static async Task<IResult> StepAsync(IRuns runs, string id, StepRequest step) => step.Ns > 0
        ? TypedResults.Ok(await runs.StepAsync(id, step.Ns))
        : throw ApiException.BadParameter("ns", "a number of nanoseconds, at least 1");
}
