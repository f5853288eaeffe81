using System.Collections.Immutable;
using Akka.Actor;

namespace ActorTrace.Actors.Simulation;

/// <summary>Where every part's actor is. Sent once, before the first message of a run.</summary>
/// <param name="Directory">Part to actor.</param>
public sealed record Wire(ImmutableDictionary<Address, IActorRef> Directory);

/// <summary>A part's actor exists.</summary>
/// <param name="Part">Which part.</param>
/// <param name="Actor">Its actor.</param>
public sealed record PartStarted(Address Part, IActorRef Actor);

/// <summary>
/// The plumbing that the actors of a run share: waits for <see cref="Wire"/>, then hands the messages of the protocol to the
/// pure part and sends what the part puts into its outbox. A failure escalates: nothing in a run is restarted silently.
/// </summary>
public abstract class PartActor : ReceiveActor, IOutbox, IWithUnboundedStash
{
    private readonly IPart part;
    private readonly IActorRef registry;
    private ImmutableDictionary<Address, IActorRef> directory = ImmutableDictionary<Address, IActorRef>.Empty;

    /// <summary>Creates the actor of a part.</summary>
    /// <param name="part">The pure part.</param>
    /// <param name="registry">Who is told that the part exists.</param>
    protected PartActor(IPart part, IActorRef registry)
    {
        this.part = part;
        this.registry = registry;
        Become(Unwired);
    }

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    /// <inheritdoc/>
    void IOutbox.Send(Address to, object message)
    {
        if (!directory.TryGetValue(to, out IActorRef? target))
        {
            throw new InvalidOperationException($"No actor is registered for {to.Role} {to.Index}.");
        }

        target.Tell(message, Self);
    }

    /// <summary>The list of messages that the part's protocol knows: one call of <see cref="Accept{T}"/> each.</summary>
    protected abstract void Protocol();

    /// <summary>Hands messages of a type to the part.</summary>
    protected void Accept<T>()
        where T : class => Receive<T>(message => part.Handle(message, this));

    /// <inheritdoc/>
    protected override void PreStart() => registry.Tell(new PartStarted(part.Address, Self));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    /// <inheritdoc/>
    protected override void Unhandled(object message) =>
        throw new ProtocolViolationException(part.Address, "wired", message);

    private void Unwired()
    {
        Receive<Wire>(wire =>
        {
            directory = wire.Directory;
            Become(Protocol);
            Stash.UnstashAll();
        });
        ReceiveAny(_ => Stash.Stash());
    }
}
