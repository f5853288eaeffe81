using System.Numerics;
using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Cpu.Vfp;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Turns an instruction into what the interpreter runs. What has no form of its own becomes its class.</summary>
internal static class OpBuilder
{
    private const int Pc = 15;
    private const uint Always = 14;

    /// <summary>Builds the operation of an instruction.</summary>
    /// <param name="instruction">What it is.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="ends">True where the block ends with it.</param>
    internal static Op Build(in Instruction instruction, CodePlace place, out bool ends)
    {
        uint word = instruction.Word;
        Op op = new()
        {
            At = (byte)(place.Offset >> 1),
            Rd = (byte)((word >> 12) & 15),
            Rn = (byte)((word >> 16) & 15),
            Rm = (byte)(word & 15),
            Raw = word,
        };
        ends = Fill(ref op, instruction, place);
        if (instruction.Condition < Always)
        {
            byte condition = (byte)instruction.Condition;
            if (op.Code == OpCode.B)
            {
                op.Code = OpCode.BEq + condition;
            }
            else
            {
                (op.Inner, op.Code) = (op.Code, OpCode.IfEq + condition);
            }
        }

        return op;
    }

    /// <summary>What follows the last operation of a block.</summary>
    /// <param name="offset">Bytes from the block's start.</param>
    /// <param name="ifThen">ITSTATE there.</param>
    /// <param name="linked">What follows is in the same page, and the block stays.</param>
    internal static Op End(uint offset, uint ifThen, bool linked) => new()
    {
        Code = ifThen == 0 ? OpCode.End : OpCode.EndInside,
        At = (byte)(offset >> 1),
        Rs = linked ? (byte)1 : (byte)0,
        Imm = IfThenState.ToPsr(ifThen),
    };

    /// <summary>Imm: the target, Raw: what follows, both relative to the block's start. Rs: the target is in the same page.</summary>
    private static bool Branch(ref Op op, OpCode code, in Instruction instruction, CodePlace place)
    {
        uint displacement = instruction.HasImmediate ? instruction.Immediate : (uint)((int)(op.Raw << 8) >> 6);
        uint distance = instruction.Ahead + displacement;
        op.Code = code;
        op.Imm = place.Offset + distance;
        op.Rs = place.Linked && place.PageOffset + distance < 4096 ? (byte)1 : (byte)0;
        op.Raw = place.Offset + instruction.Length;
        if (code == OpCode.BranchLink && instruction.Thumb)
        {
            op.Raw |= 1;
        }

        return true;
    }

    /// <summary>Branches that may change the instruction set, as bit 0 of the target says. Imm: what goes to LR, or the target itself.</summary>
    private static bool Exchange(ref Op op, in Instruction instruction, CodePlace place)
    {
        bool links = instruction.Handler == A32.BranchLinkExchange;
        uint next = (place.Offset + instruction.Length) | (instruction.Thumb ? 1u : 0);
        if (op.Rm != Pc)
        {
            (op.Code, op.Imm) = (links ? OpCode.BranchLinkExchange : OpCode.BranchExchange, next);
        }
        else
        {
            (op.Code, op.Imm, op.Raw) = (links ? OpCode.BranchLinkState : OpCode.BranchState, place.ProgramCounter(instruction.Ahead), next);
        }

        return true;
    }

    /// <summary>BLX (immediate): to the other instruction set.</summary>
    private static bool BranchLinkState(ref Op op, in Instruction instruction, CodePlace place)
    {
        uint word = instruction.Word;
        uint displacement = instruction.HasImmediate ? instruction.Immediate : (uint)((int)(word << 8) >> 6) | ((word >> 23) & 2);
        op.Imm = (place.AlignedProgramCounter(instruction.Ahead) + displacement) | (instruction.Thumb ? 0 : 1u);
        op.Raw = (place.Offset + instruction.Length) | (instruction.Thumb ? 1u : 0);
        op.Code = OpCode.BranchLinkState;
        return true;
    }

    /// <summary>Fills in the operation; true where the block ends.</summary>
    private static bool Fill(ref Op op, in Instruction instruction, CodePlace place)
    {
        uint word = instruction.Word;
        switch (instruction.Handler)
        {
            case A32.DataProcessing:
                return DataProcessingForms.Fill(ref op, instruction, place);
            case A32.OrNot:
                DataProcessingForms.Immediate(ref op, instruction);
                op.Code = OpCode.OrNot;
                return false;
            case A32.LoadStore or A32.LoadStoreExtra or A32.LoadStoreDual or A32.LoadExclusive or A32.StoreExclusive
                or A32.LoadStoreUnprivileged or A32.LoadStoreExtraUnprivileged:
                return MemoryForms.Fill(ref op, instruction, place);
            case A32.LoadMultiple:
                Multiple(ref op, word);
                op.Code = (word & 0x8000) != 0 ? OpCode.LoadMultipleToPc : OpCode.LoadMultiple;
                return (word & 0x8000) != 0;
            case A32.StoreMultiple:
                Multiple(ref op, word);
                op.Code = OpCode.StoreMultiple;
                return false;
            case A32.Branch:
                return Branch(ref op, OpCode.B, instruction, place);
            case A32.BranchLink:
                return Branch(ref op, OpCode.BranchLink, instruction, place);
            case A32.CompareBranchZero:
                return Branch(ref op, OpCode.BranchZero, instruction, place);
            case A32.CompareBranchNonzero:
                return Branch(ref op, OpCode.BranchNonzero, instruction, place);
            case A32.BranchExchange or A32.BranchLinkExchange:
                return Exchange(ref op, instruction, place);
            case A32.BranchLinkThumb:
                return BranchLinkState(ref op, instruction, place);
            case A32.TableBranch:
                (op.Code, op.Shift) = (OpCode.TableBranch, (byte)(~(word >> 22) & 1));
                return true;
            case A32.Hint or A32.Barrier:
                op.Code = OpCode.Nop;
                return false;
            case >= A32.VfpMultiplyAccumulate and <= A32.VfpMoveDouble:
                return VfpForms.Fill(ref op, instruction.Handler, word);
            case A32.IfThen:
                (op.Code, op.Imm) = (OpCode.IfThen, instruction.Immediate);
                return false;
            case A32.MoveFromSystem or A32.MoveFromSystem64:
                (op.Code, op.Rs) = (OpCode.ReadSystem, (byte)instruction.Handler);
                return false;
            default:
                return Computation(ref op, instruction.Handler, word);
        }
    }

    /// <summary>What the system decides: privileges, modes, exceptions. It ends a block.</summary>
    internal static bool System(ref Op op, A32 handler)
    {
        (op.Code, op.Rs) = (OpCode.System, (byte)handler);
        return true;
    }

    /// <summary>What only computes does not end a block; all else is the system's.</summary>
    private static bool Computation(ref Op op, A32 handler, uint word)
    {
        if (!Computing.Handles(handler, word))
        {
            return System(ref op, handler);
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
            case A32.Mul or A32.Mla or A32.Mls or A32.Umull or A32.Smull when !setsFlags || handler is A32.Mls or A32.Mul:
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
            A32.Mul => (word & (1 << 20)) != 0 ? OpCode.Muls : OpCode.Mul,
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
