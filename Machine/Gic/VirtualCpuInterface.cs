namespace ActorTrace.Machine.Gic;

/// <summary>
/// A core's virtual CPU interface (ARM IHI 0048B chapter 5): GICV as the guest sees it, fed from four list registers that the
/// hypervisor fills. Priorities have five bits. All virtual interrupts are of group 0.
/// </summary>
/// <param name="deactivatePhysical">Deactivates a physical interrupt that is linked to a virtual one.</param>
public sealed class VirtualCpuInterface(Action<int> deactivatePhysical) : GicCpuInterface(0xF8, 2), IVirtualInterrupts
{
    /// <summary>How many list registers there are.</summary>
    public const int ListRegisters = 4;

    private readonly ListRegister[] list = new ListRegister[ListRegisters];

    /// <summary>GICH_HCR.EOICount: ends of interrupts that were in no list register, modulo 32.</summary>
    public uint EoiCount { get; private set; }

    /// <summary>Free list registers (GICH_ELSR).</summary>
    public int FreeListRegisters => list.Count(r => r.IsFree);

    /// <summary>GICH_APR.</summary>
    public uint Active => ActivePriorities(0, 0);

    /// <summary>A list register.</summary>
    /// <param name="index">0..3.</param>
    public ListRegister this[int index] => list[index];

    /// <summary>Makes a virtual interrupt pending. One that is active becomes active and pending.</summary>
    /// <param name="virtualId">0..1019.</param>
    /// <param name="priority">0 (most urgent) .. 255.</param>
    /// <param name="physicalId">The physical interrupt linked to it, or null.</param>
    /// <returns>False where every list register is taken by another interrupt.</returns>
    public bool TryInject(int virtualId, byte priority, int? physicalId)
    {
        int index = Find(virtualId);
        if (index >= 0)
        {
            ListRegister present = list[index];
            list[index] = new ListRegister(virtualId, priority, present.Status | InterruptStatus.Pending, physicalId ?? present.PhysicalId);
            return true;
        }

        index = FindFree();
        if (index >= 0)
        {
            list[index] = new ListRegister(virtualId, priority, InterruptStatus.Pending, physicalId);
        }

        return index >= 0;
    }

    /// <summary>Takes the vCPU's interface off the core; what is left is the reset state.</summary>
    public VirtualInterruptState Save()
    {
        VirtualInterruptState saved = new(Control, PriorityMask, BinaryPoint, AliasedBinaryPoint, Active, [.. list]);
        Reset();
        Array.Clear(list);
        EoiCount = 0;
        return saved;
    }

    /// <summary>Puts a vCPU's interface on the core.</summary>
    public void Restore(VirtualInterruptState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        Control = state.Control;
        PriorityMask = state.PriorityMask;
        BinaryPoint = state.BinaryPoint;
        AliasedBinaryPoint = state.AliasedBinaryPoint;
        SetActivePriorities(0, 0, state.ActivePriorities);
        for (int i = 0; i < list.Length; i++)
        {
            list[i] = state.ListRegisters[i];
        }
    }

    /// <inheritdoc/>
    public InterruptStatus StatusOf(int interrupt)
    {
        int index = Find(interrupt);
        return index < 0 ? InterruptStatus.Inactive : list[index].Status;
    }

    /// <inheritdoc/>
    public void ClearPending(int interrupt)
    {
        int index = Find(interrupt);
        if (index >= 0)
        {
            bool wasOnlyPending = list[index].Status == InterruptStatus.Pending;
            list[index] = list[index] with { Status = list[index].Status & ~InterruptStatus.Pending };
            Release(wasOnlyPending ? list[index].PhysicalId : null);
        }
    }

    /// <inheritdoc/>
    public void ClearActive(int interrupt)
    {
        int index = Find(interrupt);
        if (index >= 0 && list[index].Status.HasFlag(InterruptStatus.Active))
        {
            End(index);
        }
    }

    /// <inheritdoc/>
    private protected override PendingInterrupt Best()
    {
        PendingInterrupt best = PendingInterrupt.None;
        if ((EnabledGroups & 1) == 0)
        {
            return best;
        }

        foreach (ListRegister register in list)
        {
            int priority = register.Priority & 0xF8;
            bool first = priority < best.Priority || (priority == best.Priority && register.VirtualId < best.Id);
            if (register.Status == InterruptStatus.Pending && first)
            {
                best = new PendingInterrupt(register.VirtualId, 0, priority, false);
            }
        }

        return best;
    }

    /// <inheritdoc/>
    private protected override void Activate(PendingInterrupt interrupt)
    {
        int index = Find(interrupt.Id);
        list[index] = list[index] with { Status = InterruptStatus.Active };
    }

    /// <inheritdoc/>
    private protected override void Deactivate(uint value, bool effective)
    {
        int index = Find((int)(value & 0x3FF));
        if (index >= 0 && list[index].Status.HasFlag(InterruptStatus.Active))
        {
            End(index);
        }
        else if (effective)
        {
            EoiCount = (EoiCount + 1) & 31;
        }
    }

    /// <inheritdoc/>
    private protected override bool IsGroup1(int interrupt) => false;

    private int Find(int virtualId)
    {
        for (int i = 0; i < list.Length; i++)
        {
            if (!list[i].IsFree && list[i].VirtualId == virtualId)
            {
                return i;
            }
        }

        return -1;
    }

    private int FindFree()
    {
        for (int i = 0; i < list.Length; i++)
        {
            if (list[i].IsFree)
            {
                return i;
            }
        }

        return -1;
    }

    private void End(int index)
    {
        list[index] = list[index] with { Status = list[index].Status & ~InterruptStatus.Active };
        Release(list[index].PhysicalId);
    }

    private void Release(int? physicalId)
    {
        if (physicalId is { } linked)
        {
            deactivatePhysical(linked);
        }
    }
}
