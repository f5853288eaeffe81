using ActorTrace.Actors.Simulation;
using Akka.Actor;

namespace ActorTrace.Actors.Guests;

/// <summary>A guest virtual machine.</summary>
public sealed class GuestActor(GuestState state, IActorRef registry) : PartActor(state, registry)
{
    /// <inheritdoc/>
    protected override void Protocol()
    {
        Accept<SwitchIn>();
        Accept<SwitchOut>();
    }
}
