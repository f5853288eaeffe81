using System.Numerics;
using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Cpu.Vfp;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Turns an instruction word into what the interpreter runs. What has no form of its own becomes its class.</summary>
internal static class OpBuilder
{
    private const int Pc = 15;
    private const uint Always = 14;

    /// <summary>Builds the operation of a word.</summary>
    /// <param name="word">The instruction.</param>
    /// <param name="offset">Its offset from the block's start.</param>
    /// <param name="pageOffset">Its offset in its page; a value of 4096 or more keeps branches from being linked.</param>
    /// <param name="ends">True where the block ends with it.</param>
    internal static Op Build(uint word, uint offset, uint pageOffset, out bool ends)
    {
        A32 handler = A32Decoder.Decode(word);
        Op op = new()
        {
            Condition = (byte)(word >> 28),
            Rd = (byte)((word >> 12) & 15),
            Rn = (byte)((word >> 16) & 15),
            Rm = (byte)(word & 15),
            Raw = word,
        };
        uint condition = word >> 28;
        ends = Fill(ref op, handler, word);
        if (op.Code is >= OpCode.B and <= OpCode.BLe or OpCode.BranchLink)
        {
            Target(ref op, offset, pageOffset);
            if (op.Code == OpCode.B && condition < Always)
            {
                op.Code = OpCode.BEq + (byte)condition;
                return op;
            }
        }
        else if (op.Code is OpCode.BranchLinkExchange)
        {
            op.Imm = offset + 4;
        }

        if (condition < Always)
        {
            (op.Inner, op.Code) = (op.Code, OpCode.Conditional);
        }

        return op;
    }

    private static void Target(ref Op op, uint offset, uint pageOffset)
    {
        uint displacement = (uint)((int)(op.Raw << 8) >> 6) + 8;
        op.Imm = offset + displacement;
        op.Rs = pageOffset < 4096 && pageOffset + displacement < 4096 ? (byte)1 : (byte)0;
        op.Raw = offset + 4;
    }

    /// <summary>Fills in the operation; true where the block ends.</summary>
    private static bool Fill(ref Op op, A32 handler, uint word)
    {
        switch (handler)
        {
            case A32.DataProcessing:
                return DataProcessingForms.Fill(ref op, word);
            case A32.LoadStore or A32.LoadStoreExtra or A32.LoadStoreDual or A32.LoadExclusive or A32.StoreExclusive:
                return MemoryForms.Fill(ref op, handler, word);
            case A32.LoadMultiple:
                Multiple(ref op, word);
                op.Code = (word & 0x8000) != 0 ? OpCode.LoadMultipleToPc : OpCode.LoadMultiple;
                return (word & 0x8000) != 0;
            case A32.StoreMultiple:
                Multiple(ref op, word);
                op.Code = OpCode.StoreMultiple;
                return false;
            case A32.Branch:
                op.Code = OpCode.B;
                return true;
            case A32.BranchLink:
                op.Code = OpCode.BranchLink;
                return true;
            case A32.BranchExchange when op.Rm != Pc:
                op.Code = OpCode.BranchExchange;
                return true;
            case A32.BranchLinkExchange when op.Rm != Pc:
                op.Code = OpCode.BranchLinkExchange;
                return true;
            case A32.Hint or A32.Barrier:
                op.Code = OpCode.Nop;
                return false;
            case >= A32.VfpMultiplyAccumulate and <= A32.VfpMoveDouble:
                return VfpForms.Fill(ref op, handler, word);
            case A32.MoveFromSystem or A32.MoveFromSystem64:
                (op.Code, op.Rs) = (OpCode.ReadSystem, (byte)handler);
                return false;
            default:
                return Computation(ref op, handler, word);
        }
    }

    /// <summary>What only computes does not end a block; all else is the system's and does.</summary>
    private static bool Computation(ref Op op, A32 handler, uint word)
    {
        if (!Computing.Handles(handler, word))
        {
            (op.Code, op.Rs) = (OpCode.System, (byte)handler);
            return true;
        }

        (op.Code, op.Rs) = (OpCode.Compute, (byte)handler);
        bool setsFlags = (word & (1 << 20)) != 0;
        switch (handler)
        {
            case A32.MoveWide when op.Rd != Pc:
                (op.Code, op.Imm) = (OpCode.MovI, ((word >> 4) & 0xF000) | (word & 0xFFF));
                break;
            case A32.MoveTop when op.Rd != Pc:
                (op.Code, op.Imm) = (OpCode.MovTop, (((word >> 4) & 0xF000) | (word & 0xFFF)) << 16);
                break;
            case A32.Mul or A32.Mla or A32.Mls or A32.Umull or A32.Smull when !setsFlags || handler == A32.Mls:
                Multiply(ref op, handler, word);
                break;
            case A32.CountLeadingZeros when op.Rd != Pc && op.Rm != Pc:
                op.Code = OpCode.Clz;
                break;
            case A32.Extend when op.Rn == Pc && op.Rd != Pc && op.Rm != Pc && (word & 0xC00) == 0:
                op.Code = ((word >> 20) & 7) switch
                {
                    2 => OpCode.Sxtb,
                    3 => OpCode.Sxth,
                    6 => OpCode.Uxtb,
                    7 => OpCode.Uxth,
                    _ => OpCode.Compute,
                };
                break;
            case A32.ExtractField when (word & (1 << 22)) != 0 && op.Rd != Pc && op.Rm != Pc:
                int width = (int)((word >> 16) & 31) + 1;
                (op.Code, op.Shift, op.Imm) = (OpCode.Ubfx, (byte)((word >> 7) & 31), width == 32 ? uint.MaxValue : (1u << width) - 1);
                break;
            case A32.InsertField when op.Rm != Pc && op.Rd != Pc && ((word >> 16) & 31) >= ((word >> 7) & 31):
                int low = (int)((word >> 7) & 31);
                int high = (int)((word >> 16) & 31);
                op.Shift = (byte)low;
                op.Imm = (uint.MaxValue >> (31 - high)) & (uint.MaxValue << low);
                op.Code = OpCode.Bfi;
                break;
            default:
                break;
        }

        return false;
    }

    private static void Multiply(ref Op op, A32 handler, uint word)
    {
        byte high = (byte)((word >> 16) & 15);
        byte low = (byte)((word >> 12) & 15);
        byte second = (byte)((word >> 8) & 15);
        byte first = (byte)(word & 15);
        bool usesLow = handler != A32.Mul;
        if (high == Pc || (usesLow && low == Pc) || second == Pc || first == Pc)
        {
            return;
        }

        // Rd: destination (upper half of a long one), Rn: addend (lower half), Rm and Rs: factors.
        (op.Rd, op.Rn, op.Rm, op.Rs) = (high, low, first, second);
        op.Code = handler switch
        {
            A32.Mul => OpCode.Mul,
            A32.Mla => OpCode.Mla,
            A32.Mls => OpCode.Mls,
            A32.Umull => OpCode.Umull,
            _ => OpCode.Smull,
        };
    }

    /// <summary>Imm: from the base to the lowest address. Rs: bytes. Shift: what is added to the base, in words.</summary>
    private static void Multiple(ref Op op, uint word)
    {
        int count = BitOperations.PopCount(word & 0xFFFF);
        bool up = (word & (1 << 23)) != 0;
        bool before = (word & (1 << 24)) != 0;
        int start = up ? (before ? 1 : 0) : (before ? 0 : 1) - count;
        bool writeback = (word & (1 << 21)) != 0 && op.Rn != Pc;
        op.Imm = (uint)(start * 4);
        op.Rs = (byte)(count * 4);
        op.Shift = (byte)(sbyte)(writeback ? (up ? count : -count) : 0);
    }

    /// <summary>The constant of a data-processing immediate: eight bits rotated right by an even number.</summary>
    internal static uint ExpandImmediate(uint word) => BitOperations.RotateRight(word & 0xFF, (int)(word >> 7) & 30);
}
