namespace ActorTrace.Hosting.Validation;

/// <summary>The published measurements of the Arndale board.</summary>
internal static class PublishedFigures
{
    private const string KvmArm =
        "C. Dall, J. Nieh, KVM/ARM: The Design and Implementation of the Linux ARM Hypervisor, ASPLOS 2014, and the authors' raw data";

    private const string Vm = "VM";
    private const string Bare = "VM without VGIC";
    private const string Micro = "micro";
    private const string MicroBare = "micro-no-vgic";

    /// <summary>All of them, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<PublishedFigure> All =
    [
        Cycles("hypercall", Vm, 5326, Micro, "hypercall", "HVC and back: trap-entry + hypercall + trap-exit"),
        Cycles("hypercall", Bare, 2270, MicroBare, "hypercall", "the same, without the state of VGIC and virtual timers"),
        Cycles("MMIO in the hypervisor", Vm, 5990, Micro, "device-access", "load from the emulated UART: trap-entry + mmio + trap-exit"),
        Cycles("MMIO in the hypervisor", Bare, 2851, MicroBare, "device-access", "the same"),
        Cycles("IPI", Vm, 14_366, Micro, "interrupt-between-cores", "SGI to the other core, acknowledged and ended there; half of a round trip"),
        Cycles("IPI", Bare, 32_951, MicroBare, "interrupt-between-cores", "the same; sending, acknowledging and ending are emulated in user space"),
        Cycles("EOI + ACK", Vm, 427, Micro, "acknowledge-end", "two accesses to GICV, none of which traps"),
        Cycles("EOI + ACK", Bare, 13_939, MicroBare, "acknowledge-end", "two accesses that trap and are emulated in user space"),
        Unmodelled("trap alone", 27, null, "the hypervisor of the simulation saves the guest's state in every trap: a change of mode alone is part of trap-entry and trap-exit and cannot be measured by a guest"),
        Unmodelled("no-op", 8, "nothing", "what reading the counter twice takes in a real pipeline; here an instruction takes one cycle, and the guest takes the loop's own instructions off"),
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
}
