namespace ActorTrace.Machine.Cpu;

/// <summary>
/// The registers of a processor, laid out for the interpreter. The condition flags are kept as the values that decide them,
/// so that an instruction that sets them only stores.
/// </summary>
internal unsafe struct CpuState
{
    internal const int Banks = 6;

    /// <summary>The registers of the current mode. R15 is the next instruction between two instructions, its own address + 8 inside.</summary>
    internal fixed uint R[16];

    /// <summary>Bit 31 is the N flag.</summary>
    internal uint N;

    /// <summary>The Z flag is set where this is 0.</summary>
    internal uint Z;

    /// <summary>The C flag, 0 or 1.</summary>
    internal uint C;

    /// <summary>Bit 31 is the V flag.</summary>
    internal uint V;

    /// <summary>The Q flag, 0 or 1.</summary>
    internal uint Q;

    /// <summary>GE[3:0].</summary>
    internal uint Ge;

    /// <summary>The other bits of the CPSR, at their places.</summary>
    internal uint Control;

    /// <summary>R13 of the banks that are not current (see <see cref="ProcessorMode.Bank"/>).</summary>
    internal fixed uint BankedSp[Banks];

    /// <summary>R14 of the banks that are not current.</summary>
    internal fixed uint BankedLr[Banks];

    /// <summary>SPSR of each bank; the first is unused.</summary>
    internal fixed uint Spsr[Banks];

    /// <summary>R8-R12 of the other side: of FIQ mode while in another mode, of the other modes while in FIQ mode.</summary>
    internal fixed uint OtherHigh[5];

    /// <summary>Bytes of the exclusive access that is open, 0 for none.</summary>
    internal uint ExclusiveSize;

    /// <summary>Physical address of the exclusive access.</summary>
    internal ulong ExclusiveAddress;

    /// <summary>What LDREX read there: STREX succeeds while it is still there.</summary>
    internal ulong ExclusiveValue;

    /// <summary>FPSCR.</summary>
    internal uint Fpscr;

    /// <summary>FPEXC.</summary>
    internal uint Fpexc;

    /// <summary>The floating-point registers D0-D31; S0-S31 are the halves of the first sixteen, the even one the lower half.</summary>
    internal fixed ulong D[32];

    internal readonly uint Mode => Control & Psr.ModeMask;

    internal readonly bool Privileged => Mode != ProcessorMode.User;

    internal uint ReadCpsr() =>
        (N & Psr.N) | (Z == 0 ? Psr.Z : 0) | (C << 29) | ((V & 0x8000_0000) >> 3) | (Q << 27) | (Ge << 16) | Control;

    internal void SetFlags(uint psr)
    {
        N = psr;
        Z = ~psr & Psr.Z;
        C = (psr >> 29) & 1;
        V = psr << 3;
    }

    /// <summary>Writes the bits under a mask; a mode that does not exist leaves the mode as it is.</summary>
    internal void WriteCpsr(uint value, uint mask)
    {
        if ((mask & Psr.FlagsMask) != 0)
        {
            SetFlags((value & mask & Psr.FlagsMask) | (ReadCpsr() & ~mask & Psr.FlagsMask));
        }

        if ((mask & Psr.Saturated) != 0)
        {
            Q = (value >> 27) & 1;
        }

        if ((mask & Psr.GeMask) != 0)
        {
            uint ge = (value & mask & Psr.GeMask) | ((Ge << 16) & ~mask);
            Ge = (ge >> 16) & 15;
        }

        uint controlMask = mask & Psr.ControlMask;
        if ((controlMask & Psr.ModeMask) != 0)
        {
            if (ProcessorMode.Exists(value & Psr.ModeMask))
            {
                SwitchBank(value & Psr.ModeMask);
            }
            else
            {
                controlMask &= ~Psr.ModeMask;
            }
        }

        Control = (value & controlMask) | (Control & ~controlMask);
    }

    /// <summary>Exchanges the banked registers for those of another mode.</summary>
    internal void SwitchBank(uint mode)
    {
        int from = ProcessorMode.Bank(Mode);
        int to = ProcessorMode.Bank(mode);
        if (from == to)
        {
            return;
        }

        BankedSp[from] = R[13];
        BankedLr[from] = R[14];
        R[13] = BankedSp[to];
        R[14] = BankedLr[to];
        if ((from == ProcessorMode.FiqBank) != (to == ProcessorMode.FiqBank))
        {
            for (int i = 0; i < 5; i++)
            {
                (R[8 + i], OtherHigh[i]) = (OtherHigh[i], R[8 + i]);
            }
        }
    }

    /// <summary>A register of User mode, whatever the mode is.</summary>
    internal readonly uint ReadUser(int register)
    {
        int bank = ProcessorMode.Bank(Mode);
        return register switch
        {
            >= 8 and <= 12 when bank == ProcessorMode.FiqBank => OtherHigh[register - 8],
            13 when bank != 0 => BankedSp[0],
            14 when bank != 0 => BankedLr[0],
            _ => R[register],
        };
    }

    /// <summary>Writes a register of User mode, whatever the mode is.</summary>
    internal void WriteUser(int register, uint value)
    {
        int bank = ProcessorMode.Bank(Mode);
        switch (register)
        {
            case >= 8 and <= 12 when bank == ProcessorMode.FiqBank:
                OtherHigh[register - 8] = value;
                break;
            case 13 when bank != 0:
                BankedSp[0] = value;
                break;
            case 14 when bank != 0:
                BankedLr[0] = value;
                break;
            default:
                R[register] = value;
                break;
        }
    }
}
