using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Cpu.Execution;

namespace ActorTrace.Machine.Cpu.Vfp;

/// <summary>
/// The floating-point extension of a Cortex-A15 without Advanced SIMD: VFPv4-D32. Each instruction gives false where it did not
/// complete; the reason is then the MMU's fault, or UNDEFINED.
/// </summary>
internal sealed unsafe class VfpUnit(Mmu mmu)
{
    private const uint D32Disable = 1 << 30;
    private const uint Writeback = 1 << 21;
    private const uint ToCore = 1 << 20;
    private VcpuContext? vcpu;

    private VcpuContext Vcpu => vcpu ?? throw new InvalidOperationException("No vCPU is attached.");

    internal void Attach(VcpuContext? newVcpu) => vcpu = newVcpu;

    /// <summary>What touches no memory.</summary>
    internal bool Execute(CpuState* s, Op* op)
    {
        A32 handler = (A32)op->Rs;
        if (handler is A32.VfpReadSystem or A32.VfpWriteSystem)
        {
            return handler == A32.VfpReadSystem ? ReadSystem(s, op) : WriteSystem(s, op);
        }

        if (!Enabled(s, op))
        {
            return mmu.Undefined();
        }

        if (handler > A32.VfpConvertToInteger)
        {
            Transfer(s, op, handler);
            return true;
        }

        // Without short vectors, what would work on them is UNDEFINED (MVFR0 bits 27:24); compares and conversions never do.
        if ((s->Fpscr & Fpscr.ShortVector) != 0 && handler <= A32.VfpSquareRoot)
        {
            return mmu.Undefined();
        }

        VfpDataProcessing.Execute(s, op);
        return true;
    }

    /// <summary>VLDR and VLDM.</summary>
    /// <param name="s">Registers; R15 is the instruction's own address and what it reads as beyond that.</param>
    /// <param name="op">The operation.</param>
    /// <param name="pages">The translations for loads.</param>
    internal bool Load(CpuState* s, Op* op, nint* pages)
    {
        if (!Enabled(s, op))
        {
            return mmu.Undefined();
        }

        uint address = Address(s, op);
        uint* source = Direct(pages, address, op->Rm);
        if (source != null)
        {
            Copy(source, (uint*)s->D + FirstWord(op), op->Rm);
        }
        else if (!LoadSlowly(s, op, address))
        {
            return false;
        }

        WriteBack(s, op);
        return true;
    }

    /// <summary>VSTR and VSTM.</summary>
    /// <param name="s">Registers; R15 as for loads.</param>
    /// <param name="op">The operation.</param>
    /// <param name="pages">The translations for stores.</param>
    internal bool Store(CpuState* s, Op* op, nint* pages)
    {
        if (!Enabled(s, op))
        {
            return mmu.Undefined();
        }

        uint address = Address(s, op);
        uint* target = Direct(pages, address, op->Rm);
        if (target != null)
        {
            Copy((uint*)s->D + FirstWord(op), target, op->Rm);
        }
        else if (!StoreSlowly(s, op, address))
        {
            return false;
        }

        WriteBack(s, op);
        return true;
    }

    private bool LoadSlowly(CpuState* s, Op* op, uint address)
    {
        int words = op->Rm;
        uint* buffer = stackalloc uint[32];
        for (int i = 0; i < words; i++)
        {
            if (!mmu.Load(address + ((uint)i * 4), 4, true, s->Privileged, out buffer[i]))
            {
                return false;
            }
        }

        SwapHalves(s, op, buffer);
        Copy(buffer, (uint*)s->D + FirstWord(op), words);
        return true;
    }

    private bool StoreSlowly(CpuState* s, Op* op, uint address)
    {
        int words = op->Rm;
        uint* buffer = stackalloc uint[32];
        Copy((uint*)s->D + FirstWord(op), buffer, words);
        SwapHalves(s, op, buffer);
        for (int i = 0; i < words; i++)
        {
            if (!mmu.Store(address + ((uint)i * 4), 4, buffer[i], true, s->Privileged))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>CheckVFPEnabled (B1.11.3): CPACR.cp10, FPEXC.EN, and D32DIS for D16-D31.</summary>
    private bool Enabled(CpuState* s, Op* op) =>
        (s->Fpexc & Fpscr.Enable) != 0 && Permitted(s) && (op->Shift == 0 || (Vcpu.Cp15.Cpacr & D32Disable) == 0);

    /// <summary>CPACR.cp10: 01 is PL1 only, 11 is everyone; 10 is reserved and taken for 00.</summary>
    private bool Permitted(CpuState* s)
    {
        uint access = (Vcpu.Cp15.Cpacr >> 20) & 3;
        return access == 3 || (access == 1 && s->Privileged);
    }

    private static void Transfer(CpuState* s, Op* op, A32 handler)
    {
        uint* words = (uint*)s->D + op->Rm;
        bool two = handler is A32.VfpMoveTwoSingles or A32.VfpMoveDouble;
        if ((op->Raw & ToCore) != 0)
        {
            s->R[op->Rd] = words[0];
            s->R[two ? op->Rn : op->Rd] = words[two ? 1 : 0];
        }
        else
        {
            words[0] = s->R[op->Rd];
            words[two ? 1 : 0] = s->R[two ? op->Rn : op->Rd];
        }
    }

    /// <summary>VMRS (A8.8.348, B9.3.21): FPSCR for all where floating point is enabled, the others for PL1 whether it is or not.</summary>
    private bool ReadSystem(CpuState* s, Op* op)
    {
        uint value;
        switch ((VfpRegister)op->Rn)
        {
            case VfpRegister.Fpscr when Enabled(s, op):
                value = s->Fpscr;
                break;
            case VfpRegister.Fpsid when Permitted(s) && s->Privileged:
                value = Fpscr.Fpsid;
                break;
            case VfpRegister.Mvfr0 when Permitted(s) && s->Privileged:
                value = Fpscr.Mvfr0;
                break;
            case VfpRegister.Mvfr1 when Permitted(s) && s->Privileged:
                value = Fpscr.Mvfr1;
                break;
            case VfpRegister.Fpexc when Permitted(s) && s->Privileged:
                value = s->Fpexc;
                break;
            default:
                return mmu.Undefined();
        }

        if (op->Rd == 15)
        {
            s->SetFlags(value & Fpscr.Conditions);
        }
        else
        {
            s->R[op->Rd] = value;
        }

        return true;
    }

    /// <summary>VMSR (A8.8.349, B9.3.22); writes to the identification registers are ignored.</summary>
    private bool WriteSystem(CpuState* s, Op* op)
    {
        uint value = s->R[op->Rd];
        switch ((VfpRegister)op->Rn)
        {
            case VfpRegister.Fpscr when Enabled(s, op):
                s->Fpscr = value & Fpscr.Writable;
                return true;
            case VfpRegister.Fpsid or VfpRegister.Mvfr0 or VfpRegister.Mvfr1 when Permitted(s) && s->Privileged:
                return true;
            case VfpRegister.Fpexc when Permitted(s) && s->Privileged:
                s->Fpexc = value & Fpscr.Enable;
                return true;
            default:
                return mmu.Undefined();
        }
    }

    private static void Copy(uint* source, uint* target, int words)
    {
        for (int i = 0; i < words; i++)
        {
            target[i] = source[i];
        }
    }

    private static int FirstWord(Op* op) => (op->Raw & VfpForms.Double) != 0 ? op->Rd * 2 : op->Rd;

    private static uint Address(CpuState* s, Op* op) => (op->Rn == 15 ? s->R[15] & ~3u : s->R[op->Rn]) + op->Imm;

    private static uint* Direct(nint* pages, uint address, int words)
    {
        nint host = pages[address >> 12];
        return host != 0 && (address & 3) == 0 && (address & 0xFFF) + (words * 4) <= 4096 ? (uint*)(host + (nint)address) : null;
    }

    /// <summary>Of a big-endian double the upper word comes first.</summary>
    private static void SwapHalves(CpuState* s, Op* op, uint* words)
    {
        if ((s->Control & Psr.BigEndian) != 0 && (op->Raw & VfpForms.Double) != 0)
        {
            for (int i = 0; i < op->Rm; i += 2)
            {
                (words[i], words[i + 1]) = (words[i + 1], words[i]);
            }
        }
    }

    /// <summary>The base moves by all words of the encoding, also the last one of FLDMX and FSTMX, which is not transferred.</summary>
    private static void WriteBack(CpuState* s, Op* op)
    {
        const uint Up = 1 << 23;
        if ((op->Raw & Writeback) != 0)
        {
            uint bytes = (op->Raw & 0xFF) * 4;
            s->R[op->Rn] += (op->Raw & Up) != 0 ? bytes : 0 - bytes;
        }
    }
}
