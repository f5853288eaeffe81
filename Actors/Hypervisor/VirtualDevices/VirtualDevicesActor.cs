using ActorTrace.Actors.Simulation;
using Akka.Actor;

namespace ActorTrace.Actors.Hypervisor.VirtualDevices;

/// <summary>Emulates the devices that stage 2 does not map.</summary>
public sealed class VirtualDevicesActor(VirtualDevicesState state, IActorRef registry) : PartActor(state, registry)
{
    /// <inheritdoc/>
    protected override void Protocol()
    {
        Accept<HandleTrap>();
        Accept<DoWork>();
    }
}
