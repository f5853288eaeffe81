using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Actors.Hypervisor.Instrumentation;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Flash;
using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Memory;
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

    /// <summary>Its vCPUs, by number.</summary>
    public required IReadOnlyList<VcpuLease> Vcpus { get; init; }

    /// <summary>The vCPU that the holder of the lease runs; the first before there is one.</summary>
    public VcpuLease Present
    {
        get => field ?? Vcpus[0];
        set;
    }

    /// <summary>Its number.</summary>
    public int PresentVcpu => Present.Id.Index;

    /// <summary>The registers of the vCPU that the holder of the lease runs.</summary>
    public VcpuContext Vcpu => Present.Context;

    /// <summary>Its emulated distributor; null in the native world.</summary>
    public required VirtualDistributor? Distributor { get; init; }

    /// <summary>Its UART.</summary>
    public required IUart Uart { get; init; }

    /// <summary>The UART's interrupt output as the distributor was last told.</summary>
    public bool UartAsserted { get; set; }

    /// <summary>Its flash; null where its platform has none.</summary>
    public CfiFlash? Flash { get; init; }

    /// <summary>Collects what it prints.</summary>
    public required GuestConsole Console { get; init; }

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

    /// <summary>Records what stands in an unfinished line of its console: it leaves the core, if that is the core of its first vCPU.</summary>
    /// <param name="core">The core it leaves.</param>
    public void RecordUnfinishedLine(CoreLease core)
    {
        if (Vcpus[0].Core == core.Id && Console.Take(core.Id) is { } rest)
        {
            core.Recorder.Console(rest);
        }
    }
}
