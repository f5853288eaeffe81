using ActorTrace.Journal.Batches;
using Akka.Actor;
using Akka.Persistence;

namespace ActorTrace.Journal.Streams;

/// <summary>
/// Writes one stream: each <see cref="StoreBatch"/> becomes one persisted event, in order, and is answered when it is stored.
/// It recovers nothing but its last sequence number. Whatever fails is a <see cref="JournalFailedException"/> to its supervisor.
/// </summary>
#pragma warning disable CA1001 // an actor is not disposed: PostStop is its end
public sealed class TraceJournalActor : ReceivePersistentActor
#pragma warning restore CA1001
{
    private readonly StreamId _stream;
    private readonly StreamState _state = new();
    private readonly List<IActorRef> _finishing = [];

    /// <summary>Creates the writer of a stream that has no event yet.</summary>
    public TraceJournalActor(StreamId stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        PersistenceId = stream.PersistenceId;
        Command<StoreBatch>(Store);
        Command<FinishStream>(_ => Finish());
    }

    /// <inheritdoc/>
    public override string PersistenceId { get; }

    /// <inheritdoc/>
    public override Recovery Recovery => Recovery.None;

    /// <summary>How to create the writer of a stream.</summary>
    public static Props Props(StreamId stream) => Akka.Actor.Props.Create(() => new TraceJournalActor(stream));

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

        RequireNewStream();
        if (_state.Take(command.Batch) is { } violation)
        {
            throw Failed(violation);
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
            RequireNewStream();
            PersistAsync(_state.Finish(), _ =>
            {
                _state.Finished();
                AnswerFinished();
            });
        }
    }

    /// <summary>Another writer's stream is never continued: its hash would be wrong.</summary>
    private void RequireNewStream()
    {
        if (_state.Batches == 0 && LastSequenceNr > 0)
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
