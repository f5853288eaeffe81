using ActorTrace.Actors.Simulation;

namespace ActorTrace.EndToEnd.Predecessor;

/// <summary>A part of the hypervisor with one mistake: what goes in and out of the real one is altered.</summary>
internal abstract class AlteredPart(IPart inner) : IPart
{
    public Address Address => inner.Address;

    public virtual void Handle(object message, IOutbox outbox) => inner.Handle(message, new Altering(this, outbox));

    /// <summary>What goes out in place of a message; null where nothing does.</summary>
    protected abstract object? Alter(object message);

    private sealed class Altering(AlteredPart part, IOutbox outbox) : IOutbox
    {
        public void Send(Address to, object message)
        {
            if (part.Alter(message) is { } altered)
            {
                outbox.Send(to, altered);
            }
        }
    }
}
