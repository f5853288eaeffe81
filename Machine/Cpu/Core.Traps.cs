using ActorTrace.Machine.Cpu.Execution;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu;

/// <content>Leaving guest code with a syndrome, and what a hypervisor does to the trapped instruction.</content>
public sealed partial class Core
{
    private const uint LongFormat = 1 << 9;
    private const uint WriteNotRead = 1 << 11;
    private const uint ExternalType = 1 << 12;
    private const uint CacheMaintenance = 1 << 13;
    private const uint ClassShift = 26;
    private const uint ClassDataAbort = 0x24;
    private const uint ClassSystemRegister = 0x03;
    private const uint ClassDebugRegister = 0x05;
    private CoreExit last;

    /// <summary>
    /// Finishes the instruction of the last trap: a load or store with valid syndrome, MRC, MCR, MCRR, HVC, WFI. Charges it and goes to the next.
    /// </summary>
    /// <param name="valueForRt">What a load or MRC gives, not yet extended; null for all others.</param>
    public void CompleteEmulated(uint? valueForRt)
    {
        uint iss = last.Iss;
        if (valueForRt is { } value && last.ExceptionClass == ClassDataAbort)
        {
            int bits = 8 << (int)((iss >> 22) & 3);
            bool signed = (iss & (1 << 21)) != 0;
            uint top = value << (32 - bits);
            SetRegister((iss >> 16) & 15, signed ? (uint)((int)top >> (32 - bits)) : top >> (32 - bits));
        }
        else if (valueForRt is { } read && last.ExceptionClass is ClassSystemRegister or ClassDebugRegister)
        {
            uint register = (iss >> 5) & 15;
            if (register == 15)
            {
                const uint Flags = 0xF000_0000;
                Cpsr = (Cpsr & ~Flags) | (read & Flags);
            }
            else
            {
                SetRegister(register, read);
            }
        }

        Finish();
    }

    /// <summary>Finishes a trapped MRRC.</summary>
    /// <param name="value">Rt2:Rt.</param>
    public void CompleteEmulated64(ulong value)
    {
        SetRegister((last.Iss >> 5) & 15, (uint)value);
        SetRegister((last.Iss >> 10) & 15, (uint)(value >> 32));
        Finish();
    }

    /// <summary>
    /// Runs the instruction of the last trap again, as it was fetched then: an access to a system register, or BKPT. With the controls
    /// that made it trap off, it has the very effect that it has without a hypervisor.
    /// </summary>
    /// <returns>As <see cref="ExecuteDisplaced"/>.</returns>
    public CoreExit? RepeatTrapped() => RunInPlace(null);

    /// <summary>Gives the guest an abort at its present instruction.</summary>
    /// <param name="prefetch">A prefetch abort instead of a data abort.</param>
    /// <param name="fsr">What IFSR or DFSR becomes, in the short format; a guest with long descriptors gets the same in the long one.</param>
    /// <param name="far">What IFAR or DFAR becomes.</param>
    public void TakeGuestAbort(bool prefetch, uint fsr, uint far)
    {
        MemoryFault reason = MemoryFault.FromShort((fsr & 15) | ((fsr >> 6) & 16));
        uint status = Vcpu.Cp15.UsesLongDescriptors
            ? (fsr & (ExternalType | WriteNotRead | CacheMaintenance)) | LongFormat | reason.Long
            : fsr;
        Abort(prefetch, status, far);
    }

    /// <summary>Gives the guest an Undefined Instruction exception at its present instruction, which is not charged.</summary>
    public void TakeGuestUndefined() => TakeException(GuestException.Undefined);

    /// <summary>DFSR or IFSR in the format of the guest's tables (ARM DDI 0406 B4.1.52, B4.1.96).</summary>
    private uint FaultStatus(MmuFault fault)
    {
        uint access = fault.Outcome == Outcome.PrefetchAbort
            ? 0
            : (fault.Write ? WriteNotRead : 0) | (fault.Maintenance ? CacheMaintenance : 0);
        return access | (Vcpu.Cp15.UsesLongDescriptors
            ? LongFormat | fault.Reason.Long
            : (fault.Reason.Short & 15) | ((fault.Reason.Short & 16) << 6)
                | (fault.Outcome == Outcome.PrefetchAbort ? 0 : fault.Domain << 4));
    }

    private void Finish()
    {
        Vcpu[15] += (last.Syndrome & Syndromes.LongInstruction) != 0 ? 4u : 2;
        engine.AdvanceIfThen();
        Charge(1);
    }

    private void SetRegister(uint register, uint value)
    {
        if (register != 15)
        {
            Vcpu[(int)register] = value;
        }
    }

    private CoreExit LeaveGuest(Outcome outcome)
    {
        GuestVa pc = new(Vcpu[15]);
        MmuFault fault = mmu.Fault;
        uint word = engine.StoppingWord;
        CoreExit exit = outcome switch
        {
            Outcome.Hypercall => new CoreExit(
                CoreExitKind.Hypercall, pc, Syndromes.Hypercall(word), default, default, 0),
            Outcome.WaitTrap => new CoreExit(CoreExitKind.WaitTrap, pc, Syndromes.Wait(word), default, default, 0),
            Outcome.SystemTrap => new CoreExit(
                CoreExitKind.SystemRegisterTrap, pc, Syndromes.SystemRegister(word), default, default, SystemValue(word)),
            Outcome.DebugTrap => new CoreExit(CoreExitKind.DebugTrap, pc, Syndromes.Debug, default, default, 0),
            Outcome.Stage2Data => new CoreExit(
                CoreExitKind.Stage2DataAbort, pc, Syndromes.DataAbort(word, fault), new GuestVa(fault.Address), fault.Ipa,
                fault.Write ? StoredValue(word) : 0),
            Outcome.Stage2Fetch => new CoreExit(
                CoreExitKind.Stage2PrefetchAbort, pc, Syndromes.PrefetchAbort(fault), new GuestVa(fault.Address), fault.Ipa, 0),
            _ => throw new InvalidOperationException($"{outcome} at {pc} is no exit."),
        };
        bool isLong = outcome == Outcome.Stage2Fetch || engine.StoppingLength == 4;
        last = exit with { Syndrome = exit.Syndrome | (isLong ? Syndromes.LongInstruction : 0) };
        return last;
    }

    private ulong SystemValue(uint word)
    {
        bool two = (word & 0x0F00_0000) == 0x0C00_0000;
        bool reads = (word & (1 << 20)) != 0;
        uint first = Vcpu[(int)((word >> 12) & 15)];
        return reads ? 0 : two ? first | ((ulong)Vcpu[(int)((word >> 16) & 15)] << 32) : first;
    }

    private ulong StoredValue(uint word)
    {
        int register = (int)((word >> 12) & 15);
        uint value = register == 15 ? Vcpu[15] + 8 : Vcpu[register];
        return Syndromes.TransferSize(word) switch
        {
            1 => (byte)value,
            2 => (ushort)value,
            _ => value,
        };
    }
}
