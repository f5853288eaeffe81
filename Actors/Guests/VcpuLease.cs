using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Timer;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Guests;

/// <summary>Whether a vCPU is switched on; the values of PSCI AFFINITY_INFO (ARM DEN 0022, 5.7.1).</summary>
public enum VcpuPower
{
    /// <summary>It runs or could.</summary>
    On = 0,

    /// <summary>It waits for a CPU_ON.</summary>
    Off = 1,

    /// <summary>CPU_ON was called and its core has not started it yet.</summary>
    OnPending = 2,
}

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

    /// <summary>True while it waits for an interrupt and is on the core all the same, because no other vCPU is ready.</summary>
    public bool Waiting { get; set; }

    /// <summary>Whether it is switched on.</summary>
    public VcpuPower Power { get; set; }

    /// <summary>Its code runs where it is on a core.</summary>
    public bool Runs => Power == VcpuPower.On && !Dead && !Waiting;

    /// <summary>When a timer of it that is off the core asserts its interrupt; Never if none does, now at the earliest.</summary>
    /// <param name="rates">The board's clocks.</param>
    /// <param name="now">Now.</param>
    public VirtualInstant NextTimer(ClockRates rates, VirtualInstant now)
    {
        ArgumentNullException.ThrowIfNull(rates);
        ulong count = rates.CountAt(now);
        VirtualInstant own = PhysicalTimer.NextAssertion(count, 0, rates, now);
        if (SavedTimers is not { } timers)
        {
            return own;
        }

        TimerComparator saved = new() { ControlBits = timers.VirtualControl, Compare = timers.VirtualCompare };
        return VirtualInstant.Min(own, saved.NextAssertion(count, timers.VirtualOffset, rates, now));
    }

    /// <summary>True after a fault from which it cannot go on.</summary>
    public bool Dead { get; set; }
}
