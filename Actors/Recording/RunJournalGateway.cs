using ActorTrace.Actors.Simulation;
using ActorTrace.Journal.Streams;
using ActorTrace.Traces.Binary;
using Akka.Actor;
using Address = ActorTrace.Actors.Simulation.Address;

namespace ActorTrace.Actors.Recording;

/// <summary>Between a run and its journal file: hands batches on, and turns what is stored into the clock's credit.</summary>
public sealed class RunJournalGateway : ReceiveActor, IWithUnboundedStash
{
    private readonly Props journalProps;
    private IActorRef clock = ActorRefs.Nobody;
    private IActorRef simulation = ActorRefs.Nobody;
    private IActorRef requester = ActorRefs.Nobody;
    private IActorRef journal = ActorRefs.Nobody;

    /// <summary>Creates the gateway.</summary>
    /// <param name="journalProps">The writer of the run: a <see cref="RunJournalActor"/>.</param>
    public RunJournalGateway(Props journalProps)
    {
        this.journalProps = journalProps;
        Receive<Wire>(wire =>
        {
            clock = wire.Directory[Address.Clock];
            simulation = wire.Directory[Address.Simulation];
            Become(Storing);
            Stash.UnstashAll();
        });
        ReceiveAny(_ => Stash.Stash());
    }

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => journal = Context.ActorOf(journalProps, "run");

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    private void Storing()
    {
        Receive<StoreBatch>(batch => journal.Tell(batch, Self));
        Receive<BatchStored>(stored =>
        {
            switch (stored.Stream)
            {
                case StreamNames.Inputs: simulation.Tell(new InputsStored()); break;
                case StreamNames.Commands: clock.Tell(new CommandBatchStored()); break;
                default: clock.Tell(new BatchesStored(1)); break;
            }
        });
        Receive<RunRepeated>(_ =>
        {
            clock.Tell(new JournalRepeated());
            simulation.Tell(new JournalRepeated());
        });
        Receive<BatchRefused>(refused =>
            throw new InvalidOperationException($"The journal refused batch {refused.Number} of {refused.Stream}: {refused.Reason}."));
        Receive<CompleteJournal>(_ =>
        {
            requester = Sender;
            journal.Tell(FinishRun.Instance, Self);
        });
        Receive<RunStored>(stored => requester.Tell(new JournalCompleted(stored.Hash)));
    }
}
