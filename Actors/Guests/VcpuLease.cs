using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Timer;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Guests;

/// <summary>A vCPU of a guest: its registers, and what of a core belongs to it while no core has it.</summary>
public sealed class VcpuLease
{
    /// <summary>Which vCPU.</summary>
    public VcpuId Id => Context.Id;

    /// <summary>Its registers.</summary>
    public required VcpuContext Context { get; init; }

    /// <summary>The core it is pinned to.</summary>
    public required CoreId Core { get; init; }

    /// <summary>What drives its code.</summary>
    public required IGuestProgram Program { get; init; }

    /// <summary>List registers and virtual interface while no core has them.</summary>
    public VirtualInterruptState? SavedInterrupts { get; set; }

    /// <summary>Virtual timer while no core has it.</summary>
    public GuestTimerState? SavedTimers { get; set; }

    /// <summary>The physical timer CNTP that it sees: emulated, counting against the board's own count.</summary>
    public TimerComparator PhysicalTimer { get; } = new();

    /// <summary>The output of the emulated physical timer as the interrupt controller was last told.</summary>
    public bool PhysicalTimerAsserted { get; set; }

    /// <summary>True after a fault from which it cannot go on.</summary>
    public bool Dead { get; set; }
}
