using ActorTrace.Actors.Simulation;
using Akka.Actor;

namespace ActorTrace.Actors.Gic;

/// <summary>The interrupt controller between the cores.</summary>
public sealed class GicActor(GicState state, IActorRef registry) : PartActor(state, registry)
{
    /// <inheritdoc/>
    protected override void Protocol()
    {
        Accept<SendSgi>();
        Accept<CloseWindow>();
    }
}
