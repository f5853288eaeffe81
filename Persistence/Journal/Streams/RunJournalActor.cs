using ActorTrace.Traces.Binary;
using Akka.Actor;

namespace ActorTrace.Journal.Streams;

/// <summary>
/// Writes a run: one <see cref="TraceJournalActor"/> a stream, created with its first batch. The control stream is finished
/// last, so its end mark says that the whole run is stored. A stream's failure escalates.
/// </summary>
/// <remarks>
/// A run that is continued is executed again from its beginning. Nothing new is written before all that is stored came again
/// and was the same: what another version of the program makes of the inputs never gets behind what this one made.
/// </remarks>
public sealed class RunJournalActor : ReceiveActor, IWithUnboundedStash
{
    private readonly RunId _run;
    private readonly StoredRun? _stored;
    private readonly HashSet<string> _repeating = new(StringComparer.Ordinal);
    private readonly HashSet<string> _compared = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, IActorRef> _streams = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, StreamFinished> _finished = new(StringComparer.Ordinal);
    private IActorRef _requester = ActorRefs.Nobody;

    /// <summary>Creates the writer of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="stored">What is stored of it; null for a new run.</param>
    public RunJournalActor(RunId run, StoredRun? stored)
    {
        _run = run;
        _stored = stored;
        _repeating.UnionWith(stored?.Streams.Where(stream => stream.Value.Batches.Length > 0).Select(stream => stream.Key) ?? []);
        Become(_repeating.Count > 0 ? Repeating : Storing);
    }

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <summary>How to create the writer of a new run.</summary>
    public static Props Props(RunId run) => Akka.Actor.Props.Create(() => new RunJournalActor(run, null));

    /// <summary>How to create the writer of a run that is continued.</summary>
    public static Props Props(StoredRun stored) => Akka.Actor.Props.Create(() => new RunJournalActor(stored.Run, stored));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    private void Repeating()
    {
        Receive<StoreBatch>(store =>
        {
            int stored = StoredBatchesOf(store.Stream);
            if (store.Batch.Number <= stored)
            {
                if (store.Batch.Number == stored)
                {
                    _ = _compared.Add(store.Stream);
                }

                Stream(store.Stream).Forward(store);
            }
            else
            {
                // As many as the clock gives credit for: so many were under way when the run was cut off, too.
                Stash.Stash();
            }
        });
        Receive<StoredRepeated>(repeated =>
        {
            _ = _repeating.Remove(repeated.Stream);
            if (_repeating.Count == 0)
            {
                Context.Parent.Tell(RunRepeated.Instance);
                Become(Storing);
                Stash.UnstashAll();
            }
        });
        Receive<FinishRun>(_ =>
        {
            if (_repeating.Except(_compared, StringComparer.Ordinal).Order(StringComparer.Ordinal).FirstOrDefault() is { } missing)
            {
                throw new JournalFailedException(new StreamId(_run, missing).PersistenceId, "the repeated run has less than is stored");
            }

            // Cut off when all was stored but its end: the last batches came, and the streams still compare them.
            Stash.Stash();
        });
    }

    private int StoredBatchesOf(string stream) => _stored?.Streams.GetValueOrDefault(stream)?.Batches.Length ?? 0;

    private void Storing()
    {
        Receive<StoreBatch>(store => Stream(store.Stream).Forward(store));
        Receive<FinishRun>(_ =>
        {
            _requester = Sender;

            // A run without a control record still has its end mark there.
            Stream(StreamNames.Control);
            Become(Finishing);
            FinishNext();
        });
    }

    private void Finishing()
    {
        Receive<StreamFinished>(finished =>
        {
            _finished[finished.Stream] = finished;
            FinishNext();
        });
        RefuseBatches();
    }

    private void Stored(RunStored stored)
    {
        Receive<FinishRun>(_ => Sender.Tell(stored));
        RefuseBatches();
    }

    private void RefuseBatches() =>
        Receive<StoreBatch>(store => Sender.Tell(new BatchRefused(store.Stream, store.Batch.Number, "the run is finished")));

    private void FinishNext()
    {
        if (_finished.Count == _streams.Count)
        {
            var stored = new RunStored(
                _run, [.. _finished.Values], RunHash.Combine(_finished.Values.Select(f => (f.Stream, f.Sha256.ToArray()))));
            _requester.Tell(stored);
            Become(() => Stored(stored));
            return;
        }

        if (_finished.Count == 0)
        {
            foreach ((string name, IActorRef stream) in _streams)
            {
                if (!IsControl(name))
                {
                    stream.Tell(FinishStream.Instance);
                }
            }
        }

        if (_finished.Count == _streams.Count - 1)
        {
            _streams[StreamNames.Control].Tell(FinishStream.Instance);
        }
    }

    private static bool IsControl(string name) => string.Equals(name, StreamNames.Control, StringComparison.Ordinal);

    private IActorRef Stream(string name)
    {
        if (!_streams.TryGetValue(name, out IActorRef? stream))
        {
            stream = Context.ActorOf(TraceJournalActor.Props(new StreamId(_run, name), _stored?.Streams.GetValueOrDefault(name)), name);
            _streams.Add(name, stream);
        }

        return stream;
    }
}
