using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Actors.Hypervisor.Instrumentation;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Timer;
using ActorTrace.Machine.Uart;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Guests;

/// <summary>All that is a guest: memory, registers, virtual devices, program. Whoever holds it may touch it, nobody else.</summary>
public sealed class GuestLease
{
    /// <summary>Which guest.</summary>
    public required GuestId Id { get; init; }

    /// <summary>How the scenario describes it.</summary>
    public required GuestSpec Spec { get; init; }

    /// <summary>Its RAM, its stage-2 tables, memory shared with it.</summary>
    public required PhysicalMemory Memory { get; init; }

    /// <summary>Its vCPU's registers while no core has them.</summary>
    public required VcpuContext Vcpu { get; init; }

    /// <summary>What drives its code.</summary>
    public required IGuestProgram Program { get; init; }

    /// <summary>Its emulated distributor; null in the native world.</summary>
    public required VirtualDistributor? Distributor { get; init; }

    /// <summary>Its UART.</summary>
    public required Pl011 Uart { get; init; }

    /// <summary>Collects what it prints.</summary>
    public required GuestConsole Console { get; init; }

    /// <summary>List registers and virtual interface while no core has them.</summary>
    public VirtualInterruptState? SavedInterrupts { get; set; }

    /// <summary>Virtual timers while no core has them.</summary>
    public GuestTimerState? SavedTimers { get; set; }

    /// <summary>True after a fault from which it cannot go on.</summary>
    public bool Dead { get; set; }

    /// <summary>The probes in it.</summary>
    public ProbeTable ProbeTable { get; } = new();

    /// <summary>What was counted of the probes it has had.</summary>
    public ProbeLedger ProbeTallies { get; } = new();

    /// <summary>Which of their hits are recorded.</summary>
    public HitFilters HitFilters { get; } = new();

    /// <summary>Probes that are armed or pending: while there are any, what may change the code behind an address traps.</summary>
    public int LiveProbes { get; set; }

    /// <summary>Counts how often a probe was taken out of the guest: what was read before is old then.</summary>
    public int ProbesLifted { get; set; }
}
