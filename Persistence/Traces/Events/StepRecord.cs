using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Events;

/// <summary>A step of a causal chain, in the order of docs/LIFE_OF_A_TRAP.md.</summary>
public enum StepKind : byte
{
    /// <summary>Guest to hypervisor entry. Detail = HSR; Detail2 = fault address.</summary>
    Trap = 1,

    /// <summary>The router chose a service. Detail = exception class.</summary>
    Route = 2,

    /// <summary>The displaced instruction ran with the saved bits. Detail = the bits, Detail2 = probe.</summary>
    DisplacedInstruction = 3,

    /// <summary>The task control block was read. Detail = probe, Detail2 = guest words read.</summary>
    Extraction = 4,

    /// <summary>The record went into the ring, or was counted as overrun. Detail = ring sequence number, Detail2 = 1 for overrun.</summary>
    RingWrite = 5,

    /// <summary>An SGI was sent. Detail = SGI number, Detail2 = target core.</summary>
    SgiSend = 6,

    /// <summary>An SGI was taken by the hypervisor. Detail = SGI number, Detail2 = sending core.</summary>
    SgiTake = 7,

    /// <summary>A virtual interrupt was put into a list register or queued. Detail = virtual interrupt, Detail2 = 1 when queued, 2 when taken back.</summary>
    Injection = 8,

    /// <summary>
    /// The guest's trace ISR around the drain. Detail = interrupt, Detail2 = 0 for the way in (from the IRQ exception), 1 for the way out.
    /// For steps of guest software End - Start is their own time; where the hypervisor came in between, they ended that much later.
    /// </summary>
    IsrEntry = 9,

    /// <summary>The ISR drained a ring. Detail = ring, Detail2 = records.</summary>
    Drain = 10,

    /// <summary>One ring record was converted. Detail = ring, Detail2 = ring sequence number.</summary>
    Conversion = 11,

    /// <summary>Converted records went into the trace buffer. Detail = lane, Detail2 = records.</summary>
    BufferWrite = 12,

    /// <summary>Another vCPU was put on the core. Detail = the one before (guest, vCPU in bits 15:8; all ones for none), Detail2 = reason (0 first, 1 slice, 2 it waits or gives up).</summary>
    VcpuSwitch = 13,

    /// <summary>A probe was installed, re-resolved or found pending. Detail = probe, Detail2 = physical address, all ones while pending.</summary>
    Install = 14,

    /// <summary>A probe was removed and the original bytes restored. Detail = probe, Detail2 = physical address.</summary>
    Remove = 15,

    /// <summary>A device access was emulated. Detail = intermediate physical address, Detail2 = value, bit 32 set for writes.</summary>
    Mmio = 16,

    /// <summary>A trapped system register access was emulated. Detail = HSR, Detail2 = value.</summary>
    SystemRegister = 17,

    /// <summary>A physical private interrupt (timer) was taken by the hypervisor. Detail = interrupt.</summary>
    PpiTake = 18,

    /// <summary>Hypervisor to guest return. Detail = program counter.</summary>
    Resume = 19,

    /// <summary>A hypercall of the guest's own was answered. Detail = immediate.</summary>
    Hypercall = 20,

    /// <summary>A fault was handed to the guest (external abort, undefined). Detail = HSR, Detail2 = fault address.</summary>
    GuestFault = 21,

    /// <summary>A profiler command was checked and carried out or refused. Detail = command, Detail2 = status.</summary>
    Command = 22,
}

/// <summary>What a step's cycles are charged to; the sum by category is the cost table of a run.</summary>
public enum CostCategory : byte
{
    /// <summary>No charge: a step that takes no time of its own.</summary>
    None = 0,

    /// <summary>World switch into the hypervisor.</summary>
    TrapEntry = 1,

    /// <summary>World switch back.</summary>
    TrapExit = 2,

    /// <summary>Guest and stage-2 page walks.</summary>
    Walk = 3,

    /// <summary>Reading the TCB.</summary>
    TcbRead = 4,

    /// <summary>Writing the ring record.</summary>
    RingWrite = 5,

    /// <summary>Sending an SGI.</summary>
    SgiSend = 6,

    /// <summary>Acknowledging and dispatching a physical interrupt.</summary>
    InterruptTake = 7,

    /// <summary>List-register handling.</summary>
    Injection = 8,

    /// <summary>Device emulation.</summary>
    Mmio = 9,

    /// <summary>Saving and restoring a vCPU.</summary>
    VcpuSwitch = 10,

    /// <summary>Patching bytes, cache maintenance.</summary>
    Patch = 11,

    /// <summary>Checking a command.</summary>
    Command = 12,

    /// <summary>Guest time: interrupt entry, drain and exit of the trace ISR.</summary>
    TraceIsr = 13,

    /// <summary>Guest time: log conversion.</summary>
    Conversion = 14,

    /// <summary>Guest time: the trace controller (the task sh and its stores).</summary>
    TraceController = 15,

    /// <summary>System register emulation.</summary>
    SystemRegister = 16,

    /// <summary>Hypercall service.</summary>
    Hypercall = 17,
}

/// <summary>One step of a causal chain on one core, with what it cost: End - Start cycles in Category.</summary>
/// <param name="Cause">See <see cref="TraceRecord"/>.</param>
/// <param name="Step">Which step.</param>
/// <param name="Category">What the cycles are charged to.</param>
/// <param name="Start">When the step began.</param>
/// <param name="End">When it ended; never before Start.</param>
/// <param name="Core">The core it ran on.</param>
/// <param name="Vcpu">The vCPU it concerns.</param>
/// <param name="Pc">Guest program counter, 0 where none applies.</param>
/// <param name="Detail">See <see cref="StepKind"/>.</param>
/// <param name="Detail2">See <see cref="StepKind"/>.</param>
public sealed record StepRecord(
    Stamp Cause,
    StepKind Step,
    CostCategory Category,
    VirtualInstant Start,
    VirtualInstant End,
    CoreId Core,
    VcpuId Vcpu,
    uint Pc,
    ulong Detail,
    ulong Detail2) : TraceRecord(Cause)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.Step;
}

/// <summary>Text that a guest wrote to its console.</summary>
/// <param name="Cause">The first byte's stamp.</param>
/// <param name="At">When the first byte was written.</param>
/// <param name="Vcpu">Who wrote.</param>
/// <param name="Text">The bytes as Latin-1 characters, one line or less.</param>
public sealed record ConsoleRecord(Stamp Cause, VirtualInstant At, VcpuId Vcpu, string Text) : TraceRecord(Cause)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.Console;
}

/// <summary>A guest's state changed as the hypervisor sees it.</summary>
/// <param name="Cause">What led to it.</param>
/// <param name="At">When.</param>
/// <param name="Vcpu">Which vCPU.</param>
/// <param name="State">One word: started, dead, stopped.</param>
/// <param name="Reason">Why, one line.</param>
public sealed record GuestStateRecord(Stamp Cause, VirtualInstant At, VcpuId Vcpu, string State, string Reason) : TraceRecord(Cause)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.GuestState;
}
