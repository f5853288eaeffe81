using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Cores;

/// <summary>Command of the clock: run until a window's end.</summary>
/// <param name="Limit">The end; an instruction or trap that began before it may overshoot.</param>
/// <param name="Deliveries">How many cross-core messages were routed to this core since the run began: it waits until it has them.</param>
public sealed record RunUntil(VirtualInstant Limit, long Deliveries);

/// <summary>Command of the clock between two windows, to the core of the GPOS: somebody outside writes to a control file.</summary>
/// <param name="Write">What, and from when on it waits for the task sh; not earlier than the core's time.</param>
public sealed record QueueControlWrite(Scenarios.ControlWrite Write);

/// <summary>Command of the clock between two windows: send all that is recorded to the journal. The answer is <see cref="RecordsFlushed"/>.</summary>
public sealed record FlushRecords;

/// <summary>Command of the GIC: a cross-core message for this core; it takes effect at its stamp.</summary>
/// <param name="Message">What arrives.</param>
public sealed record Deliver(CrossCoreMessage Message);

/// <summary>Command of the hypervisor: go on with the guest.</summary>
/// <param name="At">The guest's next instant.</param>
/// <param name="Cause">What began the chain.</param>
/// <param name="Lease">The core's resources, handed back.</param>
/// <param name="Displaced">An instruction to run in place of the probe at the program counter, or null.</param>
public sealed record ResumeGuest(VirtualInstant At, Stamp Cause, CoreLease Lease, DisplacedInstruction? Displaced);

/// <summary>The instruction that a probe displaced.</summary>
/// <param name="Bits">Its encoding, as the core's ExecuteDisplaced takes it.</param>
/// <param name="Probe">Which probe.</param>
public sealed record DisplacedInstruction(uint Bits, ushort Probe);

/// <summary>Command at the start of a run: fetch the first vCPU.</summary>
public sealed record StartCore;

/// <summary>Command at the end of a run: give everything back and flush the streams.</summary>
/// <param name="At">The end of simulated time.</param>
public sealed record StopCore(VirtualInstant At);

/// <summary>Event: the guest trapped; the hypervisor has the core until <see cref="ResumeGuest"/>.</summary>
/// <param name="At">When.</param>
/// <param name="Cause">The trap's stamp: it begins a causal chain.</param>
/// <param name="Lease">The core's resources.</param>
/// <param name="Exit">Why.</param>
public sealed record TrapTaken(VirtualInstant At, Stamp Cause, CoreLease Lease, CoreExit Exit)
{
    /// <summary>The instruction that a probe displaced trapped, not the probe.</summary>
    public bool OfDisplaced { get; init; }
}

/// <summary>Event: the window is over for this core.</summary>
/// <param name="Core">Which core.</param>
/// <param name="Now">Its local time; may be later than the window's end.</param>
/// <param name="Next">A lower bound of the next instant at which it acts by itself; Never if none.</param>
/// <param name="Sends">Cross-core messages sent since the run began.</param>
/// <param name="Batches">Journal batches sent since the run began.</param>
public sealed record QuantumEnded(CoreId Core, VirtualInstant Now, VirtualInstant Next, long Sends, long Batches);

/// <summary>Event: all that was recorded is on the way to the journal.</summary>
/// <param name="Core">Which core.</param>
/// <param name="Batches">Journal batches sent since the run began.</param>
public sealed record RecordsFlushed(CoreId Core, long Batches);

/// <summary>Event: the core has stopped and its streams are complete.</summary>
/// <param name="Core">Which core.</param>
/// <param name="Lease">Its resources, for the summary of the run.</param>
/// <param name="Batches">Journal batches sent since the run began.</param>
public sealed record CoreStopped(CoreId Core, CoreLease Lease, long Batches);
