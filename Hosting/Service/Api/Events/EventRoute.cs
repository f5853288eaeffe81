using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorTrace.Hosting.Service.Api.Access;
using ActorTrace.Traces.Merge;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using HttpJsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace ActorTrace.Hosting.Service.Api.Events;

/// <summary>GET /runs/{id}/events: the events of a run as server-sent events, from any of them on.</summary>
internal sealed class EventRoute(
    IRuns runs, ReaderSlots slots, IOptions<HttpJsonOptions> json, IHostApplicationLifetime lifetime, EventRoute.Bounds bounds) : IDisposable
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(10);

    private readonly SharedFeeds<(string Run, TraceView View), EventFeed> _feeds = new(bounds.Grace, feed => feed.Ring.Look(0).Ended);

    /// <summary>What is kept for readers.</summary>
    /// <param name="RingBytes">Of each view of a run that is followed.</param>
    /// <param name="Grace">How long it is kept when the last reader has left.</param>
    internal sealed record Bounds(long RingBytes, TimeSpan Grace)
    {
        /// <summary>About 50,000 events: a second of the busiest runs.</summary>
        public static readonly Bounds Default = new(8 << 20, TimeSpan.FromSeconds(10));
    }

    /// <summary>Sends events until there are no more, or the reader leaves.</summary>
    /// <param name="context">The request.</param>
    /// <param name="id">The run.</param>
    /// <param name="view">gpos or board.</param>
    /// <param name="from">Number of the first event wanted.</param>
    /// <param name="lastEventId">The same as a browser says it when it connects again; it is later than what the address says.</param>
    public async Task SendAsync(HttpContext context, string id, string? view, string? from, string? lastEventId)
    {
        TraceView chosen = ViewParameter.Parse(view);
        ulong cursor = Number("Last-Event-ID", lastEventId) ?? Number("from", from) ?? 0;
        RunStatus run = RunRoutes.Find(runs, id);
        using IDisposable slot = slots.Take();
        using var writer = new TimedWriter(context, lifetime.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            if (run.IsLive)
            {
                await SendLiveAsync(writer, run, chosen, cursor);
            }
            else
            {
                await SendFinishedAsync(writer, run, chosen, cursor);
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has left, or the service ends.
        }
    }

    public void Dispose() => _feeds.Dispose();

    private static ulong? Number(string place, string? text) => text is null ? null
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number
        : throw ApiException.BadParameter(place, "the number of an event is needed");

    private async Task SendFinishedAsync(TimedWriter writer, RunStatus run, TraceView view, ulong cursor)
    {
        RunNews news = RunNews.Of(run, json.Value.SerializerOptions);
        await writer.WriteAsync(news.Progress);
        await SendStoredAsync(writer, run.Id, view, cursor, ulong.MaxValue);
        await writer.WriteAsync(news.End);
    }

    private async Task<ulong> SendStoredAsync(TimedWriter writer, string id, TraceView view, ulong cursor, ulong until)
    {
        await foreach (EventChunk chunk in StoredEvents.ReadAsync(runs, id, view, cursor, until, writer.Gone))
        {
            await writer.WriteAsync(chunk.From(chunk.First));
            cursor = chunk.Next;
        }

        return cursor;
    }

    /// <summary>
    /// What a reader wants and the ring does not hold is missed where it was simulated since the reader came: then the reader is slow.
    /// What was there before is read from the journal, up to the head of the ring, however far that has come meanwhile.
    /// </summary>
    private async Task SendLiveAsync(TimedWriter writer, RunStatus run, TraceView view, ulong cursor)
    {
        JsonSerializerOptions options = json.Value.SerializerOptions;
        using SharedFeeds<(string Run, TraceView View), EventFeed>.Lease lease =
            _feeds.Use((run.Id, view), () => new EventFeed(runs, run, view, bounds.RingBytes, options));
        EventFeed feed = lease.Feed;
        RunNews? told = null;
        while (true)
        {
            if (!ReferenceEquals(told, feed.News))
            {
                told = feed.News;
                await writer.WriteAsync(told.Progress);
            }

            RingView ring = feed.Ring.Look(cursor);
            if (ring.Chunk is { } chunk)
            {
                await writer.WriteAsync(chunk.From(cursor));
                cursor = chunk.Next;
            }
            else if (cursor < ring.Oldest)
            {
                bool before = ring.OldestNs <= run.SimulatedNs || told.Run.State == RunState.Repeating;
                cursor = before ? await CatchUpAsync(writer, run.Id, view, cursor, ring.Head) : await SkipAsync(writer, cursor, ring.Oldest);
            }
            else if (ring.Ended)
            {
                await EndAsync(writer, feed);
                return;
            }
            else if (!await WaitAsync(ring.Changed, writer.Gone))
            {
                await writer.WriteAsync(": \n\n"u8.ToArray());
            }
        }
    }

    private async Task<ulong> CatchUpAsync(TimedWriter writer, string id, TraceView view, ulong cursor, ulong until)
    {
        ulong reached = await SendStoredAsync(writer, id, view, cursor, until);
        return reached > cursor ? reached : throw new InvalidDataException($"event {cursor} was published and is not stored");
    }

    private static async Task<ulong> SkipAsync(TimedWriter writer, ulong cursor, ulong oldest)
    {
        await writer.WriteAsync(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"id: {oldest}\nevent: missed\ndata: {{\"from\":{cursor},\"to\":{oldest}}}\n\n")));
        return oldest;
    }

    private static async Task EndAsync(TimedWriter writer, EventFeed feed)
    {
        if (feed.Failure is not null && feed.News.Run.IsLive)
        {
            throw new InvalidDataException($"the run cannot be followed: {feed.Failure.Message}", feed.Failure);
        }

        await writer.WriteAsync(feed.News.End);
    }

    /// <summary>False where nothing happened for so long that the reader may have left.</summary>
    private static async Task<bool> WaitAsync(Task changed, CancellationToken gone)
    {
        try
        {
            await changed.WaitAsync(KeepAlive, gone);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
