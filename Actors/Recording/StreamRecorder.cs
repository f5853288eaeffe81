using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Recording;

/// <summary>
/// Packs the records of one stream into batches and keeps the stream's hash. A batch is cut by its number of records and by
/// virtual time only, never by the wall clock.
/// </summary>
/// <param name="name">The stream's name.</param>
/// <param name="longestSpan">Cycles of virtual time that a batch covers at the most.</param>
public sealed class StreamRecorder(string name, ulong longestSpan) : IDisposable
{
    private const int RecordsPerBatch = 4096;
    private readonly RecordWriter writer = new();
    private readonly StreamHasher hasher = new();
    private readonly List<StoreBatch> ready = [];
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
        if (writer.Count > 0 && (writer.Count >= RecordsPerBatch || at.Cycles - Math.Min(at.Cycles, first.Cycles) > longestSpan))
        {
            Cut();
        }

        if (writer.Count == 0)
        {
            first = at;
        }

        last = at;
        writer.Add(record);
    }

    /// <summary>Takes the complete batches.</summary>
    /// <param name="all">True also takes the one that is being filled.</param>
    public IReadOnlyList<StoreBatch> Take(bool all)
    {
        if (all && writer.Count > 0)
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
    }
}
