using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Recording;

/// <summary>A batch of a stream, on its way to the journal.</summary>
/// <param name="Stream">The stream's name without the run: core-0, lane-1, control, inputs.</param>
/// <param name="Number">Counts from 1 in the stream.</param>
/// <param name="First">Time of its first record.</param>
/// <param name="Last">Time of its last record.</param>
/// <param name="Records">How many records.</param>
/// <param name="Payload">The packed records; never changed after it was handed over.</param>
public sealed record RecordedBatch(
    string Stream, long Number, VirtualInstant First, VirtualInstant Last, int Records, ReadOnlyMemory<byte> Payload);

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
    private readonly List<RecordedBatch> ready = [];
    private long number;
    private VirtualInstant first;
    private VirtualInstant last;

    /// <summary>The stream's name.</summary>
    public string Name { get; } = name;

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
    public IReadOnlyList<RecordedBatch> Take(bool all)
    {
        if (all && writer.Count > 0)
        {
            Cut();
        }

        if (ready.Count == 0)
        {
            return [];
        }

        RecordedBatch[] taken = [.. ready];
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
        ready.Add(new RecordedBatch(Name, ++number, first, last, writer.Count, payload));
        writer.Clear();
    }
}
