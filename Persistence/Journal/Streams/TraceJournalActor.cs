using ActorTrace.Journal.Batches;
using Akka.Actor;
using Akka.Persistence;

namespace ActorTrace.Journal.Streams;

/// <summary>
/// Writes one stream: each <see cref="StoreBatch"/> becomes one persisted event, in order, and is answered when it is stored.
/// It recovers nothing but its last sequence number. A stream that is continued is repeated first: batches that are stored
/// already are compared, not written. Whatever fails is a <see cref="JournalFailedException"/> to its supervisor.
/// </summary>
#pragma warning disable CA1001 // an actor is not disposed: PostStop is its end
public sealed class TraceJournalActor : ReceivePersistentActor
#pragma warning restore CA1001
{
    private readonly StreamId _stream;
    private readonly StoredStream? _stored;
    private readonly StreamState _state = new();
    private readonly List<IActorRef> _finishing = [];

    /// <summary>Creates the writer of a stream.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="stored">What is stored of it and will come again; null for a stream that has no event yet.</param>
    public TraceJournalActor(StreamId stream, StoredStream? stored)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _stored = stored;
        PersistenceId = stream.PersistenceId;
        Command<StoreBatch>(Store);
        Command<FinishStream>(_ => Finish());
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.None;

    /// <summary>How to create the writer of a stream.</summary>
    public static Props Props(StreamId stream, StoredStream? stored = null) => Akka.Actor.Props.Create(() => new TraceJournalActor(stream, stored));

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        throw Failed($"the journal does not open: {OneLine(reason)}", reason);

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        throw Failed($"event {sequenceNr} is not stored: {OneLine(cause)}", cause);

    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        throw Failed($"event {sequenceNr} is rejected: {OneLine(cause)}", cause);

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _state.Dispose();
        base.PostStop();
    }

    private static string OneLine(Exception cause) => cause.GetBaseException().Message.ReplaceLineEndings(" ");

    private void Store(StoreBatch command)
    {
        IActorRef sender = Sender;
        if (_state.Closed)
        {
            sender.Tell(new BatchRefused(_stream.Name, command.Batch.Number, "the stream is finished"));
            return;
        }

        if (!string.Equals(command.Stream, _stream.Name, StringComparison.Ordinal))
        {
            throw Failed($"a batch of {command.Stream} came");
        }

        bool repeated = command.Batch.Number <= StoredBatches;
        if (!repeated)
        {
            RequireOwnEvents();
        }

        if (_state.Take(command.Batch) is { } violation)
        {
            throw Failed(violation);
        }

        if (repeated)
        {
            Compare(command.Batch);
            sender.Tell(new BatchStored(_stream.Name, command.Batch.Number, 0));
            return;
        }

        // Compressed here and not in the serializer: streams are packed in parallel, the one database actor only copies bytes.
        PersistAsync(
            PackedBatch.Pack(command.Batch),
            stored => sender.Tell(new BatchStored(_stream.Name, stored.Number, stored.Bytes.Length)));
    }

    private void Finish()
    {
        _finishing.Add(Sender);
        if (_state.IsFinished)
        {
            AnswerFinished();
        }
        else if (!_state.Closed)
        {
            if (_state.Batches < StoredBatches)
            {
                throw Failed($"{StoredBatches} batches are stored, {_state.Batches} came again");
            }

            if (_stored?.End is { } end)
            {
                FinishStored(end);
                return;
            }

            RequireOwnEvents();
            PersistAsync(_state.Finish(), _ =>
            {
                _state.Finished();
                AnswerFinished();
            });
        }
    }

    private int StoredBatches => _stored?.Batches.Length ?? 0;

    private void Compare(TraceBatch batch)
    {
        if (!_stored!.Batches[(int)batch.Number - 1].AsSpan().SequenceEqual(StoredStream.HashOf(batch).AsSpan()))
        {
            throw Failed($"batch {batch.Number} is not the one that is stored");
        }

        if (batch.Number == StoredBatches)
        {
            Context.Parent.Tell(new StoredRepeated(_stream.Name));
        }
    }

    private void FinishStored(StreamEnd end)
    {
        StreamEnd repeated = _state.Finish();
        if (repeated.Batches != end.Batches || !repeated.Sha256.AsSpan().SequenceEqual(end.Sha256.AsSpan()))
        {
            throw Failed("its end is not the one that is stored");
        }

        _state.Finished();
        AnswerFinished();
    }

    /// <summary>What another writer has put into the stream is never written behind: the stream's hash would be wrong.</summary>
    private void RequireOwnEvents()
    {
        if (_state.Batches == StoredBatches && LastSequenceNr > StoredBatches)
        {
            throw Failed($"it has {LastSequenceNr} events already");
        }
    }

    private void AnswerFinished()
    {
        StreamEnd end = _state.End();
        var finished = new StreamFinished(_stream.Name, end.Batches, end.Records, end.Sha256);
        _finishing.ForEach(requester => requester.Tell(finished));
        _finishing.Clear();
    }

    private JournalFailedException Failed(string reason, Exception? cause = null) => new(PersistenceId, reason, cause);
}
