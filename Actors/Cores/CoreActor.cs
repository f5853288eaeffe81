using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Hypervisor.Router;
using ActorTrace.Actors.Simulation;
using Akka.Actor;

namespace ActorTrace.Actors.Cores;

/// <summary>A physical core. Its child `hyp` is the hypervisor on this core.</summary>
public sealed class CoreActor : PartActor
{
    private readonly HypervisorParts? hypervisor;
    private readonly IActorRef registry;

    /// <summary>Creates a core's actor.</summary>
    /// <param name="state">Its pure part.</param>
    /// <param name="hypervisor">The hypervisor's parts on this core; null where there is no hypervisor.</param>
    /// <param name="registry">Who is told.</param>
    public CoreActor(CoreState state, HypervisorParts? hypervisor, IActorRef registry)
        : base(state, registry)
    {
        this.hypervisor = hypervisor;
        this.registry = registry;
    }

    /// <inheritdoc/>
    protected override void Protocol()
    {
        Accept<StartCore>();
        Accept<RunUntil>();
        Accept<ResumeGuest>();
        Accept<Deliver>();
        Accept<GuestSwitchedIn>();
        Accept<QueueControlWrite>();
        Accept<FlushRecords>();
        Accept<StopCore>();
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        base.PreStart();
        if (hypervisor is not null)
        {
            Context.ActorOf(Props.Create(() => new HypervisorActor(hypervisor, registry)), "hyp");
        }
    }
}
