using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu;

/// <summary>The interrupt request lines into a core, as levels.</summary>
[Flags]
public enum InterruptLines
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>nIRQ of the physical CPU interface.</summary>
    Irq = 1,

    /// <summary>nFIQ of the physical CPU interface.</summary>
    Fiq = 2,

    /// <summary>nVIRQ of the virtual CPU interface.</summary>
    VirtualIrq = 4,

    /// <summary>nVFIQ of the virtual CPU interface.</summary>
    VirtualFiq = 8,
}

/// <summary>The generic-timer registers of CP15 c14 (ARM DDI 0406 B4.1.20 onwards).</summary>
public enum TimerRegister
{
    /// <summary>CNTFRQ.</summary>
    Frequency,

    /// <summary>CNTPCT.</summary>
    PhysicalCount,

    /// <summary>CNTVCT.</summary>
    VirtualCount,

    /// <summary>CNTKCTL.</summary>
    KernelControl,

    /// <summary>CNTP_TVAL.</summary>
    PhysicalTimerValue,

    /// <summary>CNTP_CTL.</summary>
    PhysicalControl,

    /// <summary>CNTP_CVAL.</summary>
    PhysicalCompare,

    /// <summary>CNTV_TVAL.</summary>
    VirtualTimerValue,

    /// <summary>CNTV_CTL.</summary>
    VirtualControl,

    /// <summary>CNTV_CVAL.</summary>
    VirtualCompare,
}

/// <summary>What a core sees of the devices beside it: its timers, its interrupt controller, memory-mapped registers.</summary>
/// <remarks>
/// A core asks at instruction boundaries. Between two calls the lines can change only at <see cref="NextDeadline"/>;
/// after every access below the core looks at <see cref="Lines"/> and <see cref="NextDeadline"/> anew.
/// Accesses carry the instant at which the accessing instruction completes (its start plus its cycles and those of the access).
/// </remarks>
public interface ICorePeripherals
{
    /// <summary>The lines as of the last <see cref="AdvanceTo"/> or access.</summary>
    InterruptLines Lines { get; }

    /// <summary>The first instant later than the last <see cref="AdvanceTo"/> at which a line may change by itself; Never if none.</summary>
    VirtualInstant NextDeadline { get; }

    /// <summary>Lets timers expire that are due at <paramref name="now"/> or earlier.</summary>
    void AdvanceTo(VirtualInstant now);

    /// <summary>Reads a generic-timer register; 32-bit ones zero-extended.</summary>
    ulong ReadTimer(TimerRegister register, VirtualInstant now);

    /// <summary>Writes a generic-timer register; writes to read-only ones are ignored.</summary>
    void WriteTimer(TimerRegister register, ulong value, VirtualInstant now);

    /// <summary>SEV: an event goes to the other processors that run the same software.</summary>
    void SendEvent(VirtualInstant now);

    /// <summary>Cycles that an access to a physical address takes beside those of its instruction.</summary>
    ulong AccessCycles(Pa address);

    /// <summary>Reads a memory-mapped register at a physical address.</summary>
    /// <param name="address">Where, aligned to <paramref name="size"/>.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="now">When the access completes.</param>
    /// <param name="value">What was read, zero-extended.</param>
    /// <returns>False where no device answers: a synchronous external abort.</returns>
    bool TryRead(Pa address, int size, VirtualInstant now, out uint value);

    /// <summary>Writes a memory-mapped register at a physical address.</summary>
    /// <returns>False where no device answers: a synchronous external abort.</returns>
    bool TryWrite(Pa address, int size, uint value, VirtualInstant now);
}
