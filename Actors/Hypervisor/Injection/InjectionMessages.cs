using ActorTrace.Actors.Cores;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Injection;

/// <summary>Command of the extraction: tell the GPOS that a ring has a new record.</summary>
/// <param name="At">The core's local time.</param>
/// <param name="Cause">The hit's stamp.</param>
/// <param name="Lease">The core's resources.</param>
/// <param name="Ring">Which ring.</param>
public sealed record AnnounceRecord(VirtualInstant At, Stamp Cause, CoreLease Lease, int Ring);

/// <summary>Event: the record is announced.</summary>
/// <param name="At">The core's local time.</param>
/// <param name="Lease">The core's resources.</param>
public sealed record Announced(VirtualInstant At, CoreLease Lease);
