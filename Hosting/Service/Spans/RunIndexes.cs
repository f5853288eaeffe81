using ActorTrace.Hosting.Telemetry;
using ActorTrace.Traces.Spans;
using ActorTrace.Traces.Spans.Index;

namespace ActorTrace.Hosting.Service.Spans;

/// <summary>
/// Where the traces of the runs are. An index is made when it is first asked for: of a run that is over at once, of one that is being
/// simulated as its records are stored. Those used last are kept.
/// </summary>
/// <param name="runs">The runs.</param>
internal sealed class RunIndexes(IRuns runs) : IDisposable
{
    private const long MostBytes = 256L << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Run, DateTimeOffset Begun), Entry> _entries = [];
    private readonly CancellationTokenSource _stop = new();
    private long _uses;

    /// <summary>Opens a run with its index.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stop">Gives up waiting.</param>
    /// <exception cref="RunProblemException">There is no such run any more.</exception>
    /// <exception cref="InvalidDataException">The run's streams contradict each other.</exception>
    public async Task<IndexedRun> OpenAsync(RunStatus run, CancellationToken stop)
    {
        Entry entry = Find(run);
        if (!run.IsLive)
        {
            await entry.Reading.WaitAsync(stop);
        }

        // What the index knows is stored: opened after it was asked, the journal has all of it.
        IOpenRun records = runs.Open(run.Id);
        return new IndexedRun(run, entry.Index, records, new SpanSource(records, run.Id, entry.Symbols));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
    }

    private Entry Find(RunStatus run)
    {
        lock (_lock)
        {
            // A run that was followed is read once more when it is over: then records that came very late are in their places.
            (string, DateTimeOffset) key = (run.Id, run.BegunAt);
            if (!_entries.TryGetValue(key, out Entry? entry) || entry.IsOfLive != run.IsLive || entry.Reading.IsFaulted)
            {
                _entries[key] = entry = Begin(run);
                Forget();
            }

            entry.Used = ++_uses;
            return entry;
        }
    }

    private Entry Begin(RunStatus run)
    {
        IOpenRun records = runs.Follow(run.Id, _stop.Token);
        SymbolName? symbols = ImageSymbols.Of(records.Manifest);
        var index = new TraceIndex();
        var reading = Task.Factory.StartNew(
            () =>
            {
                using (records)
                {
                    index.Read(new SpanSource(records, run.Id, symbols));
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return new Entry(index, symbols, reading, run.IsLive);
    }

    private void Forget()
    {
        long bytes = _entries.Values.Sum(entry => entry.Index.Bytes);
        foreach (((string, DateTimeOffset) key, Entry entry) in _entries.Where(e => e.Value.Reading.IsCompleted).OrderBy(e => e.Value.Used).ToArray())
        {
            if (bytes <= MostBytes)
            {
                return;
            }

            bytes -= entry.Index.Bytes;
            _ = _entries.Remove(key);
        }
    }

    private sealed record Entry(TraceIndex Index, SymbolName? Symbols, Task Reading, bool IsOfLive)
    {
        public long Used { get; set; }
    }
}

/// <summary>A run, open for reading, with the index of its traces.</summary>
/// <param name="Status">The run.</param>
/// <param name="Index">Its index.</param>
/// <param name="Records">Its records; closed with this.</param>
/// <param name="Source">What spans are made of.</param>
internal sealed record IndexedRun(RunStatus Status, TraceIndex Index, IOpenRun Records, SpanSource Source) : IDisposable
{
    /// <summary>The traces of a segment.</summary>
    public IReadOnlyList<SpanTrace> Read(TraceSegment segment) => SegmentReader.Traces(Source, Index, segment);

    /// <summary>A trace by its id; null where the run has none of it.</summary>
    public SpanTrace? Find(UInt128 trace) =>
        Index.Run is { } run && run.Id.Trace == trace
            ? new SpanTrace(trace, [run])
            : Index.Where(trace).SelectMany(Read).FirstOrDefault(found => found.Id == trace);

    /// <inheritdoc/>
    public void Dispose() => Records.Dispose();
}
