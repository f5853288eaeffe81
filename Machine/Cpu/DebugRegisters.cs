namespace ActorTrace.Machine.Cpu;

/// <summary>
/// What coprocessor 14 keeps (ARM DDI 0406 C11.11, A2.9, A2.10): the debug registers as storage, which never raise a debug event,
/// the ThumbEE registers and those of the trivial Jazelle.
/// </summary>
internal sealed class DebugRegisters
{
    /// <summary>Breakpoints of a Cortex-A15.</summary>
    internal const int Breakpoints = 6;

    /// <summary>Watchpoints of a Cortex-A15.</summary>
    internal const int Watchpoints = 4;

    /// <summary>DBGDSCR bits that software writes: HDBGen, MDBGen, UDCCdis, ITRen and the cause is not.</summary>
    internal const uint StatusMask = 0x0000_F000;

    internal uint[] BreakpointValues { get; } = new uint[Breakpoints];

    internal uint[] BreakpointControls { get; } = new uint[Breakpoints];

    internal uint[] BreakpointExtended { get; } = new uint[Breakpoints];

    internal uint[] WatchpointValues { get; } = new uint[Watchpoints];

    internal uint[] WatchpointControls { get; } = new uint[Watchpoints];

    /// <summary>DBGDSCR.</summary>
    internal uint Status { get; set; }

    /// <summary>DBGVCR.</summary>
    internal uint VectorCatch { get; set; }

    /// <summary>DBGWFAR.</summary>
    internal uint WatchpointAddress { get; set; }

    /// <summary>DBGOSLSR.OSLK.</summary>
    internal bool Locked { get; set; } = true;

    /// <summary>DBGOSDLR.</summary>
    internal uint DoubleLock { get; set; }

    /// <summary>DBGPRCR.</summary>
    internal uint Power { get; set; }

    /// <summary>DBGCLAIM.</summary>
    internal uint Claims { get; set; }

    /// <summary>TEECR.XED.</summary>
    internal uint ThumbEeControl { get; set; }

    /// <summary>TEEHBR.</summary>
    internal uint ThumbEeHandlers { get; set; }

    internal void Reset()
    {
        Array.Clear(BreakpointValues);
        Array.Clear(BreakpointControls);
        Array.Clear(BreakpointExtended);
        Array.Clear(WatchpointValues);
        Array.Clear(WatchpointControls);
        (Status, VectorCatch, WatchpointAddress, Locked, DoubleLock) = (0, 0, 0, true, 0);
        (Power, Claims, ThumbEeControl, ThumbEeHandlers) = (0, 0, 0, 0);
    }
}
