using ActorTrace.Machine.Values;

namespace ActorTrace.Journal.Batches;

/// <summary>Consecutive records of one stream, packed; the journal does not look into them.</summary>
/// <param name="Number">Its place in the stream, the first is 1.</param>
/// <param name="First">Time of its first record.</param>
/// <param name="Last">Time of its last record.</param>
/// <param name="Records">How many records, at least 1.</param>
/// <param name="Payload">The records' bytes; never changed after the batch was made.</param>
public sealed record TraceBatch(
    long Number, VirtualInstant First, VirtualInstant Last, int Records, ReadOnlyMemory<byte> Payload);
