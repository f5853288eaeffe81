using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Cpu.Execution;

namespace ActorTrace.Machine.Cpu.Vfp;

/// <summary>Takes floating-point instructions apart into operations.</summary>
/// <remarks>
/// Rs: the <see cref="A32"/> handler. Rd, Rn, Rm: numbers of registers, for transfers core registers where the manual has Rt and Rn.
/// Shift: 1 where D16-D31 are used. UNPREDICTABLE ones are UNDEFINED here.
/// </remarks>
internal static class VfpForms
{
    internal const uint Double = 1 << 8;
    private const int Pc = 15;
    private const int Registers = 32;
    private const int LongestDoubleList = 16;

    /// <summary>Fills in the operation; true where the block ends, as with what is not executed.</summary>
    internal static bool Fill(ref Op op, A32 handler, uint word)
    {
        op.Rs = (byte)handler;
        bool exists = handler switch
        {
            <= A32.VfpConvertToInteger => DataProcessing(ref op, handler, word),
            A32.VfpLoad or A32.VfpStore => Single(ref op, handler, word),
            A32.VfpLoadMultiple or A32.VfpStoreMultiple => Multiple(ref op, handler, word),
            _ => Transfer(ref op, handler, word),
        };
        if (!exists)
        {
            (op.Code, op.Rs) = (OpCode.System, (byte)A32.Undefined);
        }

        return !exists;
    }

    private static bool DataProcessing(ref Op op, A32 handler, uint word)
    {
        bool isDouble = (word & Double) != 0;
        (bool doubleD, bool doubleM) = handler switch
        {
            A32.VfpConvertPrecision => (!isDouble, isDouble),
            A32.VfpConvertFromInteger => (isDouble, false),
            A32.VfpConvertToInteger => (false, isDouble),
            _ => (isDouble, isDouble),
        };
        bool usesN = handler <= A32.VfpFusedMultiplyAccumulate;
        bool usesM = handler is not (A32.VfpMoveImmediate or A32.VfpCompareWithZero or A32.VfpConvertFixed);
        op.Code = OpCode.Vfp;
        op.Rd = Register(word, 12, 22, doubleD);
        op.Rn = Register(word, 16, 7, isDouble);
        op.Rm = Register(word, 0, 5, doubleM);
        op.Shift = (byte)((doubleD && op.Rd >= 16) || (usesN && isDouble && op.Rn >= 16) || (usesM && doubleM && op.Rm >= 16) ? 1 : 0);
        if (handler == A32.VfpMoveImmediate)
        {
            op.Imm = Expand(((word >> 12) & 0xF0) | (word & 15), isDouble);
        }
        else if (handler == A32.VfpConvertFixed)
        {
            uint size = (word & 0x80) != 0 ? 32u : 16;
            op.Imm = size - (((word & 15) << 1) | ((word >> 5) & 1));
            return op.Imm <= size;
        }

        return true;
    }

    /// <summary>VLDR and VSTR. Imm: the offset.</summary>
    private static bool Single(ref Op op, A32 handler, uint word)
    {
        uint offset = (word & 0xFF) * 4;
        op.Code = handler == A32.VfpLoad ? OpCode.VfpLoad : OpCode.VfpStore;
        op.Imm = (word & (1 << 23)) != 0 ? offset : 0 - offset;
        List(ref op, word, (word & Double) != 0 ? 2 : 1);
        return true;
    }

    /// <summary>VLDM and VSTM. Imm: from the base to the lowest address.</summary>
    private static bool Multiple(ref Op op, A32 handler, uint word)
    {
        int words = (int)(word & 0xFF);
        bool isDouble = (word & Double) != 0;
        int registers = isDouble ? words / 2 : words;
        op.Code = handler == A32.VfpLoadMultiple ? OpCode.VfpLoad : OpCode.VfpStore;
        op.Imm = (word & (1 << 23)) != 0 ? 0 : 0 - ((uint)words * 4);
        List(ref op, word, isDouble ? registers * 2 : registers);
        bool oddList = isDouble && (words & 1) != 0;
        return registers != 0 && op.Rd + registers <= (oddList ? LongestDoubleList : Registers)
            && registers <= (isDouble ? LongestDoubleList : Registers)
            && !(op.Rn == Pc && (word & (1 << 21)) != 0);
    }

    /// <summary>Rd: the first register. Rm: words.</summary>
    private static void List(ref Op op, uint word, int words)
    {
        bool isDouble = (word & Double) != 0;
        op.Rd = Register(word, 12, 22, isDouble);
        op.Rm = (byte)words;
        op.Shift = (byte)(isDouble && op.Rd + (words / 2) > 16 ? 1 : 0);
    }

    /// <summary>Rd: Rt. Rn: Rt2 or the system register. Rm: a single register, also as half of a double.</summary>
    private static bool Transfer(ref Op op, A32 handler, uint word)
    {
        bool toCore = (word & (1 << 20)) != 0;
        op.Code = OpCode.Vfp;
        switch (handler)
        {
            case A32.VfpMoveSingle:
                op.Rm = Register(word, 16, 7, false);
                break;
            case A32.VfpMoveScalar:
                byte scalar = Register(word, 16, 7, true);
                op.Rm = (byte)((scalar << 1) | ((int)(word >> 21) & 1));
                op.Shift = (byte)(scalar >> 4);
                break;
            case A32.VfpMoveTwoSingles or A32.VfpMoveDouble:
                bool isDouble = handler == A32.VfpMoveDouble;
                byte first = Register(word, 0, 5, isDouble);
                op.Rm = (byte)(isDouble ? first << 1 : first);
                op.Shift = (byte)(isDouble ? first >> 4 : 0);
                return op.Rd != Pc && op.Rn != Pc && !(toCore && op.Rd == op.Rn) && (isDouble || first != Registers - 1);
            default:
                const int status = 1;
                return op.Rd != Pc || (toCore && op.Rn == status);
        }

        return op.Rd != Pc;
    }

    /// <summary>Sd is Vd:D, Dd is D:Vd (ARM DDI 0406 A7.3).</summary>
    private static byte Register(uint word, int field, int bit, bool isDouble)
    {
        uint number = (word >> field) & 15;
        uint extra = (word >> bit) & 1;
        return (byte)(isDouble ? (extra << 4) | number : (number << 1) | extra);
    }

    /// <summary>VFPExpandImm (A7.5.1): sign, three bits of exponent, four bits of fraction. Of a double the upper word.</summary>
    private static uint Expand(uint immediate, bool isDouble)
    {
        uint sign = (immediate & 0x80) << 24;
        uint exponent = (immediate & 0x40) != 0 ? (isDouble ? 0x3FC0_0000u : 0x3E00_0000) : 0x4000_0000;
        return sign | exponent | ((immediate & 0x3F) << (isDouble ? 16 : 19));
    }
}
