using ActorTrace.Journal.Streams;
using Akka.Actor;

namespace ActorTrace.Actors.Importing;

/// <summary>Between an import and its journal file: hands batches on and answers each when it is stored, or when storing failed.</summary>
internal sealed class ImportGateway : ReceiveActor
{
    private readonly RunId run;
    private readonly Queue<IActorRef> waiting = new();
    private IActorRef journal = ActorRefs.Nobody;

    /// <summary>Creates the gateway.</summary>
    /// <param name="run">The run's id in the journal.</param>
    public ImportGateway(RunId run)
    {
        this.run = run;
        Receive<StoreBatch>(batch => Hand(batch));
        Receive<FinishRun>(finish => Hand(finish));
        Receive<BatchStored>(stored => waiting.Dequeue().Tell(stored));
        Receive<RunStored>(stored => waiting.Dequeue().Tell(stored));
        Receive<JournalFailedException>(failure => Become(() => Failed(failure)));
    }

    /// <inheritdoc/>
    protected override void PreStart() => journal = Context.ActorOf(RunJournalActor.Props(run), "run");

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy()
    {
        // The strategy runs in this actor: its failures are answered as messages are.
        IActorRef self = Self;
        return new OneForOneStrategy(failure =>
        {
            self.Tell(failure as JournalFailedException ?? new JournalFailedException(run.ToString(), failure.Message, failure));
            return Directive.Stop;
        });
    }

    private void Hand(object command)
    {
        waiting.Enqueue(Sender);
        journal.Tell(command, Self);
    }

    private void Failed(JournalFailedException failure)
    {
        var answer = new Status.Failure(failure);
        while (waiting.TryDequeue(out IActorRef? requester))
        {
            requester.Tell(answer);
        }

        ReceiveAny(_ => Sender.Tell(answer));
    }
}
