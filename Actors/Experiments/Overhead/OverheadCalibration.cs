using ActorTrace.Machine.Boards;

namespace ActorTrace.Actors.Experiments.Overhead;

/// <summary>One of the two published measurements of what leaving a guest takes on the board.</summary>
/// <param name="Name">Which.</param>
/// <param name="Hypercall">A hypercall and back, in cycles.</param>
/// <param name="Source">Where from.</param>
/// <param name="Costs">The cost table calibrated on it.</param>
public sealed record OverheadCalibration(string Name, ulong Hypercall, string Source, CostTable Costs)
{
    // KVM/ARM on Arndale without VGIC and virtual timers: a hypercall and back, a device access handled in the hypervisor.
    private const ulong BareHypercall = 2_270;
    private const ulong BareMmio = 2_851;

    /// <summary>The board's own table: the guest's virtual interrupt interface and timers are saved and restored.</summary>
    public static OverheadCalibration WithVgic { get; } = new(
        "with VGIC state", 5_326, "KVM/ARM authors on the Arndale: hypercall 5,326 cycles", CostTable.Arndale);

    /// <summary>The same without that state: the hypervisor's entry and exit are shorter by what it takes.</summary>
    public static OverheadCalibration WithoutVgic { get; } = new(
        "without VGIC and virtual timers", BareHypercall, "KVM/ARM authors on the Arndale: hypercall 2,270 cycles, device access 2,851", Bare());

    /// <summary>Both.</summary>
    public static IReadOnlyList<OverheadCalibration> All { get; } = [WithVgic, WithoutVgic];

    private static CostTable Bare()
    {
        CostTable table = CostTable.Arndale;
        ulong half = (BareHypercall - table.Hypercall) / 2;
        return table.With("trap-entry", half).With("trap-exit", half).With("mmio", BareMmio - (2 * half));
    }
}
