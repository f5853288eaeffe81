using ActorTrace.Actors.Cores;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Simulation;

/// <summary>How a run ended.</summary>
/// <param name="EndedAt">The last instant simulated.</param>
/// <param name="Reason">completed, idle, interrupted, or failed: cause.</param>
/// <param name="Hash">64 hexadecimal digits over all streams; empty where the run failed.</param>
/// <param name="Leases">The cores' resources at the end, by core: memory and registers of every guest. Empty where the run failed.</param>
/// <param name="Failure">What failed, or null.</param>
public sealed record RunOutcome(
    VirtualInstant EndedAt, string Reason, string Hash, IReadOnlyList<CoreLease> Leases, Exception? Failure);
