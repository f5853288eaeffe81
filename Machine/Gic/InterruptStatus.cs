namespace ActorTrace.Machine.Gic;

/// <summary>Where an interrupt stands (ARM IHI 0048B 1.4.1): inactive, pending, active, or both.</summary>
[Flags]
public enum InterruptStatus
{
    /// <summary>Neither pending nor active.</summary>
    Inactive = 0,

    /// <summary>Recognised, not yet acknowledged.</summary>
    Pending = 1,

    /// <summary>Acknowledged, not yet deactivated.</summary>
    Active = 2,
}

/// <summary>The interrupts of a vCPU that are in list registers and no longer in its emulated distributor.</summary>
public interface IVirtualInterrupts
{
    /// <summary>Where a virtual interrupt stands in the list registers.</summary>
    InterruptStatus StatusOf(int interrupt);

    /// <summary>Takes the pending state away, as a write to GICD_ICPENDR asks.</summary>
    void ClearPending(int interrupt);

    /// <summary>Takes the active state away, as a write to GICD_ICACTIVER asks.</summary>
    void ClearActive(int interrupt);
}
