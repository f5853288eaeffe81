using System.Collections.Concurrent;
using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Gic;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Actors.Hypervisor.Injection;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Values;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace ActorTrace.Telemetry.Tests;

/// <summary>A message as it lay in an actor's mailbox.</summary>
/// <param name="From">Path of the sender below the run's actor.</param>
/// <param name="To">Path of the receiver below the run's actor.</param>
/// <param name="Message">Its type.</param>
/// <param name="Cause">What began the chain; null where the message does not say.</param>
internal sealed record Overheard(string From, string To, string Message, Stamp? Cause);

/// <summary>A run by the real actors, with a mailbox that keeps what comes.</summary>
internal static class Overhearing
{
    public static readonly ConcurrentQueue<Overheard> Messages = new();

    public static async Task<(MemoryJournal Journal, IReadOnlyList<Overheard> Messages)> RunAsync(Scenario scenario)
    {
        Messages.Clear();
        SimulatedBoard board = SimulatedBoard.Build(scenario);
        var journal = new MemoryJournal();
        Config config = ConfigurationFactory.ParseString(
            $"akka.actor.mailbox.unbounded-deque-based.mailbox-type = \"{typeof(OverheardMailbox).AssemblyQualifiedName}\"");
        ActorSystem system = ActorSystem.Create("actortrace", config.WithFallback(SimulationHost.Configuration(2)));
        try
        {
            Props props = Props.Create(() => new MemoryJournalActor(journal));
            IActorRef run = system.ActorOf(Props.Create(() => new SimulationActor(board, props, null)), "run");
            await run.Ask<RunFinished>(new StartRun(), Timeout.InfiniteTimeSpan);
        }
        finally
        {
            await system.Terminate();
        }

        return (journal, [.. Messages]);
    }

    public static void Hear(IActorRef to, Envelope envelope)
    {
        if (CauseOf(envelope.Message) is { } told)
        {
            Messages.Enqueue(new Overheard(Path(envelope.Sender), Path(to), envelope.Message.GetType().Name, told.Cause));
        }
    }

    private static string Path(IActorRef actor) => actor.Path.ToStringWithoutAddress().Replace("/user/run/", "", StringComparison.Ordinal);

    private static (bool Known, Stamp? Cause)? CauseOf(object message) => message switch
    {
        TrapTaken m => (true, m.Cause),
        HandleTrap m => (true, m.Cause),
        DoWork m => (true, m.Work.Cause),
        ExtractHit m => (true, m.Cause),
        AnnounceRecord m => (true, m.Cause),
        ResumeGuest m => (true, m.Cause),
        SendSgi { Message.Effect: RingStore or SgiSignal } m => (true, m.Message.Cause),
        Deliver { Message.Effect: RingStore or SgiSignal } m => (true, m.Message.Cause),
        HitExtracted or Announced or ServiceDone => (true, null),
        _ => null,
    };
}

/// <summary>The mailbox of actors with a stash, overheard.</summary>
/// <param name="settings">Of the actor system.</param>
/// <param name="config">Of the mailbox.</param>
public sealed class OverheardMailbox(Settings settings, Config config) : MailboxType(settings, config), IProducesMessageQueue<OverheardQueue>
{
    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) => new OverheardQueue();
}

/// <summary>A queue that tells what comes.</summary>
public sealed class OverheardQueue : IMessageQueue, IUnboundedDequeBasedMessageQueueSemantics
{
    private readonly UnboundedDequeMessageQueue _queue = new();

    /// <inheritdoc/>
    public bool HasMessages => _queue.HasMessages;

    /// <inheritdoc/>
    public int Count => _queue.Count;

    /// <inheritdoc/>
    public void Enqueue(IActorRef receiver, Envelope envelope)
    {
        Overhearing.Hear(receiver, envelope);
        _queue.Enqueue(receiver, envelope);
    }

    /// <inheritdoc/>
    public bool TryDequeue(out Envelope envelope) => _queue.TryDequeue(out envelope);

    /// <inheritdoc/>
    public void CleanUp(IActorRef owner, IMessageQueue deadletters) => _queue.CleanUp(owner, deadletters);

    /// <inheritdoc/>
    public void EnqueueFirst(Envelope envelope) => _queue.EnqueueFirst(envelope);
}
