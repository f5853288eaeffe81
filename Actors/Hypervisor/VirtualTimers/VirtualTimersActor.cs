using ActorTrace.Actors.Simulation;
using Akka.Actor;

namespace ActorTrace.Actors.Hypervisor.VirtualTimers;

/// <summary>Emulates the physical timer of guests.</summary>
public sealed class VirtualTimersActor(VirtualTimersState state, IActorRef registry) : PartActor(state, registry)
{
    /// <inheritdoc/>
    protected override void Protocol()
    {
        Accept<HandleTrap>();
        Accept<DoWork>();
    }
}
