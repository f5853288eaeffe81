using System.Collections.Immutable;
using System.Security.Cryptography;
using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Reading;

namespace ActorTrace.Journal.Streams;

/// <summary>What is stored of a stream of an unfinished run.</summary>
/// <param name="Batches">SHA-256 of each batch's uncompressed payload, in order.</param>
/// <param name="End">Its end mark; null where it was not finished.</param>
public sealed record StoredStream(ImmutableArray<ImmutableArray<byte>> Batches, StreamEnd? End)
{
    /// <summary>The hash that a stored batch is recognised by.</summary>
    public static ImmutableArray<byte> HashOf(TraceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return [.. SHA256.HashData(batch.Payload.Span)];
    }
}

/// <summary>What is stored of an unfinished run, by which a repeated execution is checked before it goes on.</summary>
/// <param name="Run">The run.</param>
/// <param name="Streams">Its streams by name.</param>
public sealed record StoredRun(RunId Run, ImmutableSortedDictionary<string, StoredStream> Streams)
{
    /// <summary>Batches in all streams.</summary>
    public long Batches => Streams.Values.Sum(stream => (long)stream.Batches.Length);

    /// <summary>Reads what is stored; 32 bytes a batch are kept.</summary>
    /// <exception cref="Files.JournalException">There is no such run, or the journal is damaged or locked.</exception>
    public static StoredRun Read(JournalReader reader, RunId run)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new StoredRun(run, reader.Describe(run).Streams.ToImmutableSortedDictionary(
            stream => stream.Name,
            stream => new StoredStream([.. reader.Read(run, stream.Name).Select(StoredStream.HashOf)], stream.End),
            StringComparer.Ordinal));
    }
}
