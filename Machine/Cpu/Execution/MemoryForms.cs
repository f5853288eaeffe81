using ActorTrace.Machine.Cpu.Decoding;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Which loads and stores have a form of their own in the interpreter.</summary>
internal static class MemoryForms
{
    private const int Pc = 15;
    private const uint Up = 1 << 23;

    /// <summary>Of halfwords and pairs: the offset is not a register.</summary>
    private const uint IsImmediate = 1 << 22;

    /// <summary>Fills in the operation; true where it ends the block: it loads the program counter, or is not allowed.</summary>
    internal static bool Fill(ref Op op, in Instruction instruction, CodePlace place)
    {
        A32 handler = instruction.Handler;
        uint word = instruction.Word;
        bool load = (word & (1 << 20)) != 0;
        bool indexed = (word & (1 << 24)) != 0;
        bool writeback = (word & (1 << 21)) != 0;
        (op.Code, op.Rs) = (OpCode.Memory, (byte)handler);
        if (handler == A32.LoadStore)
        {
            if (load && op.Rd == Pc)
            {
                ToPc(ref op, word, indexed, writeback);
                return true;
            }

            Word(ref op, word, load, indexed, writeback);
            if (op.Code == OpCode.LdrLiteral)
            {
                op.Imm += place.AlignedProgramCounter(instruction.Ahead);
            }

            return false;
        }

        Offset(ref op, instruction);
        bool pair = handler == A32.LoadStoreDual || (handler is A32.LoadExclusive or A32.StoreExclusive && (word & 0x60_0000) == 0x20_0000);
        if (pair)
        {
            // Only T32 names a second register; in A32 it follows an even one. A32 with an odd one is UNPREDICTABLE, here UNDEFINED.
            uint first = handler == A32.StoreExclusive ? op.Rm : op.Rd;
            op.Shift = (byte)(instruction.Thumb ? (word >> 8) & 15 : first + 1);
            if (!instruction.Thumb && ((first & 1) != 0 || first == 14))
            {
                return OpBuilder.System(ref op, A32.Undefined);
            }
        }

        if (handler == A32.LoadStoreDual && (word & IsImmediate) != 0 && op.Rn != Pc && op.Rd != Pc && op.Shift != Pc)
        {
            Dual(ref op, word, indexed, writeback);
        }
        else if (handler == A32.LoadStoreExtra && indexed && !writeback && op.Rn != Pc && op.Rd != Pc)
        {
            Extra(ref op, word, load);
        }

        return false;
    }

    /// <summary>Imm: a constant offset with its sign. Shift: how far an index is shifted left.</summary>
    private static void Offset(ref Op op, in Instruction instruction)
    {
        uint word = instruction.Word;
        if (instruction.HasImmediate)
        {
            op.Imm = instruction.Immediate;
        }
        else if (instruction.Handler is A32.LoadStoreExtra or A32.LoadStoreDual or A32.LoadStoreExtraUnprivileged)
        {
            op.Imm = ((word >> 4) & 0xF0) | (word & 0xF);
            op.Shift = (byte)(instruction.Thumb ? (word >> 8) & 3 : 0);
        }

        if ((word & Up) == 0)
        {
            op.Imm = 0 - op.Imm;
        }
    }

    private static void Word(ref Op op, uint word, bool load, bool indexed, bool writeback)
    {
        bool register = (word & (1 << 25)) != 0;
        bool up = (word & (1 << 23)) != 0;
        bool bytes = (word & (1 << 22)) != 0;
        if (op.Rd == Pc)
        {
            return;
        }

        if (register)
        {
            // An index that is added, shifted left by a constant, without writeback.
            if (up && indexed && !writeback && (word & 0x60) == 0 && op.Rn != Pc && op.Rm != Pc)
            {
                op.Shift = (byte)((word >> 7) & 31);
                op.Code = bytes ? (load ? OpCode.LdrbR : OpCode.StrbR) : load ? OpCode.LdrR : OpCode.StrR;
            }

            return;
        }

        uint offset = up ? word & 0xFFF : 0 - (word & 0xFFF);
        if (op.Rn == Pc)
        {
            if (load && !bytes && indexed && !writeback)
            {
                (op.Code, op.Imm) = (OpCode.LdrLiteral, offset);
            }

            return;
        }

        // P = 0, W = 1 is the unprivileged form, Rd = Rn with writeback unpredictable: both take the long way.
        if ((!indexed && writeback) || ((!indexed || writeback) && op.Rd == op.Rn))
        {
            return;
        }

        op.Imm = offset;
        op.Code = (bytes, load, indexed, writeback) switch
        {
            (false, true, true, false) => OpCode.LdrI,
            (false, false, true, false) => OpCode.StrI,
            (true, true, true, false) => OpCode.LdrbI,
            (true, false, true, false) => OpCode.StrbI,
            (false, true, true, true) => OpCode.LdrPre,
            (false, false, true, true) => OpCode.StrPre,
            (true, true, true, true) => OpCode.LdrbPre,
            (true, false, true, true) => OpCode.StrbPre,
            (false, true, false, _) => OpCode.LdrPost,
            (false, false, false, _) => OpCode.StrPost,
            (true, true, false, _) => OpCode.LdrbPost,
            (true, false, false, _) => OpCode.StrbPost,
        };
    }

    /// <summary>Returns from functions, and jump tables.</summary>
    private static void ToPc(ref Op op, uint word, bool indexed, bool writeback)
    {
        bool register = (word & (1 << 25)) != 0;
        bool up = (word & (1 << 23)) != 0;
        op.Code = OpCode.MemoryToPc;
        if (register)
        {
            if (indexed && !writeback && up && op.Rn == Pc && op.Rm != Pc && (word & 0x60) == 0)
            {
                (op.Code, op.Shift) = (OpCode.LdrPcTable, (byte)((word >> 7) & 31));
            }
        }
        else if (op.Rn != Pc && !writeback)
        {
            op.Imm = up ? word & 0xFFF : 0 - (word & 0xFFF);
            op.Code = indexed ? OpCode.LdrPcI : OpCode.LdrPcPost;
        }
    }

    private static void Dual(ref Op op, uint word, bool indexed, bool writeback)
    {
        bool changesBase = !indexed || writeback;
        if (changesBase && (op.Rn == op.Rd || op.Rn == op.Shift || (!indexed && writeback)))
        {
            return;
        }

        bool loads = (word & 0x20) == 0;
        op.Code = (loads, indexed, writeback) switch
        {
            (true, true, false) => OpCode.LdrdI,
            (false, true, false) => OpCode.StrdI,
            (true, true, true) => OpCode.LdrdPre,
            (false, true, true) => OpCode.StrdPre,
            (true, false, _) => OpCode.LdrdPost,
            (false, false, _) => OpCode.StrdPost,
        };
    }

    private static void Extra(ref Op op, uint word, bool load)
    {
        uint kind = (word >> 5) & 3;
        if ((word & IsImmediate) == 0)
        {
            if ((word & Up) != 0 && kind == 1 && op.Rm != Pc)
            {
                op.Code = load ? OpCode.LdrhR : OpCode.StrhR;
            }

            return;
        }

        op.Code = kind switch
        {
            1 => load ? OpCode.LdrhI : OpCode.StrhI,
            2 => OpCode.LdrsbI,
            _ => OpCode.LdrshI,
        };
    }
}
