namespace ActorTrace.Hosting.Validation;

/// <summary>The published measurements of the Arndale board.</summary>
internal static class PublishedFigures
{
    private const string KvmArm =
        "C. Dall, J. Nieh, KVM/ARM: The Design and Implementation of the Linux ARM Hypervisor, ASPLOS 2014, by the authors' raw data";

    private const string Lmbench = "lmbench on the Arndale board at 1.7 GHz, by the same raw data of the authors of KVM/ARM";

    // What is missing between two cores, in one sentence for all of these rows.
    private const string HostScheduling =
        "ours is only what the interrupt between the cores takes more; KVM also traps WFI, puts the thread of the waiting vCPU to sleep in the host's "
        + "scheduler and wakes it again, where here a waiting vCPU stays on its core";

    private const string ClockReads =
        "the kernel reads its clock when a task joins the run queue and when one leaves it (update_rq_clock in Linux 3.9), and each reading of the emulated "
        + "timer traps to user space; other accesses to it are not in it";

    private const string Native = "native";
    private const string Vm = "VM";
    private const string Bare = "VM without VGIC";
    private const string Micro = "micro";
    private const string MicroBare = "micro-no-vgic";

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<PublishedFigure> All =
    [
        Cycles("hypercall", Vm, 5326, Micro, "hypercall", "HVC and back: trap-entry + hypercall + trap-exit"),
        Cycles("hypercall", Bare, 2270, MicroBare, "hypercall", "HVC and back, without the state of VGIC and virtual timers"),
        Cycles("MMIO in the hypervisor", Vm, 5990, Micro, "device-access", "a load from the emulated UART: trap-entry + mmio + trap-exit"),
        Cycles("MMIO in the hypervisor", Bare, 2851, MicroBare, "device-access", "a load from the emulated UART: trap-entry + mmio + trap-exit"),
        Unmodelled("MMIO in user space", 10_119, null, "the hypervisor of the simulation emulates all devices itself where the board has a virtual interrupt interface"),
        Cycles("MMIO in user space", Bare, 6704, MicroBare, "interface-access", "a load from the interrupt interface; what was calibrated is EOI + ACK, which makes two accesses") with { Kind = RowKind.Predicted },
        Cycles("IPI", Vm, 14_366, Micro, "interrupt-between-cores", "SGI to the other core, acknowledged and ended there; half of a round trip"),
        Cycles("IPI", Bare, 32_951, MicroBare, "interrupt-between-cores", "SGI to the other core, acknowledged and ended there, all three emulated in user space; half of a round trip"),
        Cycles("EOI + ACK", Vm, 427, Micro, "acknowledge-end", "two accesses to GICV, none of which traps"),
        Cycles("EOI + ACK", Bare, 13_939, MicroBare, "acknowledge-end", "two accesses that trap and are emulated in user space"),
        Unmodelled("trap alone", 27, null, "the hypervisor of the simulation saves the guest's state in every trap: a change of mode alone is part of trap-entry and trap-exit and cannot be measured by a guest"),
        Unmodelled("no-op", 8, "nothing", "what reading the counter twice takes in a real pipeline; here an instruction takes one cycle, and the guest takes the loop's own instructions off"),
        Path("null call", 0.33, "lmbench-native", "null-call", null, "path length of a system call"),
        Path("context switch 2p/0K", 2.40, "lmbench-native", "hop", "token", "path length of the switch; the bytes through a pipe are taken off, as lat_ctx does"),
        Path("pipe", 11.9, "lmbench-native", "round-trip", null, "path lengths of write and read, twice, with two switches"),
        Path("context switch 2p/0K, SMP", 5.98, "lmbench-smp-native", "switch", null, "path length of a wake-up on the other core"),
        Path("pipe, SMP", 24.6, "lmbench-smp-native", "round-trip", null, "path length of a wake-up on the other core, twice"),
        Predicted("null call", Vm, 0.33, "lmbench", "null-call", null, "more than natively by what the ticks take"),
        Predicted("context switch 2p/0K", Vm, 2.55, "lmbench", "hop", "token", "more than natively by what the ticks take; second-level misses of address translation are not in it"),
        Predicted("context switch 2p/0K", Bare, 15.18, "lmbench-no-vgic", "hop", "token", ClockReads),
        Predicted("pipe", Vm, 12.5, "lmbench", "round-trip", null, "more than natively by what the ticks take; second-level misses of address translation are not in it"),
        Predicted("pipe", Bare, 49.2, "lmbench-no-vgic", "round-trip", null, ClockReads),
        Partly("context switch 2p/0K, SMP", Vm, 29.4, "lmbench-smp", "switch"),
        Partly("context switch 2p/0K, SMP", Bare, 116.6, "lmbench-smp-no-vgic", "switch"),
        Partly("pipe, SMP", Vm, 73.6, "lmbench-smp", "round-trip"),
        Partly("pipe, SMP", Bare, 236.7, "lmbench-smp-no-vgic", "round-trip"),
    ];

    private static PublishedFigure Cycles(string name, string world, double value, string scenario, string measurement, string note) =>
        new(name, world, FigureUnit.Cycles, value, RowKind.Calibrated) { Source = KvmArm, Scenario = scenario, Measurement = measurement, Note = note };

    private static PublishedFigure Unmodelled(string name, double value, string? measurement, string reason) =>
        new(name, Vm, FigureUnit.Cycles, value, RowKind.NotModelled)
        {
            Source = KvmArm,
            Scenario = measurement is null ? null : Micro,
            Measurement = measurement,
            Note = reason,
        };

    private static PublishedFigure Path(string name, double value, string scenario, string measurement, string? without, string note) =>
        Time(name, Native, value, RowKind.Calibrated, scenario, measurement, without, note);

    private static PublishedFigure Predicted(string name, string world, double value, string scenario, string measurement, string? without, string note) =>
        Time(name, world, value, RowKind.Predicted, scenario, measurement, without, note);

    private static PublishedFigure Partly(string name, string world, double value, string scenario, string measurement) =>
        Time(name, world, value, RowKind.NotModelled, scenario, measurement, null, HostScheduling);

    private static PublishedFigure Time(
        string name, string world, double value, RowKind kind, string scenario, string measurement, string? without, string note) =>
        new(name, world, FigureUnit.Microseconds, value, kind)
        {
            Source = Lmbench,
            Scenario = scenario,
            Measurement = measurement,
            Without = without,
            Note = note,
        };
}
