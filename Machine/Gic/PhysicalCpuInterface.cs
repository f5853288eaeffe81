namespace ActorTrace.Machine.Gic;

/// <summary>A core's physical CPU interface, GICC. Priorities have all 8 bits.</summary>
/// <param name="distributor">Where its interrupts come from.</param>
/// <param name="bank">Its bank there.</param>
public sealed class PhysicalCpuInterface(GicDistributor distributor, int bank) : GicCpuInterface(0xFF, 0)
{
    /// <inheritdoc/>
    private protected override PendingInterrupt Best() => distributor.Best(bank, EnabledGroups);

    /// <inheritdoc/>
    private protected override void Activate(PendingInterrupt interrupt) => distributor.Activate(bank, interrupt);

    /// <inheritdoc/>
    private protected override void Deactivate(uint value, bool effective)
    {
        int interrupt = (int)(value & 0x3FF);
        if (effective && interrupt < distributor.Interrupts)
        {
            distributor.Deactivate(bank, interrupt);
        }
    }

    /// <inheritdoc/>
    private protected override bool IsGroup1(int interrupt) => distributor.IsGroup1(bank, interrupt);
}
