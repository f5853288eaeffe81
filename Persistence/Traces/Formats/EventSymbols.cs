using System.Globalization;

namespace ActorTrace.Traces.Formats;

/// <summary>Names of the values of numeric fields.</summary>
internal static class EventSymbols
{
    /// <summary>The number of <see cref="HypervisorReasons"/> that stands for a physical interrupt: no exception class.</summary>
    public const ulong InterruptReason = 0x40;

    /// <summary>show_softirq_name of the kernel.</summary>
    public static readonly (ulong Value, string Name)[] Softirqs =
    [
        (0, "HI"), (1, "TIMER"), (2, "NET_TX"), (3, "NET_RX"), (4, "BLOCK"), (5, "IRQ_POLL"), (6, "TASKLET"), (7, "SCHED"), (8, "HRTIMER"), (9, "RCU"),
    ];

    /// <summary>Why a guest left to the hypervisor: the exception classes of the HSR (ARM DDI 0406C, table B3-25).</summary>
    public static readonly (ulong Value, string Name)[] HypervisorReasons =
    [
        (0x00, "UNKNOWN"), (0x01, "WFI_WFE"), (0x03, "CP15_32"), (0x04, "CP15_64"), (0x05, "CP14_32"), (0x06, "CP14_LS"), (0x07, "CP_ACCESS"),
        (0x08, "CP10_ID"), (0x0A, "BXJ"), (0x0C, "CP14_64"), (0x11, "SVC"), (0x12, "HVC"), (0x13, "SMC"), (0x20, "PREFETCH_ABORT"),
        (0x21, "PREFETCH_ABORT_HYP"), (0x24, "DATA_ABORT"), (0x25, "DATA_ABORT_HYP"), (InterruptReason, "IRQ"),
    ];

    /// <summary>The number of the reason that a syndrome tells: its exception class (HSR 31:26); a physical interrupt has no syndrome.</summary>
    public static ulong ReasonOf(ulong syndrome) => syndrome == 0 ? InterruptReason : syndrome >> 26;

    /// <summary>The expression of a print fmt that shows the name.</summary>
    public static string Print(string field, (ulong Value, string Name)[] symbols) => string.Create(
        CultureInfo.InvariantCulture,
        $"__print_symbolic(REC->{field}, {string.Join(", ", symbols.Select(s => string.Create(CultureInfo.InvariantCulture, $"{{ 0x{s.Value:x}, \"{s.Name}\" }}")))})");
}
