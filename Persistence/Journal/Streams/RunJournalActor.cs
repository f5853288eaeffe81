using ActorTrace.Traces.Binary;
using Akka.Actor;

namespace ActorTrace.Journal.Streams;

/// <summary>
/// Writes a run: one <see cref="TraceJournalActor"/> a stream, created with its first batch. The control stream is finished
/// last, so its end mark says that the whole run is stored. A stream's failure escalates.
/// </summary>
public sealed class RunJournalActor : ReceiveActor
{
    private readonly RunId _run;
    private readonly SortedDictionary<string, IActorRef> _streams = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, StreamFinished> _finished = new(StringComparer.Ordinal);
    private IActorRef _requester = ActorRefs.Nobody;

    /// <summary>Creates the writer of a run.</summary>
    public RunJournalActor(RunId run)
    {
        _run = run;
        Become(Storing);
    }

    /// <summary>How to create the writer of a run.</summary>
    public static Props Props(RunId run) => Akka.Actor.Props.Create(() => new RunJournalActor(run));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

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
            stream = Context.ActorOf(TraceJournalActor.Props(new StreamId(_run, name)), name);
            _streams.Add(name, stream);
        }

        return stream;
    }
}
