using ActorTrace.Journal.Batches;
using ActorTrace.Traces.Binary;

namespace ActorTrace.Journal.Streams;

/// <summary>What the journal knows of a stream that it writes.</summary>
public sealed class StreamState : IDisposable
{
    private readonly StreamHasher _hasher = new();

    private enum Phase
    {
        Open,
        Finishing,
        Finished,
    }

    private Phase _phase;

    /// <summary>Batches taken, stored or on the way.</summary>
    public long Batches { get; private set; }

    /// <summary>Records in them.</summary>
    public long Records { get; private set; }

    /// <summary>True from <see cref="Finish"/> on.</summary>
    public bool Closed => _phase != Phase.Open;

    /// <summary>True from <see cref="Finished"/> on.</summary>
    public bool IsFinished => _phase == Phase.Finished;

    /// <summary>Takes a batch into the stream.</summary>
    /// <returns>Null, or why the batch does not continue the stream.</returns>
    public string? Take(TraceBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Number != Batches + 1)
        {
            return $"batch {batch.Number} came, batch {Batches + 1} is next";
        }

        Batches = batch.Number;
        Records += batch.Records;
        _hasher.Append(batch.Payload.Span);
        return null;
    }

    /// <summary>No more batches come.</summary>
    /// <returns>The end mark to store.</returns>
    /// <exception cref="InvalidOperationException">It was finished before.</exception>
    public StreamEnd Finish()
    {
        if (Closed)
        {
            throw new InvalidOperationException("the stream was finished before");
        }

        _phase = Phase.Finishing;
        return End();
    }

    /// <summary>The end mark is stored.</summary>
    public void Finished() => _phase = Phase.Finished;

    /// <summary>The end mark of what was taken.</summary>
    public StreamEnd End() => new(Batches, Records, [.. _hasher.Current()]);

    /// <inheritdoc/>
    public void Dispose() => _hasher.Dispose();
}
