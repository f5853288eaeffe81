namespace ActorTrace.Machine.Boards;

/// <summary>The stable names of the costs, in the order in which <see cref="CostTable"/> holds them.</summary>
internal static class CostNames
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        "trap-entry",
        "trap-exit",
        "route",
        "hypercall",
        "mmio",
        "system-register",
        "walk-step",
        "tcb-word",
        "ring-write",
        "sgi-send",
        "interrupt-take",
        "injection",
        "vcpu-switch",
        "patch",
        "command",
        "trace-isr",
        "drain-record",
        "convert-record",
        "controller-write",
        "interface-access",
        "user-emulation",
    ];
}
