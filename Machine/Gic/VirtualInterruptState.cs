namespace ActorTrace.Machine.Gic;

/// <summary>The virtual CPU interface of a vCPU that is on no core (GICH_VMCR, GICH_APR, GICH_HCR, GICH_LRn).</summary>
/// <param name="Control">GICV_CTLR.</param>
/// <param name="PriorityMask">GICV_PMR.</param>
/// <param name="BinaryPoint">GICV_BPR.</param>
/// <param name="AliasedBinaryPoint">GICV_ABPR.</param>
/// <param name="ActivePriorities">GICH_APR: one bit for each preemption level in use.</param>
/// <param name="HypervisorControl">GICH_HCR.</param>
/// <param name="ListRegisters">The list registers.</param>
public sealed record VirtualInterruptState(
    uint Control,
    byte PriorityMask,
    uint BinaryPoint,
    uint AliasedBinaryPoint,
    uint ActivePriorities,
    uint HypervisorControl,
    IReadOnlyList<ListRegister> ListRegisters);
