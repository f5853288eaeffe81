using ActorTrace.Actors.Simulation;
using Akka.Actor;

namespace ActorTrace.Actors.Hypervisor.TraceControl;

/// <summary>The trace control device and the list of trace sessions.</summary>
public sealed class TraceControlActor(TraceControlState state, IActorRef registry) : PartActor(state, registry)
{
    /// <inheritdoc/>
    protected override void Protocol()
    {
        Accept<DoWork>();
    }
}
