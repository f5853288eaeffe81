namespace ActorTrace.Machine.Timer;

/// <summary>A guest's timers while its vCPU is on no core.</summary>
/// <param name="VirtualOffset">CNTVOFF.</param>
/// <param name="KernelControl">CNTKCTL.</param>
/// <param name="VirtualControl">CNTV_CTL without ISTATUS.</param>
/// <param name="VirtualCompare">CNTV_CVAL.</param>
/// <param name="PhysicalControl">CNTP_CTL without ISTATUS.</param>
/// <param name="PhysicalCompare">CNTP_CVAL.</param>
/// <param name="VirtualTimerActive">The virtual timer's physical interrupt is active: on its way to the guest, or not yet ended by it.</param>
/// <param name="PhysicalTimerActive">The same of the physical timer's interrupt.</param>
public sealed record GuestTimerState(
    ulong VirtualOffset,
    uint KernelControl,
    uint VirtualControl,
    ulong VirtualCompare,
    uint PhysicalControl,
    ulong PhysicalCompare,
    bool VirtualTimerActive,
    bool PhysicalTimerActive);
