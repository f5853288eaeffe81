using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Accesses to coprocessors 14 and 15. Recheck stands for "done"; everything else leaves the instruction undone.</summary>
/// <param name="mmu">What TLB maintenance and address translation go to.</param>
/// <param name="peripherals">The timers.</param>
/// <param name="instructionsAt">Instructions of the core until an instant of the present run.</param>
internal sealed unsafe class SystemRegisters(Mmu mmu, ICorePeripherals peripherals, Func<VirtualInstant, ulong> instructionsAt)
{
    private const uint LongPar = 1 << 11;
    private VcpuContext? vcpu;

    private VcpuContext Vcpu => vcpu ?? throw new InvalidOperationException("No vCPU is attached.");

    /// <summary>Changes the vCPU; its event counters stand still while it is on no core.</summary>
    internal void Attach(VcpuContext? newVcpu, VirtualInstant now)
    {
        PerformanceTime time = new(now.Cycles, instructionsAt(now));
        vcpu?.Cp15.Performance.Leave(time);
        vcpu = newVcpu;
        vcpu?.Cp15.Performance.Arrive(time);
    }

    /// <summary>MRC; with Rt = 15 the upper bits go to the flags.</summary>
    internal Outcome Read(CpuState* s, uint word, VirtualInstant completes)
    {
        SystemRegisterRow? row = SystemRegisterIndex.Find(word);
        if (row is null || !Allowed(row.Access, row.Effect, row.Number, s->Privileged, SystemAccess.Read, completes))
        {
            return Outcome.Undefined;
        }

        if (Traps(row.Access, row.Effect, row.Number, false))
        {
            return Outcome.SystemTrap;
        }

        uint value = row.Effect switch
        {
            SystemEffect.Timer => (uint)peripherals.ReadTimer((TimerRegister)row.Number, completes),
            SystemEffect.PerformanceMonitor => Vcpu.Cp15.Performance.Read((PerformanceRegister)row.Number, Time(completes)),
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
        SystemRegisterRow? row = SystemRegisterIndex.Find(word);
        if (row is null || !Allowed(row.Access, row.Effect, row.Number, s->Privileged, SystemAccess.Write, completes))
        {
            return Outcome.Undefined;
        }

        if (Traps(row.Access, row.Effect, row.Number, true) || TrapsMaintenance(row))
        {
            return Outcome.SystemTrap;
        }

        uint value = s->R[(word >> 12) & 15];
        row.Set?.Invoke(Vcpu.Cp15, value);
        switch (row.Effect)
        {
            case SystemEffect.FlushTranslations:
                mmu.Flush();
                break;
            case SystemEffect.TlbAll or SystemEffect.TlbAddress or SystemEffect.TlbAsid:
                MaintainTlb(row, value);
                break;
            case SystemEffect.CacheAddress:
                return mmu.MaintainCache(value);
            case SystemEffect.Timer:
                peripherals.WriteTimer((TimerRegister)row.Number, value, completes);
                break;
            case SystemEffect.PerformanceMonitor:
                Vcpu.Cp15.Performance.Write((PerformanceRegister)row.Number, value, Time(completes));
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
        WideRegisterRow? row = SystemRegisterIndex.FindWide(word);
        if (row is null || !Allowed(row.Access, row.Effect, row.Number, s->Privileged, SystemAccess.Read, completes))
        {
            return Outcome.Undefined;
        }

        if (Traps(row.Access, row.Effect, row.Number, false))
        {
            return Outcome.SystemTrap;
        }

        ulong value = row.Effect == SystemEffect.Timer
            ? peripherals.ReadTimer((TimerRegister)row.Number, completes)
            : row.Get?.Invoke(Vcpu.Cp15) ?? 0;
        Put(s, (word >> 12) & 15, (uint)value);
        Put(s, (word >> 16) & 15, (uint)(value >> 32));
        return Outcome.Recheck;
    }

    /// <summary>MCRR.</summary>
    internal Outcome Write64(CpuState* s, uint word, VirtualInstant completes)
    {
        WideRegisterRow? row = SystemRegisterIndex.FindWide(word);
        if (row is null || !Allowed(row.Access, row.Effect, row.Number, s->Privileged, SystemAccess.Write, completes))
        {
            return Outcome.Undefined;
        }

        if (Traps(row.Access, row.Effect, row.Number, true))
        {
            return Outcome.SystemTrap;
        }

        ulong value = s->R[(word >> 12) & 15] | ((ulong)s->R[(word >> 16) & 15] << 32);
        row.Set?.Invoke(Vcpu.Cp15, value);
        if (row.Effect == SystemEffect.Timer)
        {
            peripherals.WriteTimer((TimerRegister)row.Number, value, completes);
        }

        return Outcome.Recheck;
    }

    private static void Put(CpuState* s, uint register, uint value)
    {
        if (register != 15)
        {
            s->R[register] = value;
        }
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

    private PerformanceTime Time(VirtualInstant now) => new(now.Cycles, instructionsAt(now));

    /// <summary>What is not allowed is UNDEFINED. The access asked for is Read or Write.</summary>
    private bool Allowed(SystemAccess row, SystemEffect effect, int number, bool privileged, SystemAccess access, VirtualInstant now)
    {
        if (privileged)
        {
            return row.HasFlag(access);
        }

        return row.HasFlag(access == SystemAccess.Read ? SystemAccess.UserRead : SystemAccess.UserWrite) && effect switch
        {
            SystemEffect.Timer => UserTimer((TimerRegister)number, now),
            SystemEffect.PerformanceMonitor =>
                Vcpu.Cp15.Performance.UserEnabled || (PerformanceRegister)number == PerformanceRegister.UserEnable,
            SystemEffect.ThumbEe => Vcpu.Cp15.Debug.ThumbEeControl == 0,
            _ => true,
        };
    }

    private bool Traps(SystemAccess row, SystemEffect effect, int number, bool write)
    {
        HypControls hyp = Vcpu.Hyp;
        return (write && hyp.TrapVm && row.HasFlag(SystemAccess.TrapVm))
            || (hyp.RouteDebug && row.HasFlag(SystemAccess.TrapDebug))
            || (hyp.TrapPhysicalTimer && effect == SystemEffect.Timer
                && (TimerRegister)number is TimerRegister.PhysicalCount or TimerRegister.PhysicalCompare
                    or TimerRegister.PhysicalControl or TimerRegister.PhysicalTimerValue);
    }

    /// <summary>HCR.TTLB: all of c8. HCR.TPU: ICIALLUIS, ICIALLU, ICIMVAU, DCCMVAU (B4.1.65).</summary>
    private bool TrapsMaintenance(SystemRegisterRow row) => row.Crn switch
    {
        8 => Vcpu.Hyp.TrapTlb,
        7 when Vcpu.Hyp.TrapCacheToPou => (row.Crm, row.Opc2) is (1, 0) or (5, 0) or (5, 1) or (11, 1),
        _ => false,
    };

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

    private uint InterruptStatus()
    {
        InterruptLines lines = peripherals.Lines;
        bool isVirtual = Vcpu.Hyp.RouteIrq;
        return (lines.HasFlag(isVirtual ? InterruptLines.VirtualIrq : InterruptLines.Irq) ? Psr.MaskIrq : 0)
            | (lines.HasFlag(isVirtual ? InterruptLines.VirtualFiq : InterruptLines.Fiq) ? Psr.MaskFiq : 0);
    }

    private void MaintainTlb(SystemRegisterRow row, uint value)
    {
        switch (row.Effect)
        {
            case SystemEffect.TlbAddress:
                mmu.FlushAddress(value);
                break;
            case SystemEffect.TlbAsid:
                mmu.FlushAsid((byte)value);
                break;
            default:
                mmu.Flush();
                break;
        }

        if (row.Number != 0)
        {
            mmu.Broadcast();
        }
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
}
