using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>
/// The instructions after which mode, masks or translation may be different. R15 is what it reads as; those that branch
/// (Jumped) leave their target there. ITSTATE is already that of the next instruction.
/// </summary>
internal sealed unsafe class SystemInstructions(Mmu mmu, SystemRegisters registers, ICorePeripherals peripherals)
{
    private const uint UsesSpsr = 1 << 22;
    private const uint SctlrSwap = 1 << 10;
    private const uint EventStreamEnabled = 1 << 2;
    private readonly Transfers transfers = new(mmu);
    private VcpuContext? vcpu;

    private VcpuContext Vcpu => vcpu ?? throw new InvalidOperationException("No vCPU is attached.");

    internal void Attach(VcpuContext? newVcpu, VirtualInstant now)
    {
        vcpu = newVcpu;
        registers.Attach(newVcpu, now);
    }

    /// <summary>MRC and MRRC.</summary>
    internal Outcome Read(CpuState* s, A32 handler, uint word, VirtualInstant completes) =>
        handler == A32.MoveFromSystem ? registers.Read(s, word, completes) : registers.Read64(s, word, completes);

    internal Outcome Execute(CpuState* s, A32 handler, uint word, VirtualInstant completes) => handler switch
    {
        A32.MoveToSystem => registers.Write(s, word, completes),
        A32.MoveToSystem64 => registers.Write64(s, word, completes),
        A32.SupervisorCall => Outcome.SupervisorCall,
        A32.HypervisorCall => Vcpu.Hyp.HypervisorPresent && s->Privileged ? Outcome.Hypercall : Outcome.Undefined,
        A32.Breakpoint => Vcpu.Hyp.RouteDebug ? Outcome.DebugTrap : Outcome.Breakpoint,
        A32.WaitForInterrupt => Vcpu.Hyp.TrapWait ? Outcome.WaitTrap : Outcome.Sleep,
        A32.WaitForEvent => WaitForEvent(completes),
        A32.SendEvent => SendEvent(completes),
        A32.MsrImmediate => WriteStatus(s, word, OpBuilder.ExpandImmediate(word)),
        A32.MsrRegister => WriteStatus(s, word, s->R[word & 15]),
        A32.Mrs => ReadSpsr(s, word),
        A32.MrsBanked or A32.MsrBanked => Banked(s, handler, word),
        A32.ChangeState => ChangeState(s, word),
        A32.SetEndianness => SetEndianness(s, word),
        A32.ClearExclusive => ClearExclusive(s),
        A32.Swap => Swap(s, word),
        A32.LoadUser => LoadUser(s, word),
        A32.StoreUser => StoreUser(s, word),
        A32.LoadReturn => LoadReturn(s, word),
        A32.StoreReturnState => StoreReturnState(s, word),
        A32.ReturnFromException => ReturnFromException(s, word),
        A32.ExceptionReturn => Return(s, s->R[14]),
        _ => Outcome.Undefined,
    };

    /// <summary>Data processing with S and Rd = 15: the result is the return address, the SPSR becomes the CPSR (B9.3.20).</summary>
    internal Outcome ReturnByResult(CpuState* s, Op* op)
    {
        if (ProcessorMode.Bank(s->Mode) == ProcessorMode.UserBank)
        {
            return Outcome.Undefined;
        }

        Alu.Execute(s, op);
        return Return(s, s->R[15]);
    }

    private Outcome Return(CpuState* s, uint address)
    {
        int bank = ProcessorMode.Bank(s->Mode);
        return bank == ProcessorMode.UserBank ? Outcome.Undefined : Restore(s, s->Spsr[bank], address);
    }

    /// <summary>An exception return; it is an event for WFE.</summary>
    private Outcome Restore(CpuState* s, uint psr, uint address)
    {
        Vcpu.SignalEvent();
        bool thumb = (psr & Psr.Thumb) != 0;
        s->WriteCpsr(thumb ? psr : psr & ~Psr.IfThen, uint.MaxValue);
        s->R[15] = address & (thumb ? ~1u : ~3u);
        return Outcome.Jumped;
    }

    /// <summary>Does not sleep where an event is there, nor where the timer's event stream would soon give one.</summary>
    private Outcome WaitForEvent(VirtualInstant completes)
    {
        if (Vcpu.EventRegister)
        {
            Vcpu.EventRegister = false;
            return Outcome.Recheck;
        }

        if (Vcpu.Hyp.TrapWait)
        {
            return Outcome.WaitTrap;
        }

        Vcpu.WaitsForEvent = ((uint)peripherals.ReadTimer(TimerRegister.KernelControl, completes) & EventStreamEnabled) == 0;
        return Vcpu.WaitsForEvent ? Outcome.Sleep : Outcome.Recheck;
    }

    private Outcome SendEvent(VirtualInstant completes)
    {
        Vcpu.SignalEvent();
        peripherals.SendEvent(completes);
        return Outcome.Recheck;
    }

    private static Outcome WriteStatus(CpuState* s, uint word, uint value)
    {
        uint fields = (word >> 16) & 15;
        uint mask = ((fields & 1) != 0 ? 0xFFu : 0) | ((fields & 2) != 0 ? 0xFF00u : 0)
            | ((fields & 4) != 0 ? 0xFF_0000u : 0) | ((fields & 8) != 0 ? 0xFF00_0000u : 0);
        if ((word & UsesSpsr) == 0)
        {
            s->WriteCpsr(value, mask & (s->Privileged ? Psr.WritableByMsr : Psr.WritableByUser));
            return Outcome.Recheck;
        }

        int bank = ProcessorMode.Bank(s->Mode);
        if (bank == ProcessorMode.UserBank)
        {
            return Outcome.Undefined;
        }

        s->Spsr[bank] = (value & mask) | (s->Spsr[bank] & ~mask);
        return Outcome.Recheck;
    }

    private static Outcome ReadSpsr(CpuState* s, uint word)
    {
        int bank = ProcessorMode.Bank(s->Mode);
        uint d = (word >> 12) & 15;
        if (bank == ProcessorMode.UserBank || d == 15)
        {
            return Outcome.Undefined;
        }

        s->R[d] = s->Spsr[bank];
        return Outcome.Recheck;
    }

    private static Outcome Banked(CpuState* s, A32 handler, uint word)
    {
        uint selector = ((word >> 16) & 15) | ((word >> 4) & 0x10);
        bool reads = handler == A32.MrsBanked;
        uint other = reads ? (word >> 12) & 15 : word & 15;
        if (!s->Privileged || other == 15 || !BankedRegisters.TryFind(s, selector, (word & UsesSpsr) != 0, out uint* place))
        {
            return Outcome.Undefined;
        }

        if (reads)
        {
            s->R[other] = *place;
        }
        else
        {
            *place = s->R[other];
        }

        return Outcome.Recheck;
    }

    private static Outcome ChangeState(CpuState* s, uint word)
    {
        if (s->Privileged)
        {
            uint masks = word & (Psr.MaskAborts | Psr.MaskIrq | Psr.MaskFiq);
            uint action = (word >> 18) & 3;
            uint mask = (action >= 2 ? masks : 0) | ((word & (1 << 17)) != 0 ? Psr.ModeMask : 0);
            s->WriteCpsr((action == 3 ? masks : 0) | (word & Psr.ModeMask), mask);
        }

        return Outcome.Recheck;
    }

    private static Outcome SetEndianness(CpuState* s, uint word)
    {
        s->WriteCpsr(word, Psr.BigEndian);
        return Outcome.Recheck;
    }

    private static Outcome ClearExclusive(CpuState* s)
    {
        s->ExclusiveSize = 0;
        return Outcome.Recheck;
    }

    /// <summary>SWP and SWPB, which a Cortex-A15 only has where SCTLR.SW enables them.</summary>
    private Outcome Swap(CpuState* s, uint word)
    {
        if ((Vcpu.Cp15.Sctlr & SctlrSwap) == 0)
        {
            return Outcome.Undefined;
        }

        int size = (word & (1 << 22)) != 0 ? 1 : 4;
        uint address = s->R[(word >> 16) & 15];
        if (!mmu.Load(address, size, true, s->Privileged, out uint value)
            || !mmu.Store(address, size, s->R[word & 15], true, s->Privileged))
        {
            return mmu.Fault.Outcome;
        }

        s->R[(word >> 12) & 15] = value;
        return Outcome.Recheck;
    }

    private Outcome LoadUser(CpuState* s, uint word)
    {
        uint* values = stackalloc uint[16];
        uint address = Transfers.Start(s, word, out _);
        if (!transfers.LoadWords(address, int.PopCount((int)word & 0x7FFF), s->Privileged, values))
        {
            return mmu.Fault.Outcome;
        }

        for (int i = 0; i < 15; i++)
        {
            if ((word & (1u << i)) != 0)
            {
                s->WriteUser(i, *values++);
            }
        }

        return Outcome.Recheck;
    }

    private Outcome StoreUser(CpuState* s, uint word)
    {
        uint* values = stackalloc uint[16];
        int count = 0;
        for (int i = 0; i < 16; i++)
        {
            if ((word & (1u << i)) != 0)
            {
                values[count++] = s->ReadUser(i);
            }
        }

        uint address = Transfers.Start(s, word, out _);
        return transfers.StoreWords(address, count, s->Privileged, values) ? Outcome.Recheck : mmu.Fault.Outcome;
    }

    private Outcome LoadReturn(CpuState* s, uint word)
    {
        if (ProcessorMode.Bank(s->Mode) == ProcessorMode.UserBank)
        {
            return Outcome.Undefined;
        }

        if (!transfers.LoadMultiple(s, word))
        {
            return mmu.Fault.Outcome;
        }

        return Return(s, s->R[15]);
    }

    /// <summary>SRS: LR and SPSR to the stack of a mode, with its bank whatever the present mode is (B9.3.16).</summary>
    private Outcome StoreReturnState(CpuState* s, uint word)
    {
        uint mode = word & Psr.ModeMask;
        int bank = ProcessorMode.Bank(s->Mode);
        if (bank == ProcessorMode.UserBank || !ProcessorMode.Exists(mode))
        {
            return Outcome.Undefined;
        }

        int target = ProcessorMode.Bank(mode);
        uint* stack = target == bank ? &s->R[13] : &s->BankedSp[target];
        uint* values = stackalloc uint[2];
        values[0] = s->R[14];
        values[1] = s->Spsr[bank];
        uint address = PairAddress(*stack, word, out uint after);
        if (!transfers.StoreWords(address, 2, s->Privileged, values))
        {
            return mmu.Fault.Outcome;
        }

        if ((word & (1 << 21)) != 0)
        {
            *stack = after;
        }

        return Outcome.Recheck;
    }

    private Outcome ReturnFromException(CpuState* s, uint word)
    {
        uint n = (word >> 16) & 15;
        if (!s->Privileged || n == 15)
        {
            return Outcome.Undefined;
        }

        uint* values = stackalloc uint[2];
        uint address = PairAddress(s->R[n], word, out uint after);
        if (!transfers.LoadWords(address, 2, true, values))
        {
            return mmu.Fault.Outcome;
        }

        if ((word & (1 << 21)) != 0)
        {
            s->R[n] = after;
        }

        return Restore(s, values[1], values[0]);
    }

    private static uint PairAddress(uint start, uint word, out uint after)
    {
        bool up = (word & (1 << 23)) != 0;
        bool before = (word & (1 << 24)) != 0;
        after = up ? start + 8 : start - 8;
        return (up, before) switch
        {
            (true, false) => start,
            (true, true) => start + 4,
            (false, true) => start - 8,
            (false, false) => start - 4,
        };
    }
}
