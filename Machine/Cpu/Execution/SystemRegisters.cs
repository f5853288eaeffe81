using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Accesses to coprocessor 15. Recheck stands for "done"; everything else leaves the instruction undone.</summary>
internal sealed unsafe class SystemRegisters(Mmu mmu, ICorePeripherals peripherals)
{
    private const uint LongPar = 1 << 11;
    private const uint CountingEnabled = 0x8000_0000;
    private static readonly SystemRegisterRow?[] Index = BuildIndex();
    private VcpuContext? vcpu;

    private VcpuContext Vcpu => vcpu ?? throw new InvalidOperationException("No vCPU is attached.");

    private bool Counting => (Vcpu.Cp15.Pmcr & 1) != 0 && (Vcpu.Cp15.Pmcnten & CountingEnabled) != 0;

    internal void Attach(VcpuContext? newVcpu) => vcpu = newVcpu;

    /// <summary>MRC; with Rt = 15 the upper bits go to the flags.</summary>
    internal Outcome Read(CpuState* s, uint word, VirtualInstant completes)
    {
        SystemRegisterRow? row = Find(word);
        if (row is null || !Allowed(row, s->Privileged ? SystemAccess.Read : SystemAccess.UserRead, completes))
        {
            return Outcome.Undefined;
        }

        if (row.Effect == SystemEffect.Timer && TrapsTimer((TimerRegister)row.Number))
        {
            return Outcome.SystemTrap;
        }

        uint value = row.Effect switch
        {
            SystemEffect.Timer => (uint)peripherals.ReadTimer((TimerRegister)row.Number, completes),
            SystemEffect.CycleCounter => (uint)CycleCount(completes),
            SystemEffect.InterruptStatus => InterruptStatus(),
            _ => row.Get?.Invoke(Vcpu.Cp15) ?? 0,
        };
        uint t = (word >> 12) & 15;
        if (t == 15)
        {
            s->SetFlags(value);
        }
        else
        {
            s->R[t] = value;
        }

        return Outcome.Recheck;
    }

    /// <summary>MCR.</summary>
    internal Outcome Write(CpuState* s, uint word, VirtualInstant completes)
    {
        SystemRegisterRow? row = Find(word);
        if (row is null || !Allowed(row, s->Privileged ? SystemAccess.Write : SystemAccess.UserWrite, completes))
        {
            return Outcome.Undefined;
        }

        if ((row.Access.HasFlag(SystemAccess.TrapVm) && Vcpu.Hyp.TrapVm)
            || (row.Effect == SystemEffect.Timer && TrapsTimer((TimerRegister)row.Number))
            || TrapsMaintenance(row))
        {
            return Outcome.SystemTrap;
        }

        uint value = s->R[(word >> 12) & 15];
        ulong count = CycleCount(completes);
        row.Set?.Invoke(Vcpu.Cp15, value);
        switch (row.Effect)
        {
            case SystemEffect.FlushTranslations:
                mmu.Flush();
                break;
            case SystemEffect.FlushSharedTranslations:
                mmu.FlushShared();
                break;
            case SystemEffect.Timer:
                peripherals.WriteTimer((TimerRegister)row.Number, value, completes);
                break;
            case SystemEffect.CycleCounter:
                SetCycleCount(value, completes);
                break;
            case SystemEffect.CounterControl:
                SetCycleCount((Vcpu.Cp15.Pmcr & 4) != 0 ? 0 : count, completes);
                Vcpu.Cp15.Pmcr &= ~4u;
                break;
            case SystemEffect.TranslateAddress:
                return TranslateAddress(value, row.Number);
            default:
                break;
        }

        return Outcome.Recheck;
    }

    /// <summary>MRRC.</summary>
    internal Outcome Read64(CpuState* s, uint word, VirtualInstant completes)
    {
        ulong value;
        switch (((word >> 4) & 15, word & 15))
        {
            case (0, 2) when s->Privileged:
                value = Vcpu.Cp15.Ttbr0;
                break;
            case (1, 2) when s->Privileged:
                value = Vcpu.Cp15.Ttbr1;
                break;
            case (0, 7) when s->Privileged:
                value = Vcpu.Cp15.Par;
                break;
            default:
                if (!TryTimer64(word, out TimerRegister timer) || !(s->Privileged || UserTimer(timer, completes)))
                {
                    return Outcome.Undefined;
                }

                if (TrapsTimer(timer))
                {
                    return Outcome.SystemTrap;
                }

                value = peripherals.ReadTimer(timer, completes);
                break;
        }

        Put(s, (word >> 12) & 15, (uint)value);
        Put(s, (word >> 16) & 15, (uint)(value >> 32));
        return Outcome.Recheck;
    }

    /// <summary>MCRR.</summary>
    internal Outcome Write64(CpuState* s, uint word, VirtualInstant completes)
    {
        ulong value = s->R[(word >> 12) & 15] | ((ulong)s->R[(word >> 16) & 15] << 32);
        uint register = (word & 15) | (word & 0xF0);
        if (s->Privileged && register is 0x02 or 0x12)
        {
            if (Vcpu.Hyp.TrapVm)
            {
                return Outcome.SystemTrap;
            }

            Vcpu.Cp15.Ttbr0 = register == 0x02 ? value : Vcpu.Cp15.Ttbr0;
            Vcpu.Cp15.Ttbr1 = register == 0x12 ? value : Vcpu.Cp15.Ttbr1;
            mmu.Flush();
            return Outcome.Recheck;
        }

        if (s->Privileged && register == 0x07)
        {
            Vcpu.Cp15.Par = value;
            return Outcome.Recheck;
        }

        if (!TryTimer64(word, out TimerRegister timer)
            || timer is TimerRegister.PhysicalCount or TimerRegister.VirtualCount
            || !(s->Privileged || UserTimer(timer, completes)))
        {
            return Outcome.Undefined;
        }

        if (TrapsTimer(timer))
        {
            return Outcome.SystemTrap;
        }

        peripherals.WriteTimer(timer, value, completes);
        return Outcome.Recheck;
    }

    private static void Put(CpuState* s, uint register, uint value)
    {
        if (register != 15)
        {
            s->R[register] = value;
        }
    }

    /// <summary>Only coprocessor 15 has registers here.</summary>
    private static SystemRegisterRow? Find(uint word) => (word & 0xF00) != 0xF00
        ? null
        : Index[(((word >> 16) & 15) << 10) | (((word >> 21) & 7) << 7) | ((word & 15) << 3) | ((word >> 5) & 7)];

    private static SystemRegisterRow?[] BuildIndex()
    {
        SystemRegisterRow?[] index = new SystemRegisterRow?[1 << 14];
        foreach (SystemRegisterRow row in SystemRegisterTable.Rows)
        {
            if (index[row.Key] is { } other)
            {
                throw new InvalidOperationException($"{row.Name} and {other.Name} have the same place.");
            }

            index[row.Key] = row;
        }

        return index;
    }

    private static bool TryTimer64(uint word, out TimerRegister timer)
    {
        (bool found, timer) = ((word & 15) == 14 ? (word >> 4) & 15 : 15) switch
        {
            0 => (true, TimerRegister.PhysicalCount),
            1 => (true, TimerRegister.VirtualCount),
            2 => (true, TimerRegister.PhysicalCompare),
            3 => (true, TimerRegister.VirtualCompare),
            _ => (false, default),
        };
        return found;
    }

    private bool Allowed(SystemRegisterRow row, SystemAccess needed, VirtualInstant now) =>
        (row.Access & needed) != SystemAccess.None
        && (needed is SystemAccess.Read or SystemAccess.Write || row.Effect != SystemEffect.Timer
            || UserTimer((TimerRegister)row.Number, now));

    /// <summary>CNTKCTL: PL0PCTEN, PL0VCTEN, PL0VTEN and PL0PTEN (B4.1.26).</summary>
    private bool UserTimer(TimerRegister timer, VirtualInstant now)
    {
        uint control = (uint)peripherals.ReadTimer(TimerRegister.KernelControl, now);
        uint needed = timer switch
        {
            TimerRegister.PhysicalCount => 1,
            TimerRegister.VirtualCount => 2,
            TimerRegister.Frequency => 3,
            TimerRegister.VirtualCompare or TimerRegister.VirtualControl or TimerRegister.VirtualTimerValue => 1u << 8,
            _ => 1u << 9,
        };
        return (control & needed) != 0;
    }

    private bool TrapsTimer(TimerRegister timer) => Vcpu.Hyp.TrapPhysicalTimer
        && timer is TimerRegister.PhysicalCount or TimerRegister.PhysicalCompare or TimerRegister.PhysicalControl
            or TimerRegister.PhysicalTimerValue;

    /// <summary>HCR.TTLB: all of c8. HCR.TPU: ICIALLUIS, ICIALLU, ICIMVAU, DCCMVAU (B4.1.65).</summary>
    private bool TrapsMaintenance(SystemRegisterRow row) => row.Crn switch
    {
        8 => Vcpu.Hyp.TrapTlb,
        7 when Vcpu.Hyp.TrapCacheToPou => (row.Crm, row.Opc2) is (1, 0) or (5, 0) or (5, 1) or (11, 1),
        _ => false,
    };

    private ulong CycleCount(VirtualInstant now) =>
        Counting ? now.Cycles - Vcpu.Cp15.CycleCounterOffset : Vcpu.Cp15.CycleCounterOffset;

    private void SetCycleCount(ulong value, VirtualInstant now) =>
        Vcpu.Cp15.CycleCounterOffset = Counting ? now.Cycles - value : value;

    private uint InterruptStatus()
    {
        InterruptLines lines = peripherals.Lines;
        bool isVirtual = Vcpu.Hyp.RouteIrq;
        return (lines.HasFlag(isVirtual ? InterruptLines.VirtualIrq : InterruptLines.Irq) ? Psr.MaskIrq : 0)
            | (lines.HasFlag(isVirtual ? InterruptLines.VirtualFiq : InterruptLines.Fiq) ? Psr.MaskFiq : 0);
    }

    /// <summary>PAR (B4.1.112) in the format of the tables. A descriptor that does not answer is an abort instead.</summary>
    private Outcome TranslateAddress(uint address, int operation)
    {
        MemoryAccess access = (operation & 1) != 0 ? MemoryAccess.Write : MemoryAccess.Read;
        Stage1Result found = mmu.Probe(address, access, operation < 2);
        if (found.Fault.Kind == FaultKind.ExternalOnWalk)
        {
            return mmu.MaintenanceAbort(address, found, true);
        }

        const uint NonSecure = 1 << 9;
        Vcpu.Cp15.Par = (Vcpu.Cp15.UsesLongDescriptors, found.IsMapped) switch
        {
            (true, true) => LongPar | NonSecure | (found.Ipa.Value & 0xFF_FFFF_F000) | ((ulong)found.Attributes.Value << 56)
                | ((ulong)found.Attributes.Shareability << 7),
            (true, false) => LongPar | 1 | (found.Fault.Long << 1),
            (false, true) => ShortPlace(found) | found.Attributes.ShortPar | NonSecure,
            (false, false) => 1 | ((found.Fault.Short & 15) << 1) | ((found.Fault.Short & 16) << 1),
        };
        return Outcome.Recheck;
    }

    private static uint ShortPlace(Stage1Result found)
    {
        const int SupersectionBits = 24;
        const uint Supersection = 2;
        ulong ipa = found.Ipa.Value;
        return found.SizeBits == SupersectionBits
            ? ((uint)ipa & 0xFF00_0000) | ((uint)(ipa >> 16) & 0xFF_0000) | Supersection
            : (uint)ipa & 0xFFFF_F000;
    }
}
