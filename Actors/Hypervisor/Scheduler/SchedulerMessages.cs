using ActorTrace.Actors.Cores;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Scheduler;

/// <summary>Command at the start of a run: put the first vCPU on the core.</summary>
/// <param name="At">Power on.</param>
/// <param name="Cause">The start's stamp.</param>
/// <param name="Lease">The core's resources.</param>
public sealed record StartScheduling(VirtualInstant At, Stamp Cause, CoreLease Lease);
