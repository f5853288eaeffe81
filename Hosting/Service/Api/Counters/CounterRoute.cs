using Microsoft.AspNetCore.Http;

namespace ActorTrace.Hosting.Service.Api.Counters;

/// <summary>GET /runs/{id}/counters: live figures; of a run that is over, its final ones.</summary>
internal sealed class CounterRoute(IRuns runs) : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    private readonly SharedFeeds<string, CounterFeed> _feeds = new(Grace, feed => feed.Done.IsFaulted);

    /// <summary>The figures.</summary>
    public async Task<IResult> GetAsync(HttpContext context, string id)
    {
        RunStatus run = RunRoutes.Find(runs, id);
        using SharedFeeds<string, CounterFeed>.Lease lease = _feeds.Use(KeyOf(run), () => new CounterFeed(runs, run));
        if (!run.IsLive || lease.Feed.Done.IsFaulted)
        {
            await lease.Feed.Done.WaitAsync(context.RequestAborted);
        }

        return TypedResults.Ok(lease.Feed.Now);
    }

    public void Dispose() => _feeds.Dispose();

    /// <summary>A run that was cut off and goes on is counted anew.</summary>
    private static string KeyOf(RunStatus run) => (run.State == RunState.Unfinished ? "cut off " : "") + run.Id;
}
