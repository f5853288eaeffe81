namespace ActorTrace.Machine.Boards;

/// <summary>Costs on the Arndale board (Exynos 5250, two Cortex-A15 at 1.7 GHz).</summary>
/// <remarks>
/// Calibrated on what the authors of KVM/ARM measured there with virtual interrupt controller and virtual timers: a hypercall
/// and back 5,326 cycles, a device access handled in the hypervisor 5,990 cycles, EOI and acknowledge 427 cycles, an interrupt to
/// the other core 14,366 cycles; and without both 2,270, 2,851, 13,939 and 32,951 cycles. Of such a sum only the sum was measured:
/// how it divides between entry and exit, or between the sender and the receiver of an interrupt, is an assumption. `actortrace
/// validate` measures all of them with a guest.
/// </remarks>
internal static class ArndaleCosts
{
    private const string World = "KVM/ARM on Arndale: hypercall 5,326 cycles = trap-entry + hypercall + trap-exit (halves assumed)";
    private const string Device = "KVM/ARM on Arndale: device access in the hypervisor 5,990 cycles = trap-entry + mmio + trap-exit";
    private const string Acknowledge = "KVM/ARM on Arndale: EOI and acknowledge 427 cycles = two accesses with their instructions";
    private const string Ipi =
        "KVM/ARM on Arndale: IPI 14,366 cycles, of which this is what the other steps leave: acknowledging, ending and dispatching";

    private const string BareIpi = "KVM/ARM on Arndale without VGIC: IPI 32,951 cycles, of which this is what the other steps leave";
    private const string UserSpace =
        "KVM/ARM on Arndale without VGIC: EOI and acknowledge 13,939 cycles = two accesses, each trap-entry + user-emulation + trap-exit";

    private const string SecondLevel = "a second-level cache hit of the Cortex-A15 (about 20 cycles)";

    private const string BareWorld =
        "KVM/ARM on Arndale without VGIC and virtual timers: hypercall 2,270 cycles = trap-entry + hypercall + trap-exit (halves assumed)";

    private const string BareDevice =
        "KVM/ARM on Arndale without VGIC and virtual timers: device access in the hypervisor 2,851 cycles = trap-entry + mmio + trap-exit";

    /// <summary>The table with the state of the virtual interrupt controller and timers in every trap.</summary>
    public static readonly IReadOnlyList<CostEntry> Entries =
    [
        Calibrated("trap-entry", 2650, World),
        Calibrated("trap-exit", 2650, World),
        Assumed("route", 0, "contained in the measured trap-entry"),
        Calibrated("hypercall", 26, World),
        Calibrated("mmio", 690, Device),
        Assumed("system-register", 26, "taken as long as a hypercall's handler"),
        Assumed("walk-step", 20, SecondLevel),
        Assumed("tcb-word", 20, SecondLevel),
        Assumed("ring-write", 160, "eight cache lines, each " + SecondLevel),
        Assumed("sgi-send", 100, "one device store and a barrier"),
        Calibrated("interrupt-take", 4249, Ipi),
        Assumed("injection", 100, "reading and writing a list register, two device accesses"),
        Assumed("vcpu-switch", 2000, "saving and restoring the registers of a guest kernel and the list registers"),
        Assumed("patch", 400, "one store, cache clean, instruction cache invalidation and barriers"),
        Assumed("command", 200, "checks and table look-ups"),
        Assumed("trace-isr", 600, "interrupt bookkeeping of a general-purpose kernel"),
        Assumed("drain-record", 200, "copying 512 bytes out of the ring"),
        Assumed("convert-record", 500, "mapping the task and storing one record in the trace buffer"),
        Assumed("controller-write", 2000, "a system call that writes a sysfs file"),
        Calibrated("interface-access", 213, Acknowledge),
        Calibrated("user-emulation", 4725, UserSpace),
    ];

    /// <summary>The table without that state: a trap saves and restores only the guest's registers.</summary>
    public static readonly IReadOnlyList<CostEntry> EntriesWithoutVgic =
        Replaced(
            Calibrated("trap-entry", 1122, BareWorld),
            Calibrated("trap-exit", 1122, BareWorld),
            Calibrated("mmio", 607, BareDevice),
            Calibrated("interrupt-take", 5246, BareIpi));

    private static IReadOnlyList<CostEntry> Replaced(params IReadOnlyList<CostEntry> others) =>
        [.. Entries.Select(entry => others.FirstOrDefault(other => string.Equals(other.Name, entry.Name, StringComparison.Ordinal)) ?? entry)];

    private static CostEntry Calibrated(string name, ulong cycles, string source) => new(name, cycles, CostOrigin.Calibrated, source);

    private static CostEntry Assumed(string name, ulong cycles, string source) => new(name, cycles, CostOrigin.Assumed, source);
}
