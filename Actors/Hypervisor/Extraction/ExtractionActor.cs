using ActorTrace.Actors.Simulation;
using Akka.Actor;

namespace ActorTrace.Actors.Hypervisor.Extraction;

/// <summary>The guest information extractor.</summary>
public sealed class ExtractionActor(ExtractionState state, IActorRef registry) : PartActor(state, registry)
{
    /// <inheritdoc/>
    protected override void Protocol()
    {
        Accept<ExtractHit>();
        Accept<IdentifyTask>();
    }
}
