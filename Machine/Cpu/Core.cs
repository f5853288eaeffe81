using ActorTrace.Machine.Cpu.Execution;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu;

/// <summary>
/// A processor core: ARMv7-A, A32 and T32, one vCPU at a time. Every completed instruction takes
/// <see cref="ClockRates.CyclesPerInstruction"/> cycles and what the devices take that it accesses; what it does to devices and timers happens when it completes.
/// </summary>
/// <remarks>Taking an exception costs nothing. An aborted instruction is not charged; SVC, BKPT and UNDEFINED ones are.</remarks>
public sealed partial class Core
{
    private readonly ClockRates rates;
    private readonly ICorePeripherals peripherals;
    private readonly Mmu mmu;
    private readonly Engine engine;
    private VcpuContext? vcpu;
    private PhysicalMemory? memory;
    private uint? displaced;
    private VirtualInstant stopAt = VirtualInstant.Never;

    /// <summary>Creates a core without a vCPU, at power on.</summary>
    public Core(CoreId id, ClockRates rates, ICorePeripherals peripherals)
    {
        ArgumentNullException.ThrowIfNull(rates);
        ArgumentNullException.ThrowIfNull(peripherals);
        Id = id;
        this.rates = rates;
        this.peripherals = peripherals;
        mmu = new Mmu(peripherals);
        engine = new Engine(rates, mmu, peripherals, at => Instructions + ((at.Cycles - Now.Cycles) / rates.CyclesPerInstruction));
    }

    /// <summary>Which core.</summary>
    public CoreId Id { get; }

    /// <summary>The core's local time.</summary>
    public VirtualInstant Now { get; private set; }

    /// <summary>Instructions charged on this core since power on.</summary>
    public ulong Instructions { get; private set; }

    /// <summary>Cycles since power on in which the core had nothing to run: its vCPU slept in WFI or WFE, or there was none to run.</summary>
    public ulong IdleCycles { get; private set; }

    /// <summary>Cycles since power on by which loads and stores waited for a device (<see cref="ICorePeripherals.AccessCycles"/>).</summary>
    public ulong DeviceCycles { get; private set; }

    /// <summary>True while the vCPU on the core sleeps in WFI or WFE.</summary>
    public bool Sleeping => vcpu is { Sleeping: true } and not { WaitsForEvent: true, EventRegister: true };

    /// <summary>CPSR of the vCPU on the core.</summary>
    public uint Cpsr
    {
        get => Vcpu.Cpsr;
        set => Vcpu.Cpsr = value;
    }

    /// <summary>The next RunUntil would take an interrupt exception, or exit with PhysicalInterrupt, before any instruction.</summary>
    public bool InterruptDeliverable
    {
        get
        {
            peripherals.AdvanceTo(Now);
            return vcpu is not null && PendingInterrupt() != Delivery.None;
        }
    }

    private VcpuContext Vcpu => vcpu ?? throw new InvalidOperationException($"{Id} has no vCPU.");

    /// <summary>A register R0..R15 of the current mode; R15 is the address of the next instruction.</summary>
    /// <param name="register">0 to 15.</param>
    public uint this[int register]
    {
        get => Vcpu[register];
        set => Vcpu[register] = value;
    }

    /// <summary>Puts a vCPU on the core.</summary>
    /// <param name="vcpu">Its registers; the core works on them in place.</param>
    /// <param name="memory">What physical addresses reach. All other addresses are the peripherals'.</param>
    /// <exception cref="InvalidOperationException">There is one on it already.</exception>
    public void Attach(VcpuContext vcpu, PhysicalMemory memory)
    {
        ArgumentNullException.ThrowIfNull(vcpu);
        ArgumentNullException.ThrowIfNull(memory);
        if (this.vcpu is not null)
        {
            throw new InvalidOperationException($"{Id} holds {this.vcpu.Id} when {vcpu.Id} is put on it.");
        }

        this.vcpu = vcpu;
        this.memory = memory;
        mmu.Attach(vcpu, memory);
        engine.Attach(vcpu, Now);
        engine.Watch = vcpu.Watch;
        engine.ApplyGates(mmu.Code);
    }

    /// <summary>Takes the vCPU off the core; its context holds all its registers.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public void Detach()
    {
        _ = Vcpu;
        vcpu = null;
        memory = null;
        mmu.Attach(null, null);
        engine.Attach(null, Now);
    }

    /// <summary>Lets time pass without instructions: charges of a hypervisor, modelled software.</summary>
    /// <param name="instant">The new time, not earlier than <see cref="Now"/>.</param>
    /// <param name="idle">There is nothing to run: the time counts as <see cref="IdleCycles"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is earlier.</exception>
    public void AdvanceTo(VirtualInstant instant, bool idle = false)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(instant.Cycles, Now.Cycles, nameof(instant));
        IdleCycles += idle ? instant - Now : 0;
        Now = instant;
    }

    /// <summary>Ends the present <see cref="RunUntil"/> earlier than its limit. To be called by a device while it is accessed.</summary>
    /// <param name="instant">No instruction begins at or after this instant.</param>
    public void StopAt(VirtualInstant instant) => stopAt = VirtualInstant.Min(stopAt, instant);

    /// <summary>Sets the gates: virtual addresses at which modelled software goes on. They replace the ones before.</summary>
    /// <param name="virtualAddresses">Word-aligned addresses that the guest branches to.</param>
    public void SetGates(ReadOnlySpan<uint> virtualAddresses)
    {
        engine.SetGates(virtualAddresses);
        if (vcpu is not null)
        {
            engine.ApplyGates(mmu.Code);
        }
    }

    /// <summary>Walks the guest's stage-1 tables, without side effect and without remembered translations.</summary>
    /// <param name="address">Where in the guest.</param>
    /// <param name="write">Permission to write is checked instead of permission to read, both for PL1.</param>
    public Stage1Result TranslateGuest(GuestVa address, bool write) =>
        mmu.Probe(address.Value, write ? MemoryAccess.Write : MemoryAccess.Read, true);

    /// <summary>True where an instruction may be fetched by the guest's own tables: anywhere where its MMU is off.</summary>
    /// <param name="address">Where in the guest.</param>
    /// <param name="privileged">By PL1, else by PL0.</param>
    public bool MayExecute(GuestVa address, bool privileged) => mmu.Probe(address.Value, MemoryAccess.Execute, privileged).IsMapped;

    /// <summary>Forgets decoded instructions: bytes there were written from outside.</summary>
    /// <param name="start">First physical address.</param>
    /// <param name="length">Bytes.</param>
    public void InvalidateInstructions(Pa start, uint length) => mmu.Code.Drop(start.Value, length);

    /// <summary>Forgets remembered translations of the vCPU on the core: translation tables were changed from outside.</summary>
    public void InvalidateTlb() => mmu.Flush();
}
