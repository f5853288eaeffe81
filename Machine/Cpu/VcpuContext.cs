using System.Runtime.CompilerServices;
using ActorTrace.Machine.Cpu.Execution;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu;

/// <summary>All registers of a virtual CPU. A core works on them while the vCPU is on it; they stay when it is taken off.</summary>
public sealed unsafe class VcpuContext
{
    private readonly CpuState[] storage = GC.AllocateArray<CpuState>(1, pinned: true);

    /// <summary>Creates a vCPU after reset with its entry at 0.</summary>
    public VcpuContext(VcpuId id)
    {
        Id = id;
        Cp15.Mpidr |= id.Index;
        Reset(default, 0, 0, 0);
    }

    /// <summary>Which vCPU.</summary>
    public VcpuId Id { get; }

    /// <summary>Its system control registers.</summary>
    public Cp15 Cp15 { get; } = new();

    /// <summary>What the hypervisor has set for it; all off in a machine without a hypervisor.</summary>
    public HypControls Hyp { get; } = new();

    /// <summary>Who is told of arrivals at places of its code; null for nobody. It holds from the next time that it is put on a core.</summary>
    public CodeWatch? Watch { get; set; }

    /// <summary>True while it sleeps in WFI or WFE.</summary>
    public bool Sleeping { get; internal set; }

    /// <summary>The event register (ARM DDI 0406 B1.8.13): a WFE that finds it set clears it and does not sleep.</summary>
    public bool EventRegister { get; internal set; }

    /// <summary>CPSR. Setting it changes the mode and the registers seen.</summary>
    public uint Cpsr
    {
        get => State->ReadCpsr();
        set => State->WriteCpsr(value, uint.MaxValue);
    }

    /// <summary>A register R0..R15 of the current mode; R15 is the address of the next instruction.</summary>
    /// <param name="register">0 to 15.</param>
    public uint this[int register]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)register, 15u, nameof(register));
            return State->R[register];
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)register, 15u, nameof(register));
            State->R[register] = value;
        }
    }

    /// <summary>It sleeps in WFE: an event ends that, an interrupt only where it is not masked.</summary>
    internal bool WaitsForEvent { get; set; }

    internal CpuState* State => (CpuState*)Unsafe.AsPointer(ref storage[0]);

    /// <summary>Exceptions since the last completed instruction, and that instruction's number.</summary>
    internal int ExceptionsInARow { get; set; }

    internal ulong ExceptionsSince { get; set; }

    internal bool Dead { get; set; }

    /// <summary>Translations of this vCPU that are remembered; they stay while it is off the core.</summary>
    internal TranslationCache? Translations { get; set; }

    /// <summary>Sets the event register, as SEV on any vCPU of its guest does. It wakes from WFE when its core runs it next.</summary>
    public void SignalEvent() => EventRegister = true;

    /// <summary>Closes the exclusive access that is open (CLREX): an STREX after it fails.</summary>
    public void ClearExclusive() => State->ExclusiveSize = 0;

    /// <summary>Puts the vCPU into its state at power on: SVC mode, A, I and F masked, MMU and caches off, of the flags Z set as on QEMU.</summary>
    /// <param name="entry">First instruction.</param>
    /// <param name="r0">R0: 0 by the Linux boot convention.</param>
    /// <param name="r1">R1: machine type.</param>
    /// <param name="r2">R2: device tree, or 0.</param>
    public void Reset(GuestVa entry, uint r0, uint r1, uint r2)
    {
        *State = default;
        State->Control = ProcessorMode.Supervisor | Psr.MaskAborts | Psr.MaskIrq | Psr.MaskFiq;
        State->R[0] = r0;
        State->R[1] = r1;
        State->R[2] = r2;
        State->R[15] = entry.Value;
        Cp15.Reset();
        (Sleeping, WaitsForEvent, EventRegister) = (false, false, false);
        (ExceptionsInARow, ExceptionsSince, Dead) = (0, 0, false);
        Translations?.FlushAll();
    }
}
