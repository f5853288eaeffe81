namespace ActorTrace.Machine.Gic;

/// <summary>A list register: a virtual interrupt on its way through a vCPU (ARM IHI 0048B 5.3.9, GICH_LRn).</summary>
/// <param name="VirtualId">The number that the guest sees.</param>
/// <param name="Priority">0..255; only the upper five bits count.</param>
/// <param name="Status">Inactive: the register is free.</param>
/// <param name="PhysicalId">With the HW bit: the physical interrupt that the guest's deactivation deactivates. Null without.</param>
public readonly record struct ListRegister(int VirtualId, byte Priority, InterruptStatus Status, int? PhysicalId)
{
    /// <summary>Nothing is in it.</summary>
    public bool IsFree => Status == InterruptStatus.Inactive;
}
