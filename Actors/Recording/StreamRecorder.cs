using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Recording;

/// <summary>
/// Packs the records of one stream into batches and keeps the stream's hash. A batch is cut by its number of records and by
/// virtual time, and where somebody outside halts the run. Where batches end is no part of what was recorded; a run that is
/// continued cuts as it is stored.
/// </summary>
/// <param name="name">The stream's name.</param>
/// <param name="longestSpan">Cycles of virtual time that a batch covers at the most.</param>
/// <param name="stored">Records of each batch that is stored already; empty for a new run.</param>
public sealed class StreamRecorder(string name, ulong longestSpan, IEnumerable<int>? stored = null) : IDisposable
{
    private const int RecordsPerBatch = 4096;
    private readonly RecordWriter writer = new();
    private readonly StreamHasher hasher = new();
    private readonly List<StoreBatch> ready = [];
    private readonly Queue<int> storedSizes = new(stored ?? []);
    private long number;
    private VirtualInstant first;
    private VirtualInstant last;

    /// <summary>The stream's name.</summary>
    public string Name { get; } = name;

    /// <summary>True where nothing was cut into a batch: the journal has no such stream.</summary>
    public bool IsEmpty => number == 0;

    /// <summary>SHA-256 of all records that were cut into batches.</summary>
    public byte[] Hash() => hasher.Current();

    /// <summary>Appends a record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="at">Its time.</param>
    public void Add(TraceRecord record, VirtualInstant at)
    {
        if (writer.Count > 0 && storedSizes.Count == 0 && (writer.Count >= RecordsPerBatch || IsOlder(at, longestSpan)))
        {
            Cut();
        }

        if (writer.Count == 0)
        {
            first = at;
        }

        last = at;
        writer.Add(record);
        if (storedSizes.TryPeek(out int size) && writer.Count == size)
        {
            Cut();
        }
    }

    /// <summary>Time has passed: what was recorded a while ago is not held back for more.</summary>
    /// <param name="now">The time.</param>
    public void Pass(VirtualInstant now)
    {
        if (writer.Count > 0 && storedSizes.Count == 0 && IsOlder(now, 2 * longestSpan))
        {
            Cut();
        }
    }

    /// <summary>Takes the complete batches.</summary>
    /// <param name="all">True also takes the one that is being filled; one that is stored already is taken only when it is complete.</param>
    public IReadOnlyList<StoreBatch> Take(bool all)
    {
        if (all && writer.Count > 0 && storedSizes.Count == 0)
        {
            Cut();
        }

        if (ready.Count == 0)
        {
            return [];
        }

        StoreBatch[] taken = [.. ready];
        ready.Clear();
        return taken;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        writer.Dispose();
        hasher.Dispose();
    }

    private void Cut()
    {
        byte[] payload = writer.Written.ToArray();
        hasher.Append(payload);
        ready.Add(new StoreBatch(Name, new TraceBatch(++number, first, last, writer.Count, payload)));
        writer.Clear();
        _ = storedSizes.TryDequeue(out _);
    }

    private bool IsOlder(VirtualInstant at, ulong span) => at.Cycles - Math.Min(at.Cycles, first.Cycles) > span;
}
