using ActorTrace.Actors.Simulation;
using Akka.Actor;

namespace ActorTrace.Actors.Hypervisor.Injection;

/// <summary>Virtual interrupts: here by list register, elsewhere by SGI.</summary>
public sealed class InjectionActor(InjectionState state, IActorRef registry) : PartActor(state, registry)
{
    /// <inheritdoc/>
    protected override void Protocol()
    {
        Accept<AnnounceRecord>();
        Accept<DoWork>();
    }
}
