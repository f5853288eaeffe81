using ActorTrace.Actors.Cores;
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

    /// <summary>Probes that are armed or pending: while there are any, writes to translation registers trap (HCR.TVM).</summary>
    public int LiveProbes { get; set; }

    /// <summary>Counts how often a probe was taken out of the guest: what was read before is old then.</summary>
    public int ProbesLifted { get; set; }

    /// <summary>Records what stands in an unfinished line of its console: it leaves the core.</summary>
    /// <param name="core">The core it leaves.</param>
    public void RecordUnfinishedLine(CoreLease core)
    {
        if (Console.Take(core.Id) is { } rest)
        {
            core.Recorder.Console(rest);
        }
    }
}
