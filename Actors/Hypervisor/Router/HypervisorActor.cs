using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Actors.Hypervisor.Hypercalls;
using ActorTrace.Actors.Hypervisor.Injection;
using ActorTrace.Actors.Hypervisor.Instrumentation;
using ActorTrace.Actors.Hypervisor.Scheduler;
using ActorTrace.Actors.Hypervisor.TraceControl;
using ActorTrace.Actors.Hypervisor.VirtualDevices;
using ActorTrace.Actors.Hypervisor.VirtualTimers;
using ActorTrace.Actors.Simulation;
using Akka.Actor;

namespace ActorTrace.Actors.Hypervisor.Router;

/// <summary>The pure parts of the hypervisor on one core.</summary>
public sealed record HypervisorParts(
    RouterState Router, SchedulerState Scheduler, VirtualDevicesState VirtualDevices, TraceControlState TraceControl,
    InstrumentationState Instrumentation, ExtractionState Extraction, InjectionState Injection, VirtualTimersState VirtualTimers, HypercallsState Hypercalls)
{
    /// <summary>All of them.</summary>
    public IEnumerable<IPart> All => [Router, Scheduler, VirtualDevices, TraceControl, Instrumentation, Extraction, Injection, VirtualTimers, Hypercalls];
}

/// <summary>The hypervisor on one core: the trap router, and parent of the services.</summary>
public sealed class HypervisorActor : PartActor
{
    private readonly HypervisorParts parts;
    private readonly IActorRef registry;

    /// <summary>Creates the hypervisor of a core.</summary>
    public HypervisorActor(HypervisorParts parts, IActorRef registry)
        : base(parts.Router, registry)
    {
        this.parts = parts;
        this.registry = registry;
    }

    /// <inheritdoc/>
    protected override void Protocol()
    {
        Accept<TrapTaken>();
        Accept<ServiceDone>();
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        base.PreStart();
        Context.ActorOf(Props.Create(() => new SchedulerActor(parts.Scheduler, registry)), "scheduler");
        Context.ActorOf(Props.Create(() => new VirtualDevicesActor(parts.VirtualDevices, registry)), "devices");
        Context.ActorOf(Props.Create(() => new TraceControlActor(parts.TraceControl, registry)), "trace-control");
        Context.ActorOf(Props.Create(() => new InstrumentationActor(parts.Instrumentation, registry)), "instrumentation");
        Context.ActorOf(Props.Create(() => new ExtractionActor(parts.Extraction, registry)), "extraction");
        Context.ActorOf(Props.Create(() => new InjectionActor(parts.Injection, registry)), "injection");
        Context.ActorOf(Props.Create(() => new VirtualTimersActor(parts.VirtualTimers, registry)), "timers");
        Context.ActorOf(Props.Create(() => new HypercallsActor(parts.Hypercalls, registry)), "hypercalls");
    }
}
