using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Service.Api.Counters;

/// <summary>Keeps the counters of a run: follows its records on a thread of its own.</summary>
internal sealed class CounterFeed : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CounterState _state;

    /// <summary>Begins to follow.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="run">The run.</param>
    public CounterFeed(IRuns runs, RunStatus run)
    {
        // Reading the images takes a while, and a run without probes does not need it.
        var places = new Lazy<ProbePlaces>(() => new ProbePlaces(run.State == RunState.Imported ? [] : runs.ScenarioOf(run.Id).Guests));
        _state = new CounterState((vcpu, address) => places.Value.NameOf(vcpu, address));
        new Thread(() => Follow(runs, run.Id)) { IsBackground = true, Name = "counters" }.Start();
    }

    /// <summary>Done when all of the run is counted.</summary>
    public Task Done => _done.Task;

    /// <summary>The figures now.</summary>
    public RunCounters Now
    {
        get
        {
            lock (_lock)
            {
                return _state.Now;
            }
        }
    }

    public void Dispose() => _stop.Cancel();

    private void Follow(IRuns runs, string id)
    {
        try
        {
            using IOpenRun run = runs.Follow(id, _stop.Token);
            foreach (MergedRecord merged in TraceMerger.Merge(run, TraceView.Board))
            {
                lock (_lock)
                {
                    _state.Add(merged.Record);
                }
            }

            ProbeCountsRecord[] counts = [.. run.ReadStream(StreamNames.Control).OfType<ProbeCountsRecord>()];
            lock (_lock)
            {
                _state.Settle(counts);
            }

            _done.TrySetResult();
        }
        catch (Exception e)
        {
            // Told to whoever asks for the figures.
            _done.TrySetException(e);
        }
    }
}
