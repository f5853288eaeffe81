using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu;

/// <summary>Why a core stopped running guest code.</summary>
public enum CoreExitKind
{
    /// <summary>The limit was reached at an instruction boundary (also while the core sleeps in WFI).</summary>
    LimitReached,

    /// <summary>An HVC instruction was reached (EC 0x12). <see cref="CoreExit.Pc"/> is the HVC itself; it is neither executed nor charged.</summary>
    Hypercall,

    /// <summary>Stage 2 refused a data access (EC 0x24). The instruction is neither completed nor charged.</summary>
    Stage2DataAbort,

    /// <summary>Stage 2 refused an instruction fetch (EC 0x20).</summary>
    Stage2PrefetchAbort,

    /// <summary>A CP15 or CP14 access that the hypervisor traps (HCR.TVM, CNTHCTL, ...; EC 0x03/0x04). Neither executed nor charged.</summary>
    SystemRegisterTrap,

    /// <summary>WFI or WFE with HCR.TWI/TWE (EC 0x01). Neither executed nor charged.</summary>
    WaitTrap,

    /// <summary>A debug exception routed to Hyp mode by HDCR.TDE (EC 0x20, IFSC 0x22).</summary>
    DebugTrap,

    /// <summary>A physical interrupt is pending and HCR.IMO/FMO routes it to the hypervisor.</summary>
    PhysicalInterrupt,

    /// <summary>The program counter reached a gate: an address at which modelled guest software continues (see Core.SetGates).</summary>
    Gate,

    /// <summary>The guest can make no progress any more: exceptions without a single instruction completed between them.</summary>
    GuestDead,
}

/// <summary>The value with which a core leaves guest code (a trap is a value, not an exception).</summary>
/// <param name="Kind">Why.</param>
/// <param name="Pc">Address of the instruction that did not complete, or of the next one.</param>
/// <param name="Syndrome">HSR as ARM DDI 0406 B3.13.6 lays it out (EC, IL, ISS); 0 where none applies. For <see cref="CoreExitKind.Hypercall"/> ISS[15:0] is the immediate.</param>
/// <param name="FaultVa">HDFAR/HIFAR for aborts.</param>
/// <param name="FaultIpa">The intermediate physical address (HPFAR with the page offset added) for stage-2 aborts.</param>
/// <param name="Value">For a trapped store, MCR or MCRR: the value (64 bits for MCRR: Rt2:Rt) that the instruction would write.</param>
public readonly record struct CoreExit(
    CoreExitKind Kind, GuestVa Pc, uint Syndrome, GuestVa FaultVa, Ipa FaultIpa, ulong Value)
{
    /// <summary>Exception class, HSR[31:26].</summary>
    public uint ExceptionClass => Syndrome >> 26;

    /// <summary>Instruction-specific syndrome, HSR[24:0].</summary>
    public uint Iss => Syndrome & 0x1FF_FFFF;
}
