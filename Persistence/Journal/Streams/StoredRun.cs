using System.Collections.Immutable;
using System.Security.Cryptography;
using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Reading;

namespace ActorTrace.Journal.Streams;

/// <summary>What is stored of a stream of an unfinished run.</summary>
/// <param name="Batches">SHA-256 of each batch's uncompressed payload, in order.</param>
/// <param name="Sizes">How many records each of them has.</param>
/// <param name="End">Its end mark; null where it was not finished.</param>
public sealed record StoredStream(ImmutableArray<ImmutableArray<byte>> Batches, ImmutableArray<int> Sizes, StreamEnd? End)
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

    /// <summary>Reads what is stored; 36 bytes a batch are kept.</summary>
    /// <exception cref="Files.JournalException">There is no such run, or the journal is damaged or locked.</exception>
    public static StoredRun Read(JournalReader reader, RunId run)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return new StoredRun(run, reader.Describe(run).Streams.ToImmutableSortedDictionary(
            stream => stream.Name,
            stream => Read(reader, run, stream),
            StringComparer.Ordinal));
    }

    private static StoredStream Read(JournalReader reader, RunId run, StreamInfo stream)
    {
        ImmutableArray<ImmutableArray<byte>>.Builder hashes = ImmutableArray.CreateBuilder<ImmutableArray<byte>>();
        ImmutableArray<int>.Builder sizes = ImmutableArray.CreateBuilder<int>();
        foreach (TraceBatch batch in reader.Read(run, stream.Name))
        {
            hashes.Add(StoredStream.HashOf(batch));
            sizes.Add(batch.Records);
        }

        return new StoredStream(hashes.DrainToImmutable(), sizes.DrainToImmutable(), stream.End);
    }
}
