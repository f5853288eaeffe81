using ActorTrace.Actors.Simulation;
using Akka.Actor;

namespace ActorTrace.Actors.Hypervisor.Scheduler;

/// <summary>Decides which vCPU runs on the core.</summary>
public sealed class SchedulerActor(SchedulerState state, IActorRef registry) : PartActor(state, registry)
{
    /// <inheritdoc/>
    protected override void Protocol()
    {
        Accept<StartScheduling>();
        Accept<HandleTrap>();
        Accept<DoWork>();
        Accept<Guests.GuestSwitchedIn>();
    }
}
