using ActorTrace.Actors.Cores;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Extraction;

/// <summary>Command of the instrumentation: read the guest's task information for a hit and put it into the ring.</summary>
/// <param name="At">The core's local time.</param>
/// <param name="Cause">The hit's stamp.</param>
/// <param name="Lease">The core's resources.</param>
/// <param name="Probe">Which probe was hit.</param>
public sealed record ExtractHit(VirtualInstant At, Stamp Cause, CoreLease Lease, ProbeDefinition Probe)
{
    /// <summary>The running task where it has been read in this trap.</summary>
    public TaskSnapshot? Current { get; init; }

    /// <summary>Of a return, the call that came back.</summary>
    public EnteredCall? Call { get; init; }
}

/// <summary>A call of a function with a return probe.</summary>
/// <param name="Function">Where the probe was hit.</param>
/// <param name="At">When.</param>
public readonly record struct EnteredCall(GuestVa Function, VirtualInstant At);

/// <summary>Command of the instrumentation: read which task runs.</summary>
/// <param name="At">The core's local time.</param>
/// <param name="Cause">The trap's stamp.</param>
/// <param name="Lease">The core's resources.</param>
/// <param name="Probe">The number of the probe for which it is read.</param>
public sealed record IdentifyTask(VirtualInstant At, Stamp Cause, CoreLease Lease, ushort Probe);

/// <summary>Event: the running task was read.</summary>
/// <param name="At">The core's local time.</param>
/// <param name="Lease">The core's resources.</param>
/// <param name="Task">The task; null where it cannot be read.</param>
public sealed record TaskIdentified(VirtualInstant At, CoreLease Lease, TaskSnapshot? Task);

/// <summary>Event: nothing has to be announced (no switch, no change of the ready set, or the ring was full).</summary>
/// <param name="At">The core's local time.</param>
/// <param name="Lease">The core's resources.</param>
public sealed record HitExtracted(VirtualInstant At, CoreLease Lease);
