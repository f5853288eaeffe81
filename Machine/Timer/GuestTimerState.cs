namespace ActorTrace.Machine.Timer;

/// <summary>A vCPU's timers while it is on no core. Its physical timer is the hypervisor's emulation; only that one's interrupt is here.</summary>
/// <param name="VirtualOffset">CNTVOFF.</param>
/// <param name="KernelControl">CNTKCTL.</param>
/// <param name="VirtualControl">CNTV_CTL without ISTATUS.</param>
/// <param name="VirtualCompare">CNTV_CVAL.</param>
/// <param name="VirtualTimerActive">The virtual timer's physical interrupt is active: on its way to the guest, or not yet ended by it.</param>
/// <param name="PhysicalTimerActive">The same of the interrupt that stands for its emulated physical timer.</param>
public sealed record GuestTimerState(
    ulong VirtualOffset,
    uint KernelControl,
    uint VirtualControl,
    ulong VirtualCompare,
    bool VirtualTimerActive,
    bool PhysicalTimerActive);
