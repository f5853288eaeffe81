using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor;

/// <summary>Event of a service: its part of the trap is done.</summary>
/// <param name="At">The core's local time after it.</param>
/// <param name="Lease">The core's resources.</param>
/// <param name="Displaced">The instruction that must run in place of a probe when the guest goes on, or null.</param>
/// <param name="FollowUp">What other services have to do in this trap because of it, in order.</param>
public sealed record ServiceDone(VirtualInstant At, CoreLease Lease, DisplacedInstruction? Displaced, IReadOnlyList<HypervisorWork> FollowUp)
{
    /// <summary>Done, nothing else to do.</summary>
    public ServiceDone(VirtualInstant at, CoreLease lease)
        : this(at, lease, null, [])
    {
    }
}

/// <summary>Command of the router: a trap of the service's exception class.</summary>
/// <param name="At">The core's local time at which the service begins.</param>
/// <param name="Cause">The trap's stamp.</param>
/// <param name="Lease">The core's resources.</param>
/// <param name="Exit">The trap.</param>
public sealed record HandleTrap(VirtualInstant At, Stamp Cause, CoreLease Lease, CoreExit Exit)
{
    /// <summary>A displaced instruction trapped: what is at the program counter is no news of a probe.</summary>
    public bool OfDisplaced { get; init; }
}

/// <summary>Command of the router: work that came with an interrupt or from another service.</summary>
/// <param name="At">The core's local time at which the service begins.</param>
/// <param name="Lease">The core's resources.</param>
/// <param name="Work">What to do.</param>
public sealed record DoWork(VirtualInstant At, CoreLease Lease, HypervisorWork Work);

/// <summary>A piece of work inside a trap.</summary>
/// <param name="Cause">What began the chain it belongs to.</param>
/// <param name="Service">Who does it.</param>
public abstract record HypervisorWork(Stamp Cause, Role Service);

/// <summary>What another core's hypervisor put into the mailbox, or a service on this core asks for.</summary>
/// <param name="Cause">See <see cref="HypervisorWork"/>.</param>
/// <param name="Item">The request.</param>
public sealed record MailboxWork(Stamp Cause, MailboxItem Item) : HypervisorWork(Cause, Item switch
{
    InstallRequest or RemoveRequest => Role.Instrumentation,
    ProbeStateReport => Role.TraceControl,
    AnnounceRequest or InterruptRequest or PendingRequest => Role.Injection,
    StartVcpuRequest or StopGuestRequest => Role.Scheduler,
    _ => throw new ArgumentOutOfRangeException(nameof(Item)),
});

/// <summary>A virtual interrupt for a guest of this core.</summary>
/// <param name="Cause">See <see cref="HypervisorWork"/>.</param>
/// <param name="Vcpu">Whose.</param>
/// <param name="Interrupt">Virtual interrupt number.</param>
/// <param name="Physical">The physical interrupt that the guest's end-of-interrupt deactivates, or null.</param>
public sealed record InterruptWork(Stamp Cause, VcpuId Vcpu, int Interrupt, int? Physical) : HypervisorWork(Cause, Role.Injection)
{
    /// <summary>Of an SGI: the vCPU that sent it.</summary>
    public int Source { get; init; }
}

/// <summary>The input of a level-sensitive virtual interrupt fell: where it is pending it is so no more.</summary>
/// <param name="Cause">See <see cref="HypervisorWork"/>.</param>
/// <param name="Vcpu">Whose.</param>
/// <param name="Interrupt">Virtual interrupt number.</param>
/// <param name="Physical">The physical interrupt that is deactivated with it, or null.</param>
public sealed record WithdrawWork(Stamp Cause, VcpuId Vcpu, int Interrupt, int? Physical) : HypervisorWork(Cause, Role.Injection);

/// <summary>The guest ended the interrupt of its emulated physical timer while the timer was still due.</summary>
/// <param name="Cause">See <see cref="HypervisorWork"/>.</param>
public sealed record PhysicalTimerWork(Stamp Cause) : HypervisorWork(Cause, Role.VirtualTimers);

/// <summary>The guest changed its distributor, or a device its output: which interrupts are deliverable is decided anew.</summary>
/// <param name="Cause">See <see cref="HypervisorWork"/>.</param>
public sealed record DistributorWork(Stamp Cause) : HypervisorWork(Cause, Role.Injection);

/// <summary>The maintenance interrupt of the virtual interface was taken: list registers have become free, or an end is reported.</summary>
/// <param name="Cause">See <see cref="HypervisorWork"/>.</param>
public sealed record MaintenanceWork(Stamp Cause) : HypervisorWork(Cause, Role.Injection);

/// <summary>The hypervisor's timer reached an entry.</summary>
/// <param name="Cause">See <see cref="HypervisorWork"/>.</param>
/// <param name="Entry">The entry.</param>
public sealed record TimerWork(Stamp Cause, HypTimerEntry Entry) : HypervisorWork(Cause, Entry.Purpose switch
{
    HypTimerPurpose.SliceEnd or HypTimerPurpose.WakeVcpu => Role.Scheduler,
    HypTimerPurpose.PhysicalTimer => Role.VirtualTimers,
    HypTimerPurpose.ConsoleInput => Role.VirtualDevices,
    HypTimerPurpose.StartProbe => Role.TraceControl,
    _ => Role.Instrumentation,
});

/// <summary>An interrupt was queued for a vCPU that is off the core: it is ready if it waited.</summary>
/// <param name="Cause">See <see cref="HypervisorWork"/>.</param>
/// <param name="Vcpu">Which.</param>
public sealed record WakeWork(Stamp Cause, VcpuId Vcpu) : HypervisorWork(Cause, Role.Scheduler);

/// <summary>The vCPU on the core waits for an interrupt (PSCI CPU_SUSPEND).</summary>
/// <param name="Cause">See <see cref="HypervisorWork"/>.</param>
public sealed record WaitWork(Stamp Cause) : HypervisorWork(Cause, Role.Scheduler);

/// <summary>A hypercall that belongs to no probe: the guest's own.</summary>
/// <param name="Cause">See <see cref="HypervisorWork"/>.</param>
/// <param name="Exit">The trap; ISS[15:0] is the immediate.</param>
public sealed record HypercallWork(Stamp Cause, CoreExit Exit) : HypervisorWork(Cause, Role.Hypercalls);

/// <summary>The vCPU on the core gives up the rest of its turn.</summary>
/// <param name="Cause">See <see cref="HypervisorWork"/>.</param>
public sealed record YieldWork(Stamp Cause) : HypervisorWork(Cause, Role.Scheduler);

/// <summary>A trap ends and no vCPU runs on the core: is one ready now?</summary>
/// <param name="Cause">See <see cref="HypervisorWork"/>.</param>
public sealed record RescheduleWork(Stamp Cause) : HypervisorWork(Cause, Role.Scheduler);

/// <summary>Another vCPU is on the core now: what waited for it is done (first probes, then its timer and its devices, then interrupts).</summary>
/// <param name="Cause">See <see cref="HypervisorWork"/>.</param>
/// <param name="Service">Instrumentation, virtual timers, virtual devices or injection.</param>
public sealed record VcpuPlacedWork(Stamp Cause, Role Service) : HypervisorWork(Cause, Service);

/// <summary>A store or load at the trace control device.</summary>
/// <param name="Cause">See <see cref="HypervisorWork"/>.</param>
/// <param name="Offset">Register offset.</param>
/// <param name="Value">What is stored; null for a load.</param>
public sealed record ControlAccessWork(Stamp Cause, uint Offset, uint? Value) : HypervisorWork(Cause, Role.TraceControl);
