using System.Text.Json;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Service.Api.Events;

/// <summary>The live events of one view of a run: follows it on a thread of its own, once for all readers.</summary>
internal sealed class EventFeed : ITraceEventSink, IDisposable
{
    private static readonly TimeSpan FlushEvery = TimeSpan.FromMilliseconds(125);
    private static readonly TimeSpan EndWait = TimeSpan.FromMilliseconds(50);
    private const int MostEndWaits = 200;

    private readonly Lock _lock = new();
    private readonly EventEncoder _encoder = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IRuns _runs;
    private readonly string _id;
    private readonly JsonSerializerOptions _json;
    private readonly Timer _timer;
    private RunNews _news;
    private int _ticks;

    /// <summary>Begins to follow.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="run">The run as it is now.</param>
    /// <param name="view">The view.</param>
    /// <param name="ringBytes">What is kept for readers.</param>
    /// <param name="json">How a run is written.</param>
    public EventFeed(IRuns runs, RunStatus run, TraceView view, long ringBytes, JsonSerializerOptions json)
    {
        (_runs, _id, _json) = (runs, run.Id, json);
        Ring = new EventRing(ringBytes);
        _news = RunNews.Of(run, json);
        _timer = new Timer(_ => Tick(), null, FlushEvery, FlushEvery);
        new Thread(() => Follow(view)) { IsBackground = true, Name = "events" }.Start();
    }

    /// <summary>The latest events.</summary>
    public EventRing Ring { get; }

    /// <summary>The run as it was a moment ago.</summary>
    public RunNews News => Volatile.Read(ref _news);

    /// <summary>Why it could not go on; null where it could.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public void Write(in TraceEvent next)
    {
        lock (_lock)
        {
            _encoder.Add(next);
            Publish(EventEncoder.MostEvents);
        }
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count)
    {
        lock (_lock)
        {
            _encoder.AddLost(cpu, nanoseconds, count);
            Publish(EventEncoder.MostEvents);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _timer.Dispose();
    }

    private void Publish(int atLeast)
    {
        if (_encoder.Waiting >= atLeast)
        {
            Ring.Publish(_encoder.Take());
        }
    }

    private void Follow(TraceView view)
    {
        try
        {
            using IOpenRun run = _runs.Follow(_id, _stop.Token);
            _ = new Replay(run, view).Send(this);
            lock (_lock)
            {
                Publish(1);
            }
        }
        catch (Exception e) when (e is InvalidDataException or RunProblemException or IOException or OperationCanceledException)
        {
            Failure = e;
        }
        finally
        {
            WaitForEnd();
            Ring.End();
        }
    }

    /// <summary>The last record is stored a moment before the run is known to be over.</summary>
    private void WaitForEnd()
    {
        for (int i = 0; Failure is null && i < MostEndWaits && _runs.Find(_id) is { IsLive: true } && !_stop.Token.WaitHandle.WaitOne(EndWait); i++)
        {
        }

        Refresh();
    }

    /// <summary>What is waiting goes out though the chunk is not full; readers are told how far the run has come.</summary>
    private void Tick()
    {
        lock (_lock)
        {
            Publish(1);
        }

        if (_ticks++ % 2 == 0)
        {
            Refresh();
        }
    }

    private void Refresh()
    {
        RunStatus before = News.Run;
        if (_runs.Find(_id) is { } now
            && (now.State != before.State || now.SimulatedNs != before.SimulatedNs || !string.Equals(now.Hash, before.Hash, StringComparison.Ordinal)))
        {
            Volatile.Write(ref _news, RunNews.Of(now, _json));
            Ring.Wake();
        }
    }
}
