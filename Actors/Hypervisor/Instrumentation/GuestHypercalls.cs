using ActorTrace.Actors.Cores;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>Answers the guest's own hypercalls: none is offered, so each answers NOT_SUPPORTED in r0 (ARM DEN 0022, PSCI).</summary>
internal static class GuestHypercalls
{
    private const uint NotSupported = 0xFFFF_FFFF;

    /// <summary>Answers one.</summary>
    /// <returns>The core's local time after it.</returns>
    public static VirtualInstant Answer(HandleTrap trap)
    {
        CoreLease lease = trap.Lease;
        VirtualInstant at = lease.Charge(
            trap.Cause, StepKind.Hypercall, CostCategory.Hypercall, trap.At, lease.Costs.Hypercall, trap.Exit.Pc.Value, trap.Exit.Iss & 0xFFFF);
        lease.Core.AdvanceTo(at);
        lease.Core[0] = NotSupported;
        lease.Core.CompleteEmulated(null);
        return lease.Core.Now;
    }
}
