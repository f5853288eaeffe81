using ActorTrace.Actors.Guests;
using ActorTrace.Machine.Cpu;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>
/// What the hypervisor traps of a guest because of its probes. While any is live: writes to the virtual memory controls (HCR.TVM),
/// TLB maintenance (HCR.TTLB) and cache maintenance to the point of unification (HCR.TPU), after which code may be elsewhere or other.
/// While a breakpoint is in place: debug exceptions and the guest's debug registers (HDCR.TDE, TDA, TDOSA, TDRA).
/// </summary>
internal static class ProbeTraps
{
    /// <summary>Sets them as the guest's probes need them, on every vCPU of it.</summary>
    public static void Apply(GuestLease guest)
    {
        bool live = guest.LiveProbes > 0;
        foreach (HypControls controls in guest.Vcpus.Select(v => v.Context.Hyp))
        {
            (controls.TrapVm, controls.TrapTlb, controls.TrapCacheToPou) = (live, live, live);
            controls.RouteDebug = guest.ProbeTable.Breakpoints > 0;
        }
    }

    /// <summary>Switches them off for one instruction of the guest's that the hypervisor lets pass.</summary>
    public static void Suspend(GuestLease guest)
    {
        HypControls controls = guest.Vcpu.Hyp;
        (controls.TrapVm, controls.TrapTlb, controls.TrapCacheToPou, controls.RouteDebug) = (false, false, false, false);
    }
}
