namespace ActorTrace.Machine.Gic;

/// <summary>
/// A core's virtual CPU interface (ARM IHI 0048B chapter 5): GICV as the guest sees it, GICH and four list registers as the
/// hypervisor sees it. Priorities have five bits.
/// </summary>
/// <param name="deactivatePhysical">Deactivates a physical interrupt that is linked to a virtual one.</param>
public sealed class VirtualCpuInterface(Action<int> deactivatePhysical) : GicCpuInterface(0xF8, 2), IVirtualInterrupts
{
    /// <summary>How many list registers there are.</summary>
    public const int ListRegisters = 4;

    // GICH_HCR (5.3.2)
    private const uint Enable = 1 << 0;
    private const uint HypervisorControlMask = 0xFF;
    private const int EoiCountShift = 27;
    private const uint EoiCountMask = 0x1F;

    private readonly ListRegister[] list = new ListRegister[ListRegisters];
    private uint hypervisorControl;

    /// <summary>GICH_HCR: enable, the causes of maintenance that are enabled, and in [31:27] the ends of interrupts that were in no list register, modulo 32.</summary>
    public uint HypervisorControl
    {
        get => hypervisorControl | (EoiCount << EoiCountShift);
        set => (hypervisorControl, EoiCount) = (value & HypervisorControlMask, value >> EoiCountShift);
    }

    /// <summary>GICH_HCR.EOICount.</summary>
    public uint EoiCount { get; private set; }

    /// <summary>Free list registers (GICH_ELSR).</summary>
    public int FreeListRegisters => list.Count(r => r.IsFree);

    /// <summary>GICH_APR.</summary>
    public uint Active => ActivePriorities(0, 0);

    /// <summary>GICH_MISR.</summary>
    public MaintenanceCauses MaintenanceStatus
    {
        get
        {
            bool group0 = (EnabledGroups & 1) != 0;
            bool group1 = (EnabledGroups & 2) != 0;
            MaintenanceCauses causes = Cause(MaintenanceCauses.Underflow, list.Count(r => !r.IsFree) <= 1)
                | Cause(MaintenanceCauses.EntryNotPresent, EoiCount != 0)
                | Cause(MaintenanceCauses.NonePending, !Array.Exists(list, r => r.Status == InterruptStatus.Pending))
                | Cause(MaintenanceCauses.Group0Enabled, group0) | Cause(MaintenanceCauses.Group0Disabled, !group0)
                | Cause(MaintenanceCauses.Group1Enabled, group1) | Cause(MaintenanceCauses.Group1Disabled, !group1);
            return (causes & (MaintenanceCauses)hypervisorControl) | Cause(MaintenanceCauses.End, EndStatus != 0);
        }
    }

    /// <summary>The maintenance interrupt's output, a level: PPI 25.</summary>
    public bool MaintenanceLine => (hypervisorControl & Enable) != 0 && MaintenanceStatus != MaintenanceCauses.None;

    /// <summary>GICH_EISR0: list registers whose interrupt the guest has ended and that ask to be told, one bit each.</summary>
    internal uint EndStatus => Which(r => r.IsFree && r.ReportsEnd);

    /// <summary>GICH_ELSR0: list registers that can be used, one bit each.</summary>
    internal uint EmptyStatus => Which(r => r.IsFree && !r.ReportsEnd);

    /// <summary>GICH_VMCR: the guest's settings of GICV in one word (5.3.4).</summary>
    internal uint MachineControl
    {
        get => (Control & 0x21F) | (AliasedBinaryPoint << 18) | (BinaryPoint << 21) | ((uint)(PriorityMask >> 3) << 27);
        set
        {
            Control = value;
            AliasedBinaryPoint = (value >> 18) & 7;
            BinaryPoint = (value >> 21) & 7;
            PriorityMask = (byte)((value >> 27) << 3);
        }
    }

    /// <summary>A list register.</summary>
    /// <param name="index">0..3.</param>
    public ListRegister this[int index]
    {
        get => list[index];
        internal set => list[index] = value;
    }

    /// <summary>Reads a register of GICH; what is none reads as 0.</summary>
    /// <param name="offset">Bytes from the start of GICH, a multiple of 4.</param>
    public uint ReadControl(uint offset) => VirtualInterfaceControl.Read(this, offset);

    /// <summary>Writes a register of GICH; what is none, or read-only, ignores it.</summary>
    /// <param name="offset">Bytes from the start of GICH, a multiple of 4.</param>
    /// <param name="value">What is written.</param>
    public void WriteControl(uint offset, uint value) => VirtualInterfaceControl.Write(this, offset, value);

    /// <summary>Makes a virtual interrupt of group 0 pending. One that is active becomes active and pending.</summary>
    /// <param name="virtualId">0..1019.</param>
    /// <param name="priority">0 (most urgent) .. 255.</param>
    /// <param name="physicalId">The physical interrupt linked to it, or null.</param>
    /// <returns>False where every list register is taken by another interrupt.</returns>
    public bool TryInject(int virtualId, byte priority, int? physicalId) =>
        TryPlace(new ListRegister(virtualId, priority, InterruptStatus.Pending, physicalId));

    /// <summary>Puts a pending interrupt into a list register: its own, where it is in one already, or a free one.</summary>
    /// <returns>False where every list register is taken by another interrupt.</returns>
    public bool TryPlace(ListRegister entry)
    {
        int index = Find(entry.VirtualId, entry.Source);
        if (index >= 0)
        {
            ListRegister present = list[index];
            list[index] = entry with
            {
                Status = present.Status | InterruptStatus.Pending,
                PhysicalId = entry.PhysicalId ?? present.PhysicalId,
                ReportsEnd = entry.ReportsEnd || present.ReportsEnd,
            };
            return true;
        }

        index = Array.FindIndex(list, r => r.IsFree && !r.ReportsEnd);
        if (index >= 0)
        {
            list[index] = entry;
        }

        return index >= 0;
    }

    /// <summary>
    /// Takes the least urgent interrupt out of its list register, if it is less urgent than another: one that is only pending, or
    /// else one that is only active and not linked, whose end is then one of an interrupt in no list register.
    /// </summary>
    /// <param name="priority">The other's priority.</param>
    /// <param name="taken">What was taken out.</param>
    /// <returns>False where none is.</returns>
    public bool TryMakeRoom(byte priority, out ListRegister taken)
    {
        int least = LeastUrgent(priority, InterruptStatus.Pending);
        least = least < 0 ? LeastUrgent(priority, InterruptStatus.Active) : least;
        taken = least < 0 ? default : list[least];
        if (least >= 0)
        {
            list[least] = default;
        }

        return least >= 0;
    }

    /// <summary>Takes all that is pending out of the list registers; what is active stays active.</summary>
    public IReadOnlyList<ListRegister> TakePending()
    {
        List<ListRegister> taken = [];
        for (int i = 0; i < list.Length; i++)
        {
            if (list[i].Status.HasFlag(InterruptStatus.Pending))
            {
                // What is pending on top of an active level was made so by software; the end reported is that of the active one.
                bool active = list[i].Status.HasFlag(InterruptStatus.Active);
                taken.Add(list[i] with { Status = InterruptStatus.Pending, ReportsEnd = list[i].ReportsEnd && !active });
                list[i] = active ? list[i] with { Status = InterruptStatus.Active } : default;
            }
        }

        return taken;
    }

    /// <summary>Frees the list registers of <see cref="EndStatus"/>.</summary>
    /// <returns>What was in them.</returns>
    public IReadOnlyList<ListRegister> TakeEnded()
    {
        List<ListRegister> ended = [];
        for (int i = 0; i < list.Length; i++)
        {
            if (list[i].IsFree && list[i].ReportsEnd)
            {
                ended.Add(list[i]);
                list[i] = default;
            }
        }

        return ended;
    }

    /// <summary>Takes the vCPU's interface off the core; what is left is the reset state.</summary>
    public VirtualInterruptState Save()
    {
        VirtualInterruptState saved = new(Control, PriorityMask, BinaryPoint, AliasedBinaryPoint, Active, HypervisorControl, [.. list]);
        Reset();
        Array.Clear(list);
        HypervisorControl = 0;
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
        HypervisorControl = state.HypervisorControl;
        for (int i = 0; i < list.Length; i++)
        {
            list[i] = state.ListRegisters[i];
        }
    }

    /// <inheritdoc/>
    public InterruptStatus StatusOf(int interrupt)
    {
        InterruptStatus status = InterruptStatus.Inactive;
        foreach (ListRegister register in list)
        {
            status |= register.VirtualId == interrupt ? register.Status : InterruptStatus.Inactive;
        }

        return status;
    }

    /// <inheritdoc/>
    public void ClearPending(int interrupt)
    {
        for (int i = 0; i < list.Length; i++)
        {
            if (list[i].VirtualId == interrupt && list[i].Status.HasFlag(InterruptStatus.Pending))
            {
                bool wasOnlyPending = list[i].Status == InterruptStatus.Pending;
                list[i] = list[i] with { Status = list[i].Status & ~InterruptStatus.Pending };
                Release(wasOnlyPending ? list[i].PhysicalId : null);
            }
        }
    }

    /// <inheritdoc/>
    public void ClearActive(int interrupt)
    {
        for (int i = 0; i < list.Length; i++)
        {
            if (list[i].VirtualId == interrupt && list[i].Status.HasFlag(InterruptStatus.Active))
            {
                End(i);
            }
        }
    }

    /// <inheritdoc/>
    private protected override PendingInterrupt Best()
    {
        PendingInterrupt best = PendingInterrupt.None;
        if ((hypervisorControl & Enable) == 0)
        {
            return best;
        }

        foreach (ListRegister register in list)
        {
            int priority = register.Priority & 0xF8;
            bool first = priority < best.Priority || (priority == best.Priority && register.VirtualId < best.Id);
            if (register.Status == InterruptStatus.Pending && first && (EnabledGroups & (register.Group1 ? 2U : 1U)) != 0)
            {
                best = new PendingInterrupt(register.VirtualId, register.Source, priority, register.Group1);
            }
        }

        return best;
    }

    /// <inheritdoc/>
    private protected override void Activate(PendingInterrupt interrupt)
    {
        int index = Find(interrupt.Id, interrupt.Source);
        list[index] = list[index] with { Status = InterruptStatus.Active };
    }

    /// <inheritdoc/>
    private protected override void Deactivate(uint value, bool effective)
    {
        int number = (int)(value & 0x3FF);
        int source = number < InterruptNumber.FirstPpi ? (int)((value >> 10) & 7) : 0;
        int index = Array.FindIndex(
            list, r => r.VirtualId == number && r.Status.HasFlag(InterruptStatus.Active) && (r.PhysicalId is not null || r.Source == source));
        if (index >= 0)
        {
            End(index);
        }
        else if (effective)
        {
            EoiCount = (EoiCount + 1) & EoiCountMask;
        }
    }

    /// <summary>GICH_APR serves both groups.</summary>
    private protected override bool IsGroup1(int interrupt) => false;

    /// <inheritdoc/>
    private protected override bool HasGroup1Priorities => false;

    private static MaintenanceCauses Cause(MaintenanceCauses cause, bool met) => met ? cause : MaintenanceCauses.None;

    private uint Which(Func<ListRegister, bool> condition)
    {
        uint which = 0;
        for (int i = 0; i < list.Length; i++)
        {
            which |= condition(list[i]) ? 1U << i : 0;
        }

        return which;
    }

    private int LeastUrgent(byte priority, InterruptStatus status)
    {
        int least = -1;
        for (int i = 0; i < list.Length; i++)
        {
            bool candidate = list[i].Status == status && (list[i].Priority & 0xF8) > (priority & 0xF8)
                && (status == InterruptStatus.Pending || list[i].PhysicalId is null);
            least = candidate && (least < 0 || list[i].Priority >= list[least].Priority) ? i : least;
        }

        return least;
    }

    private int Find(int virtualId, int source) => Array.FindIndex(list, r => !r.IsFree && r.VirtualId == virtualId && r.Source == source);

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
