namespace ActorTrace.Machine.Gic;

/// <summary>What the physical and the virtual CPU interface have in common (ARM IHI 0048B chapters 3.3 and 4.4): priorities, masking, preemption.</summary>
public abstract class GicCpuInterface
{
    private const uint AcknowledgeControl = 1 << 2;
    private const uint FiqEnable = 1 << 3;
    private const uint CommonBinaryPoint = 1 << 4;
    private const uint EoiMode = 1 << 9;
    private const uint ControlMask = 0x21F;
    private const uint NumberMask = 0x3FF;
    private const int FirstReserved = 1020;
    private const int Idle = 256;

    private readonly byte priorityBits;
    private readonly int minimumBinaryPoint;
    private readonly UInt128[] active = new UInt128[2];
    private uint control;
    private byte priorityMask;
    private uint binaryPoint;
    private uint aliasedBinaryPoint;

    /// <summary>Creates an interface in its reset state.</summary>
    /// <param name="priorityBits">The bits of a priority that are implemented.</param>
    /// <param name="minimumBinaryPoint">The finest binary point.</param>
    private protected GicCpuInterface(byte priorityBits, int minimumBinaryPoint)
    {
        this.priorityBits = priorityBits;
        this.minimumBinaryPoint = minimumBinaryPoint;
        Reset();
    }

    /// <summary>The request for an interrupt exception.</summary>
    public bool IrqLine { get; private set; }

    /// <summary>The request for a fast-interrupt exception.</summary>
    public bool FiqLine { get; private set; }

    /// <summary>GICC_CTLR.</summary>
    public uint Control
    {
        get => control;
        set => control = value & ControlMask;
    }

    /// <summary>GICC_PMR: only higher priorities (lower values) are signalled.</summary>
    public byte PriorityMask
    {
        get => priorityMask;
        set => priorityMask = (byte)(value & priorityBits);
    }

    /// <summary>GICC_BPR.</summary>
    public uint BinaryPoint
    {
        get => binaryPoint;
        set => binaryPoint = Math.Max(value & 7, (uint)minimumBinaryPoint);
    }

    /// <summary>GICC_ABPR: the binary point of group 1.</summary>
    public uint AliasedBinaryPoint
    {
        get => aliasedBinaryPoint;
        set => aliasedBinaryPoint = Math.Max(value & 7, (uint)minimumBinaryPoint + 1);
    }

    /// <summary>GICC_RPR: the priority of what is being handled, 0xFF when idle.</summary>
    public uint RunningPriorityRegister => (uint)Math.Min(RunningPriority, 0xFF);

    /// <summary>The groups that are enabled here: bit 0, bit 1.</summary>
    private protected uint EnabledGroups => control & 3;

    private int RunningPriority
    {
        get
        {
            UInt128 all = active[0] | active[1];
            return all == 0 ? Idle : (int)UInt128.TrailingZeroCount(all) << (minimumBinaryPoint + 1);
        }
    }

    /// <summary>Reads a register; what is no register, or write-only, reads as 0.</summary>
    /// <param name="offset">Bytes from the start of the interface, aligned to <paramref name="size"/>.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    public uint Read(uint offset, int size) => CpuInterfaceRegisters.Read(this, offset, size);

    /// <summary>Writes a register; what is no register, or read-only, ignores it.</summary>
    /// <param name="offset">Bytes from the start of the interface.</param>
    /// <param name="value">What is written.</param>
    public void Write(uint offset, uint value) => CpuInterfaceRegisters.Write(this, offset, value);

    /// <summary>GICC_IAR, or GICC_AIAR: takes the interrupt that waits first, if its priority suffices.</summary>
    /// <param name="group1">GICC_AIAR: only group 1.</param>
    /// <returns>Number and source as <see cref="PendingInterrupt.Encoded"/>; 1022 or 1023 where there is nothing to take.</returns>
    public uint Acknowledge(bool group1)
    {
        PendingInterrupt best = Best();
        if (!Preempts(best))
        {
            return InterruptNumber.Spurious;
        }

        uint seen = Visible(best, group1);
        if (seen == best.Encoded)
        {
            int level = GroupPriority(best) >> (minimumBinaryPoint + 1);
            active[best.Group1 && HasGroup1Priorities ? 1 : 0] |= UInt128.One << level;
            Activate(best);
        }

        return seen;
    }

    /// <summary>GICC_HPPIR, or GICC_AHPPIR: the interrupt that waits first, without taking it.</summary>
    public uint HighestPending(bool group1)
    {
        PendingInterrupt best = Best();
        return best.Priority < priorityMask ? Visible(best, group1) : InterruptNumber.Spurious;
    }

    /// <summary>GICC_EOIR: the priority drops; with EOImode = 0 the interrupt is deactivated too.</summary>
    /// <param name="value">Number in [9:0], source in [12:10].</param>
    public void EndOfInterrupt(uint value)
    {
        int interrupt = (int)(value & NumberMask);
        if (interrupt >= FirstReserved)
        {
            return;
        }

        bool effective = RunningPriority != Idle;
        int group = IsGroup1(interrupt) ? 1 : 0;
        active[group] &= active[group] - 1;
        if ((control & EoiMode) == 0)
        {
            Deactivate(value, effective);
        }
    }

    /// <summary>GICC_DIR: deactivates an interrupt whose priority has dropped; only with EOImode = 1.</summary>
    /// <param name="value">Number in [9:0], source in [12:10].</param>
    public void DeactivateInterrupt(uint value)
    {
        if ((value & NumberMask) < FirstReserved && (control & EoiMode) != 0)
        {
            Deactivate(value, true);
        }
    }

    /// <summary>Works out the lines anew, after any change of what is pending, active, enabled or masked.</summary>
    public void Update()
    {
        PendingInterrupt best = Best();
        bool request = Preempts(best);
        FiqLine = request && !best.Group1 && (control & FiqEnable) != 0;
        IrqLine = request && !FiqLine;
    }

    internal uint ActivePriorities(int group, int word) => (uint)(active[group] >> (32 * word));

    internal void SetActivePriorities(int group, int word, uint value)
    {
        UInt128 levels = (UInt128.One << (256 >> (minimumBinaryPoint + 1))) - 1;
        UInt128 kept = active[group] & ~((UInt128)uint.MaxValue << (32 * word));
        active[group] = (kept | ((UInt128)value << (32 * word))) & (levels == 0 ? UInt128.MaxValue : levels);
    }

    /// <summary>Puts the registers into their reset state.</summary>
    private protected void Reset()
    {
        control = 0;
        priorityMask = 0;
        active[0] = 0;
        active[1] = 0;
        BinaryPoint = 0;
        AliasedBinaryPoint = 0;
    }

    /// <summary>The pending interrupt of highest priority among the enabled groups.</summary>
    private protected abstract PendingInterrupt Best();

    /// <summary>A pending interrupt becomes active.</summary>
    private protected abstract void Activate(PendingInterrupt interrupt);

    /// <summary>An active interrupt is deactivated, if it is one.</summary>
    /// <param name="value">Number in [9:0], source in [12:10].</param>
    /// <param name="effective">False for an end of interrupt while no priority was active.</param>
    private protected abstract void Deactivate(uint value, bool effective);

    /// <summary>The group of an interrupt.</summary>
    private protected abstract bool IsGroup1(int interrupt);

    /// <summary>The active priorities of group 1 have registers of their own (GICC_NSAPRn).</summary>
    private protected virtual bool HasGroup1Priorities => true;

    /// <summary>Group 1 shows through the registers of group 0 only with AckCtl; group 0 never through those of group 1.</summary>
    private uint Visible(PendingInterrupt best, bool group1)
    {
        if (best.Group1 == group1 || best.Id == InterruptNumber.Spurious)
        {
            return best.Encoded;
        }

        if (group1)
        {
            return InterruptNumber.Spurious;
        }

        return (control & AcknowledgeControl) != 0 ? best.Encoded : InterruptNumber.OtherGroup;
    }

    /// <summary>The running priority is a group priority, so the whole priority is below it only where the group priority is.</summary>
    private bool Preempts(PendingInterrupt best) => best.Priority < priorityMask && best.Priority < RunningPriority;

    /// <summary>The part of a priority that decides on preemption (ARM IHI 0048B 3.3.3).</summary>
    private int GroupPriority(PendingInterrupt interrupt)
    {
        bool common = !interrupt.Group1 || (control & CommonBinaryPoint) != 0;
        int point = (int)(common ? binaryPoint : aliasedBinaryPoint - 1);
        return interrupt.Priority & (0xFF << (point + 1)) & 0xFF;
    }
}
