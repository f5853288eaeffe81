using ActorTrace.Actors.Simulation;
using Akka.Actor;

namespace ActorTrace.Actors.Hypervisor.Hypercalls;

/// <summary>Answers the hypercalls that guests make themselves.</summary>
public sealed class HypercallsActor(HypercallsState state, IActorRef registry) : PartActor(state, registry)
{
    /// <inheritdoc/>
    protected override void Protocol()
    {
        Accept<DoWork>();
    }
}
