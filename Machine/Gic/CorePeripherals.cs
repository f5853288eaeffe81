using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Timer;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Gic;

/// <summary>
/// What stands beside one core: its generic timers and its part of the interrupt controller. Under a hypervisor the guest sees
/// only GICV and the physical interface belongs to the hypervisor, whose register accesses are the methods here; without one the
/// guest has the physical distributor and interface and the UART.
/// </summary>
/// <remarks>Each core has a distributor object of its own: SGIs and PPIs are banked anyway, and no SPI is shared between cores.</remarks>
public sealed partial class CorePeripherals : ICorePeripherals
{
    private const int NativeInterrupts = 160;
    private const int HypervisorInterrupts = 32;
    private const uint EoiMode = 1 << 9;
    private const uint VirtualEnable = 1;
    private const uint NumberMask = 0x3FF;
    private const int SourceShift = 10;

    private readonly CoreId core;
    private readonly GenericTimers timers;
    private readonly GicDistributor distributor;
    private readonly PhysicalCpuInterface physical;
    private readonly VirtualCpuInterface virtualInterface;
    private readonly NativeDevices? devices;
    private VirtualInstant present;

    private CorePeripherals(ClockRates rates, CoreId core, int cores, int interrupts, NativeDevices? devices)
    {
        this.core = core;
        this.devices = devices;
        timers = new GenericTimers(rates);
        distributor = new GicDistributor(interrupts, core.Index, 1, cores) { SgiSent = Send };
        physical = new PhysicalCpuInterface(distributor, 0);
        virtualInterface = new VirtualCpuInterface(interrupt => distributor.Deactivate(0, interrupt));
        NextDeadline = VirtualInstant.Never;
    }

    /// <inheritdoc/>
    public InterruptLines Lines { get; private set; }

    /// <inheritdoc/>
    public VirtualInstant NextDeadline { get; private set; }

    /// <summary>Cycles that the guest's access to its interrupt interface, GICV or natively GICC, takes beside its instruction.</summary>
    public ulong InterfaceCycles { get; init; }

    /// <summary>Gets the writes to GICD_SGIR that go to other cores; what goes to this one is pending already.</summary>
    public Action<SgiRequest>? SgiSent { get; set; }

    /// <summary>Gets the instants at which the guest signals an event to its other vCPUs (SEV).</summary>
    public Action<VirtualInstant>? EventSent { get; set; }

    /// <summary>CNTVOFF: what the virtual count is behind the physical one; set when a VM starts.</summary>
    public ulong Cntvoff
    {
        get => timers.VirtualOffset;
        set
        {
            timers.VirtualOffset = value;
            Refresh();
        }
    }

    /// <summary>The guest's interrupts in list registers, for its emulated distributor.</summary>
    public IVirtualInterrupts VirtualInterrupts => virtualInterface;

    /// <summary>Free list registers.</summary>
    public int FreeListRegisters => virtualInterface.FreeListRegisters;

    /// <summary>A core on which a guest runs without a hypervisor.</summary>
    /// <param name="rates">The board's clocks.</param>
    /// <param name="core">Which core.</param>
    /// <param name="cores">How many there are, 1..8.</param>
    /// <param name="devices">Its devices.</param>
    /// <param name="interfaceCycles">See <see cref="InterfaceCycles"/>.</param>
    public static CorePeripherals Native(ClockRates rates, CoreId core, int cores, NativeDevices devices, ulong interfaceCycles = 0) =>
        new(rates, core, cores, NativeInterrupts, devices) { InterfaceCycles = interfaceCycles };

    /// <summary>A core under a hypervisor, its physical interface set up: EOImode = 1, all priorities, SGIs, CNTHP and CNTV enabled.</summary>
    /// <param name="rates">The board's clocks.</param>
    /// <param name="core">Which core.</param>
    /// <param name="cores">How many there are, 1..8.</param>
    /// <param name="interfaceCycles">See <see cref="InterfaceCycles"/>.</param>
    public static CorePeripherals UnderHypervisor(ClockRates rates, CoreId core, int cores, ulong interfaceCycles = 0)
    {
        CorePeripherals created = new(rates, core, cores, HypervisorInterrupts, null) { InterfaceCycles = interfaceCycles };
        created.distributor.Control = 1;
        created.distributor.SetEnable(0, InterruptNumber.Maintenance, 1);
        created.distributor.SetEnable(0, InterruptNumber.HypervisorTimer, 1);
        created.distributor.SetEnable(0, InterruptNumber.VirtualTimer, 1);
        created.distributor.SetEnable(0, InterruptNumber.PhysicalTimer, 1);
        created.physical.Control = EoiMode | 1;
        created.physical.PriorityMask = byte.MaxValue;
        created.virtualInterface.HypervisorControl = VirtualEnable;
        return created;
    }

    /// <inheritdoc/>
    public void AdvanceTo(VirtualInstant now)
    {
        present = VirtualInstant.Max(present, now);
        if (now >= NextDeadline)
        {
            Refresh();
        }
    }

    /// <inheritdoc/>
    public void SendEvent(VirtualInstant now) => EventSent?.Invoke(now);

    /// <inheritdoc/>
    public ulong ReadTimer(TimerRegister register, VirtualInstant now) => timers.Read(register, now);

    /// <inheritdoc/>
    public void WriteTimer(TimerRegister register, ulong value, VirtualInstant now)
    {
        present = VirtualInstant.Max(present, now);
        timers.Write(register, value, now);
        Refresh();
    }

    /// <summary>The hypervisor reads GICC_IAR.</summary>
    /// <returns>The interrupt, 1023 if there is none, and for an SGI the core that sent it.</returns>
    public (int Interrupt, int Sender) AcknowledgePhysical(VirtualInstant now)
    {
        AdvanceTo(now);
        uint value = physical.Acknowledge(false);
        UpdateLines();
        return ((int)(value & NumberMask), (int)(value >> SourceShift));
    }

    /// <summary>The hypervisor writes GICC_EOIR: the priority drops.</summary>
    public void EndOfInterrupt(int interrupt, VirtualInstant now)
    {
        AdvanceTo(now);
        physical.EndOfInterrupt((uint)interrupt);
        UpdateLines();
    }

    /// <summary>The hypervisor writes GICC_DIR: the interrupt may come again.</summary>
    public void Deactivate(int interrupt, VirtualInstant now)
    {
        AdvanceTo(now);
        physical.DeactivateInterrupt((uint)interrupt);
        UpdateLines();
    }

    /// <summary>An SGI arrives from another core.</summary>
    /// <param name="sgi">0..15.</param>
    /// <param name="source">Who sent it; from outside the board counts as core 0.</param>
    /// <param name="now">When it arrives.</param>
    public void RaiseSgi(byte sgi, SourceId source, VirtualInstant now)
    {
        AdvanceTo(now);
        distributor.RaiseSgi(0, sgi, source.Value < SourceId.Outside.Value ? source.Value & 7 : 0);
        UpdateLines();
    }

    /// <summary>The hypervisor fills a list register (see <see cref="VirtualCpuInterface.TryInject"/>).</summary>
    /// <param name="virtualId">The number that the guest sees.</param>
    /// <param name="priority">Its priority.</param>
    /// <param name="physicalId">The physical interrupt that the guest's end of interrupt deactivates, or null.</param>
    /// <param name="now">When.</param>
    /// <returns>False where every list register is taken by another interrupt.</returns>
    public bool TryInject(int virtualId, byte priority, int? physicalId, VirtualInstant now)
    {
        AdvanceTo(now);
        bool placed = virtualInterface.TryInject(virtualId, priority, physicalId);
        UpdateLines();
        return placed;
    }

    /// <summary>
    /// The hypervisor writes GICD_ISPENDR or GICD_ICPENDR for the physical timer's interrupt, which stands for the timer that it
    /// emulates: linked to a list register and left pending, it comes through again when the guest ends it while still asserted.
    /// </summary>
    /// <param name="asserted">The output of the emulated timer.</param>
    public void DrivePhysicalTimer(bool asserted)
    {
        if (asserted)
        {
            distributor.SetPending(0, InterruptNumber.PhysicalTimer);
        }
        else
        {
            distributor.ClearPending(0, InterruptNumber.PhysicalTimer, 1);
        }

        UpdateLines();
    }

    /// <summary>GICD_ISACTIVER of the physical timer's interrupt: it is on its way to the guest, or not yet ended by it.</summary>
    public bool PhysicalTimerHeld => IsActive(InterruptNumber.PhysicalTimer);

    /// <summary>The hypervisor writes GICD_ISACTIVER for the physical timer's interrupt: it is on its way to the guest.</summary>
    public void HoldPhysicalTimer()
    {
        distributor.SetActive(0, InterruptNumber.PhysicalTimer);
        UpdateLines();
    }

    /// <summary>Takes a pending virtual interrupt back out of its list register; an active one stays active.</summary>
    public void Withdraw(int virtualId)
    {
        virtualInterface.ClearPending(virtualId);
        UpdateLines();
    }

    /// <summary>The hypervisor fills a list register (see <see cref="VirtualCpuInterface.TryPlace"/>).</summary>
    /// <returns>False where every list register is taken by another interrupt.</returns>
    public bool TryPlace(ListRegister entry, VirtualInstant now)
    {
        AdvanceTo(now);
        bool placed = virtualInterface.TryPlace(entry);
        UpdateLines();
        return placed;
    }

    /// <summary>The hypervisor empties a list register for a more urgent interrupt (see <see cref="VirtualCpuInterface.TryMakeRoom"/>).</summary>
    public bool TryMakeRoom(byte priority, out ListRegister taken)
    {
        bool made = virtualInterface.TryMakeRoom(priority, out taken);
        UpdateLines();
        return made;
    }

    /// <summary>The hypervisor takes back what the guest has not seen yet (see <see cref="VirtualCpuInterface.TakePending"/>).</summary>
    public IReadOnlyList<ListRegister> TakePending()
    {
        IReadOnlyList<ListRegister> taken = virtualInterface.TakePending();
        UpdateLines();
        return taken;
    }

    /// <summary>The hypervisor reads GICH_EISR and frees those list registers.</summary>
    public IReadOnlyList<ListRegister> TakeEnded()
    {
        IReadOnlyList<ListRegister> ended = virtualInterface.TakeEnded();
        UpdateLines();
        return ended;
    }

    /// <summary>The hypervisor reads GICH_HCR.EOICount and sets it to 0.</summary>
    /// <returns>How often the guest ended an interrupt that was in no list register, modulo 32.</returns>
    public uint TakeEndsNotPresent()
    {
        uint count = virtualInterface.EoiCount;
        virtualInterface.HypervisorControl &= byte.MaxValue;
        UpdateLines();
        return count;
    }

    /// <summary>The hypervisor writes GICH_HCR: which causes raise the maintenance interrupt, beside an end that is reported.</summary>
    public void Watch(MaintenanceCauses causes)
    {
        virtualInterface.HypervisorControl = (virtualInterface.HypervisorControl & ~(uint)byte.MaxValue) | (uint)causes | VirtualEnable;
        UpdateLines();
    }

    /// <summary>Takes the vCPU's virtual interface off the core; the interface is then in its reset state.</summary>
    public VirtualInterruptState SaveVirtual()
    {
        VirtualInterruptState saved = virtualInterface.Save();
        virtualInterface.HypervisorControl = VirtualEnable;
        UpdateLines();
        return saved;
    }

    /// <summary>Puts a vCPU's virtual interface on the core.</summary>
    public void RestoreVirtual(VirtualInterruptState state)
    {
        virtualInterface.Restore(state);
        UpdateLines();
    }

    /// <summary>Takes the vCPU's virtual timer off the core, with the active state of its timers' interrupts; the timer is then off, CNTVOFF is 0.</summary>
    public GuestTimerState SaveGuestTimers()
    {
        GuestTimerState saved = new(
            timers.VirtualOffset, timers.KernelControl, timers.Virtual.ControlBits, timers.Virtual.Compare,
            IsActive(InterruptNumber.VirtualTimer), IsActive(InterruptNumber.PhysicalTimer));
        Load(new GuestTimerState(0, 0, 0, 0, false, false));
        DrivePhysicalTimer(false);
        return saved;
    }

    /// <summary>Puts a vCPU's virtual timer on the core. What came due meanwhile is due now.</summary>
    public void RestoreGuestTimers(GuestTimerState state, VirtualInstant now)
    {
        ArgumentNullException.ThrowIfNull(state);
        present = VirtualInstant.Max(present, now);
        Load(state);
    }

    /// <summary>Sets CNTHP to fire at the first count at or after an instant; Never switches it off.</summary>
    public void SetHypTimer(VirtualInstant due, VirtualInstant now)
    {
        present = VirtualInstant.Max(present, now);
        timers.SetHypervisor(due);
        Refresh();
    }

    /// <summary>GICD_SGIR: this core's own share is pending at once, the rest is for others to carry.</summary>
    private void Send(SgiRequest request)
    {
        if (request.Targets.Contains(core))
        {
            distributor.RaiseSgi(0, request.Sgi, core.Index);
        }

        CoreId[] others = [.. request.Targets.Where(target => target != core)];
        if (others.Length > 0)
        {
            SgiSent?.Invoke(request with { Targets = others });
        }
    }

    private bool IsActive(int interrupt) => distributor.StatusOf(0, interrupt).HasFlag(InterruptStatus.Active);

    private void Load(GuestTimerState state)
    {
        timers.VirtualOffset = state.VirtualOffset;
        timers.KernelControl = state.KernelControl;
        timers.Virtual.ControlBits = state.VirtualControl;
        timers.Virtual.Compare = state.VirtualCompare;
        LoadActive(InterruptNumber.VirtualTimer, state.VirtualTimerActive);
        LoadActive(InterruptNumber.PhysicalTimer, state.PhysicalTimerActive);
        Refresh();
    }

    private void LoadActive(int interrupt, bool active)
    {
        distributor.Deactivate(0, interrupt);
        if (active)
        {
            distributor.SetActive(0, interrupt);
        }
    }

    /// <summary>Works out the timers' outputs, the lines and the next deadline anew.</summary>
    private void Refresh()
    {
        ulong count = timers.PhysicalCount(present);
        distributor.SetLevel(0, InterruptNumber.PhysicalTimer, timers.Physical.Output(count));
        distributor.SetLevel(0, InterruptNumber.VirtualTimer, timers.Virtual.Output(timers.VirtualCount(present)));
        distributor.SetLevel(0, InterruptNumber.HypervisorTimer, timers.Hypervisor.Output(count));
        NextDeadline = timers.NextChange(present);
        if (devices is { } native)
        {
            native.Uart.AdvanceTo(present);
            FollowUart(native);
        }

        UpdateLines();
    }

    private void UpdateLines()
    {
        virtualInterface.Update();
        distributor.SetLevel(0, InterruptNumber.Maintenance, virtualInterface.MaintenanceLine);
        physical.Update();
        Lines = (physical.IrqLine ? InterruptLines.Irq : InterruptLines.None)
            | (physical.FiqLine ? InterruptLines.Fiq : InterruptLines.None)
            | (virtualInterface.IrqLine ? InterruptLines.VirtualIrq : InterruptLines.None)
            | (virtualInterface.FiqLine ? InterruptLines.VirtualFiq : InterruptLines.None);
    }
}
