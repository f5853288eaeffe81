using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>What a piece of work on a guest's probes has at hand inside a trap: the lease, the guest, the time, where to send.</summary>
/// <param name="lease">The core's resources.</param>
/// <param name="guest">The guest on it.</param>
/// <param name="cause">What began the chain.</param>
/// <param name="at">The core's local time.</param>
/// <param name="outbox">The sender's outbox.</param>
internal sealed class ProbeWork(CoreLease lease, GuestLease guest, Stamp cause, VirtualInstant at, IOutbox outbox)
{
    /// <summary>The core's resources.</summary>
    public CoreLease Lease { get; } = lease;

    /// <summary>The guest on it.</summary>
    public GuestLease Guest { get; } = guest;

    /// <summary>Its probes.</summary>
    public ProbeTable Table => Guest.ProbeTable;

    /// <summary>What began the chain.</summary>
    public Stamp Cause { get; } = cause;

    /// <summary>The core's local time; moves on with each charge.</summary>
    public VirtualInstant At { get; set; } = at;

    /// <summary>The sender's outbox.</summary>
    public IOutbox Outbox { get; } = outbox;

    /// <summary>What other services have to do because of it.</summary>
    public List<HypervisorWork> FollowUp { get; } = [];

    /// <summary>The board's costs.</summary>
    public CostTable Costs => Lease.Costs;

    /// <summary>Charges a step.</summary>
    public void Charge(StepKind step, CostCategory category, ulong cycles, uint pc, ulong detail, ulong detail2) =>
        At = Lease.Charge(Cause, step, category, At, cycles, pc, detail, detail2);
}
