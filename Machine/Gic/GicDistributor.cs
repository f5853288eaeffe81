using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Gic;

/// <summary>A GICv2 distributor (ARM IHI 0048B chapter 4.3) for one or more CPUs: interrupts 0..31 banked, the rest shared.</summary>
/// <remarks>Where each core has a distributor object of its own, the object has one bank and the number of that core.</remarks>
public sealed class GicDistributor
{
    private const int MaxCpus = 8;
    private const uint GroupEnables = 3;
    private readonly InterruptState[] states;
    private readonly IVirtualInterrupts?[] held;
    private readonly int firstCpu;
    private readonly int totalCpus;
    private uint control;

    /// <summary>Creates a distributor in its reset state: SGIs enabled, all else disabled, everything in group 0 at priority 0.</summary>
    /// <param name="interrupts">How many interrupt numbers, a multiple of 32 up to 1024.</param>
    /// <param name="firstCpu">Number of the CPU of bank 0.</param>
    /// <param name="banks">How many CPUs this object serves.</param>
    /// <param name="totalCpus">How many CPUs there are, 1..8.</param>
    public GicDistributor(int interrupts, int firstCpu, int banks, int totalCpus)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(interrupts % 32, 0, nameof(interrupts));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(interrupts);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(banks);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(totalCpus, MaxCpus);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstCpu + banks, totalCpus, nameof(banks));
        Interrupts = interrupts;
        this.firstCpu = firstCpu;
        this.totalCpus = totalCpus;
        states = new InterruptState[interrupts + ((banks - 1) * InterruptNumber.FirstSpi)];
        held = new IVirtualInterrupts?[banks];
        for (int bank = 0; bank < banks; bank++)
        {
            for (int sgi = 0; sgi < InterruptNumber.FirstPpi; sgi++)
            {
                At(bank, sgi).Enabled = true;
                At(bank, sgi).Edge = true;
            }
        }
    }

    /// <summary>How many interrupt numbers.</summary>
    public int Interrupts { get; }

    /// <summary>GICD_CTLR: EnableGrp0 (bit 0), EnableGrp1 (bit 1).</summary>
    public uint Control
    {
        get => control;
        set => control = value & GroupEnables;
    }

    /// <summary>Gets each write to GICD_SGIR that has a target.</summary>
    public Action<SgiRequest>? SgiSent { get; set; }

    /// <summary>GICD_TYPER.</summary>
    internal uint Type => (uint)((Interrupts / 32) - 1) | ((uint)(totalCpus - 1) << 5);

    /// <summary>Reads a register; what is no register reads as 0.</summary>
    /// <param name="bank">Which CPU reads.</param>
    /// <param name="offset">Bytes from the start of the distributor, aligned to <paramref name="size"/>.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    public uint Read(int bank, uint offset, int size) => DistributorRegisters.Read(this, bank, offset, size);

    /// <summary>Writes a register; what is no register ignores it.</summary>
    /// <param name="bank">Which CPU writes.</param>
    /// <param name="offset">Bytes from the start of the distributor, aligned to <paramref name="size"/>.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">What is written.</param>
    /// <param name="now">When the store completes.</param>
    public void Write(int bank, uint offset, int size, uint value, VirtualInstant now) =>
        DistributorRegisters.Write(this, bank, offset, size, value, now);

    /// <summary>Says which list registers hold interrupts of a bank's vCPU; null while it is on no core.</summary>
    public void Hold(int bank, IVirtualInterrupts? interrupts) => held[bank] = interrupts;

    /// <summary>Where an interrupt stands, list registers included.</summary>
    public InterruptStatus StatusOf(int bank, int interrupt)
    {
        ref InterruptState state = ref At(bank, interrupt);
        InterruptStatus status = held[bank]?.StatusOf(interrupt) ?? InterruptStatus.Inactive;
        return status
            | (state.Pending ? InterruptStatus.Pending : InterruptStatus.Inactive)
            | (state.Active ? InterruptStatus.Active : InterruptStatus.Inactive);
    }

    /// <summary>GICD_ISENABLER says so.</summary>
    public bool IsEnabled(int bank, int interrupt) => At(bank, interrupt).Enabled;

    /// <summary>GICD_IPRIORITYR.</summary>
    public byte PriorityOf(int bank, int interrupt) => At(bank, interrupt).Priority;

    /// <summary>GICD_IGROUPR: group 1.</summary>
    public bool IsGroup1(int bank, int interrupt) => interrupt < Interrupts && At(bank, interrupt).Group1;

    /// <summary>Drives an interrupt's input. A rising edge of an edge-triggered one makes it pending.</summary>
    public void SetLevel(int bank, int interrupt, bool level)
    {
        ref InterruptState state = ref At(bank, interrupt);
        state.Latched |= state.Edge && level && !state.Level;
        state.Level = level;
    }

    /// <summary>Makes an SGI pending.</summary>
    /// <param name="bank">At whom.</param>
    /// <param name="sgi">0..15.</param>
    /// <param name="source">From which CPU, 0..7.</param>
    public void RaiseSgi(int bank, int sgi, int source) => At(bank, sgi).SgiSources |= (byte)(1 << source);

    /// <summary>Sets the pending state of a PPI or SPI, as software does by GICD_ISPENDR.</summary>
    public void SetPending(int bank, int interrupt) => SetPending(bank, interrupt, 1);

    /// <summary>Pending by an edge or by software, or an SGI.</summary>
    public bool IsLatched(int bank, int interrupt) => At(bank, interrupt) is { Latched: true } or { SgiSources: not 0 };

    /// <summary>Takes the latched pending state of a PPI or SPI back.</summary>
    public void Unlatch(int bank, int interrupt) => At(bank, interrupt).Latched = false;

    /// <summary>The interrupt to be forwarded next: enabled, pending, not active, aimed at the CPU; highest priority, then lowest number.</summary>
    /// <param name="bank">To whom.</param>
    /// <param name="groups">Groups that the CPU interface takes: bit 0, bit 1.</param>
    /// <returns>Its number, source and priority; <see cref="InterruptNumber.Spurious"/> if there is none.</returns>
    public PendingInterrupt Best(int bank, uint groups)
    {
        PendingInterrupt best = PendingInterrupt.None;
        groups &= control;
        if (groups == 0)
        {
            return best;
        }

        for (int i = 0; i < Interrupts; i++)
        {
            ref InterruptState state = ref At(bank, i);
            if (state.Enabled && state.Waiting && !state.Active && state.Priority < best.Priority
                && (groups & (state.Group1 ? 2U : 1U)) != 0 && IsAimedAt(bank, i, state.Targets))
            {
                int source = i < InterruptNumber.FirstPpi ? byte.TrailingZeroCount(state.SgiSources) : 0;
                best = new PendingInterrupt(i, source, state.Priority, state.Group1);
            }
        }

        return best;
    }

    /// <summary>Pending becomes active; a level that stays asserted leaves it active and pending.</summary>
    public void Activate(int bank, PendingInterrupt interrupt)
    {
        ref InterruptState state = ref At(bank, interrupt.Id);
        state.Active = true;
        state.Latched = false;
        state.SgiSources &= (byte)~(1 << interrupt.Source);
    }

    /// <summary>Of an emulated distributor: the level of an interrupt is in a list register, or no more.</summary>
    public void SetListed(int bank, int interrupt, bool listed) => At(bank, interrupt).Listed = listed;

    /// <summary>The active state ends.</summary>
    public void Deactivate(int bank, int interrupt) => At(bank, interrupt).Active = false;

    /// <summary>The active state is set, as where a vCPU that has not ended an interrupt comes back to its core.</summary>
    public void SetActive(int bank, int interrupt) => At(bank, interrupt).Active = true;

    internal uint Group(int bank, int interrupt) => At(bank, interrupt).Group1 ? 1U : 0U;

    internal void SetGroup(int bank, int interrupt, uint value) => At(bank, interrupt).Group1 = value != 0;

    internal uint Enable(int bank, int interrupt) => At(bank, interrupt).Enabled ? 1U : 0U;

    internal void SetEnable(int bank, int interrupt, uint value) => At(bank, interrupt).Enabled |= value != 0;

    /// <summary>SGIs stay enabled, as on the Cortex-A15.</summary>
    internal void ClearEnable(int bank, int interrupt, uint value) => At(bank, interrupt).Enabled &= value == 0 || interrupt < InterruptNumber.FirstPpi;

    /// <summary>An SGI becomes pending only by GICD_SGIR and GICD_SPENDSGIR.</summary>
    internal void SetPending(int bank, int interrupt, uint value) => At(bank, interrupt).Latched |= value != 0 && interrupt >= InterruptNumber.FirstPpi;

    internal void ClearPending(int bank, int interrupt, uint value)
    {
        if (value != 0 && interrupt >= InterruptNumber.FirstPpi)
        {
            At(bank, interrupt).Latched = false;
            held[bank]?.ClearPending(interrupt);
        }
    }

    internal void SetActive(int bank, int interrupt, uint value) => At(bank, interrupt).Active |= value != 0;

    internal void ClearActive(int bank, int interrupt, uint value)
    {
        if (value != 0)
        {
            At(bank, interrupt).Active = false;
            held[bank]?.ClearActive(interrupt);
        }
    }

    internal void SetPriority(int bank, int interrupt, uint value) => At(bank, interrupt).Priority = (byte)value;

    /// <summary>Of a single CPU the targets read as zero; of banked interrupts as the CPU that reads.</summary>
    internal uint Targets(int bank, int interrupt)
    {
        if (totalCpus == 1)
        {
            return 0;
        }

        return interrupt < InterruptNumber.FirstSpi ? 1U << (firstCpu + bank) : At(bank, interrupt).Targets;
    }

    internal void SetTargets(int bank, int interrupt, uint value)
    {
        if (interrupt >= InterruptNumber.FirstSpi)
        {
            At(bank, interrupt).Targets = (byte)(value & ((1U << totalCpus) - 1));
        }
    }

    internal uint Configuration(int bank, int interrupt) => At(bank, interrupt).Edge ? 2U : 0U;

    /// <summary>Only SPIs can be configured, as on the Cortex-A15.</summary>
    internal void SetConfiguration(int bank, int interrupt, uint value)
    {
        if (interrupt >= InterruptNumber.FirstSpi)
        {
            At(bank, interrupt).Edge = (value & 2) != 0;
        }
    }

    internal uint SgiSources(int bank, int interrupt) => At(bank, interrupt).SgiSources;

    internal void SetSgiSources(int bank, int interrupt, uint value) => At(bank, interrupt).SgiSources |= (byte)(value & ((1U << totalCpus) - 1));

    internal void ClearSgiSources(int bank, int interrupt, uint value) => At(bank, interrupt).SgiSources &= (byte)~value;

    /// <summary>GICD_SGIR.</summary>
    internal void Send(int bank, uint value, VirtualInstant now)
    {
        const uint ToList = 0;
        const uint ToOthers = 1;
        const uint ToSelf = 2;
        uint self = 1U << (firstCpu + bank);
        uint mask = ((value >> 24) & 3) switch
        {
            ToList => value >> 16,
            ToOthers => ~self,
            ToSelf => self,
            _ => 0,
        };
        CoreId[] targets = [.. Enumerable.Range(0, totalCpus).Where(cpu => ((mask >> cpu) & 1) != 0).Select(cpu => new CoreId((byte)cpu))];
        if (targets.Length > 0)
        {
            SgiSent?.Invoke(new SgiRequest((byte)(value & 0xF), new CoreId((byte)(firstCpu + bank)), targets, now));
        }
    }

    private bool IsAimedAt(int bank, int interrupt, byte targets) =>
        interrupt < InterruptNumber.FirstSpi || totalCpus == 1 || ((targets >> (firstCpu + bank)) & 1) != 0;

    /// <summary>Bank 0 holds its banked interrupts and the shared ones at their numbers; the other banks follow.</summary>
    private ref InterruptState At(int bank, int interrupt)
    {
        bool banked = bank > 0 && interrupt < InterruptNumber.FirstSpi;
        return ref states[banked ? Interrupts + ((bank - 1) * InterruptNumber.FirstSpi) + interrupt : interrupt];
    }
}
