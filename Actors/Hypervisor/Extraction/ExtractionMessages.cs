using ActorTrace.Actors.Cores;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Extraction;

/// <summary>Command of the instrumentation: read the guest's task information for a hit and put it into the ring.</summary>
/// <param name="At">The core's local time.</param>
/// <param name="Cause">The hit's stamp.</param>
/// <param name="Lease">The core's resources.</param>
/// <param name="Probe">Which probe was hit.</param>
public sealed record ExtractHit(VirtualInstant At, Stamp Cause, CoreLease Lease, ProbeDefinition Probe);

/// <summary>Event: nothing has to be announced (no switch, no change of the ready set, or the ring was full).</summary>
/// <param name="At">The core's local time.</param>
/// <param name="Lease">The core's resources.</param>
public sealed record HitExtracted(VirtualInstant At, CoreLease Lease);
