using ActorTrace.Actors.Simulation;
using Akka.Actor;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>The dynamic instrumentation manager.</summary>
public sealed class InstrumentationActor(InstrumentationState state, IActorRef registry) : PartActor(state, registry)
{
    /// <inheritdoc/>
    protected override void Protocol()
    {
        Accept<HandleTrap>();
        Accept<DoWork>();
        Accept<Extraction.TaskIdentified>();
        Accept<Extraction.HitExtracted>();
        Accept<Injection.Announced>();
    }
}
