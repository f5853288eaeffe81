using System.Runtime.CompilerServices;
using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Cpu.Execution;

namespace ActorTrace.Machine.Cpu.Vfp;

/// <summary>Floating-point data-processing (ARM DDI 0406 A7.5). Reads and writes floating-point registers and FPSCR only.</summary>
internal static unsafe class VfpDataProcessing
{
    private const uint Op = 1 << 6;
    private const uint Top = 1 << 7;

    /// <summary>Executes an operation as <see cref="VfpForms"/> fills it in.</summary>
    internal static void Execute(CpuState* s, Op* op)
    {
        A32 handler = (A32)op->Rs;
        bool isDouble = (op->Raw & VfpForms.Double) != 0;
        if (handler >= A32.VfpMoveImmediate)
        {
            Other(s, op, handler, isDouble);
        }
        else if (isDouble)
        {
            s->D[op->Rd] = ThreeOperands<Binary64>(s, op, handler);
        }
        else
        {
            ((uint*)s->D)[op->Rd] = (uint)ThreeOperands<Binary32>(s, op, handler);
        }
    }

    private static ulong ThreeOperands<T>(CpuState* s, Op* op, A32 handler)
        where T : struct, IBinaryFormat
    {
        ref uint fpscr = ref s->Fpscr;
        bool second = (op->Raw & Op) != 0;
        ulong n = Read<T>(s, op->Rn);
        ulong m = Read<T>(s, op->Rm);
        switch (handler)
        {
            case A32.VfpMultiplyAccumulate or A32.VfpNegatedMultiplyAccumulate:
                ulong product = Arithmetic.Multiply<T>(n, m, ref fpscr);
                ulong addend = Read<T>(s, op->Rd);
                addend = handler == A32.VfpMultiplyAccumulate ? addend : Arithmetic.Negate<T>(addend);
                return Arithmetic.Add<T>(addend, second ? Arithmetic.Negate<T>(product) : product, ref fpscr);
            case A32.VfpFusedMultiplyAccumulate or A32.VfpFusedNegatedMultiplyAccumulate:
                ulong fused = Read<T>(s, op->Rd);
                fused = handler == A32.VfpFusedMultiplyAccumulate ? fused : Arithmetic.Negate<T>(fused);
                return Arithmetic.MultiplyAdd<T>(fused, second ? Arithmetic.Negate<T>(n) : n, m, ref fpscr);
            case A32.VfpMultiply:
                return Arithmetic.Multiply<T>(n, m, ref fpscr);
            case A32.VfpNegatedMultiply:
                return Arithmetic.Negate<T>(Arithmetic.Multiply<T>(n, m, ref fpscr));
            case A32.VfpAdd:
                return Arithmetic.Add<T>(n, m, ref fpscr);
            case A32.VfpSubtract:
                return Arithmetic.Subtract<T>(n, m, ref fpscr);
            default:
                return Arithmetic.Divide<T>(n, m, ref fpscr);
        }
    }

    private static void Other(CpuState* s, Op* op, A32 handler, bool isDouble)
    {
        uint* singles = (uint*)s->D;
        switch (handler)
        {
            case A32.VfpConvertPrecision when isDouble:
                singles[op->Rd] = (uint)Conversions.Convert<Binary64, Binary32>(s->D[op->Rm], ref s->Fpscr);
                break;
            case A32.VfpConvertPrecision:
                s->D[op->Rd] = Conversions.Convert<Binary32, Binary64>(singles[op->Rm], ref s->Fpscr);
                break;
            case A32.VfpConvertHalf:
                ConvertHalf(s, op);
                break;
            case A32.VfpConvertToInteger:
                bool unsigned = (op->Raw & (1 << 16)) == 0;
                bool towardsZero = (op->Raw & Top) != 0;
                singles[op->Rd] = (uint)(isDouble
                    ? Conversions.ToFixed<Binary64>(s->D[op->Rm], 0, 32, unsigned, towardsZero, ref s->Fpscr)
                    : Conversions.ToFixed<Binary32>(singles[op->Rm], 0, 32, unsigned, towardsZero, ref s->Fpscr));
                break;
            case A32.VfpMoveImmediate when isDouble:
                s->D[op->Rd] = (ulong)op->Imm << 32;
                break;
            case A32.VfpMoveImmediate:
                singles[op->Rd] = op->Imm;
                break;
            case A32.VfpCompare or A32.VfpCompareWithZero when isDouble:
                Compare<Binary64>(s, op);
                break;
            case A32.VfpCompare or A32.VfpCompareWithZero:
                Compare<Binary32>(s, op);
                break;
            default:
                if (isDouble)
                {
                    s->D[op->Rd] = OneOperand<Binary64>(s, op, handler);
                }
                else
                {
                    singles[op->Rd] = (uint)OneOperand<Binary32>(s, op, handler);
                }

                break;
        }
    }

    private static ulong OneOperand<T>(CpuState* s, Op* op, A32 handler)
        where T : struct, IBinaryFormat => handler switch
        {
            A32.VfpMove => Read<T>(s, op->Rm),
            A32.VfpAbsolute => Arithmetic.Absolute<T>(Read<T>(s, op->Rm)),
            A32.VfpNegate => Arithmetic.Negate<T>(Read<T>(s, op->Rm)),
            A32.VfpSquareRoot => Arithmetic.SquareRoot<T>(Read<T>(s, op->Rm), ref s->Fpscr),
            A32.VfpConvertFromInteger => FromInteger<T>(s, op),
            _ => Fixed<T>(s, op),
        };

    private static ulong FromInteger<T>(CpuState* s, Op* op)
        where T : struct, IBinaryFormat
    {
        uint value = ((uint*)s->D)[op->Rm];
        bool unsigned = (op->Raw & Top) == 0;
        return Conversions.FromFixed<T>(unsigned ? value : (ulong)(int)value, 0, unsigned, ref s->Fpscr);
    }

    /// <summary>VCVT between floating point and fixed point, in place: to fixed point towards zero, from it to nearest (A8.8.308).</summary>
    private static ulong Fixed<T>(CpuState* s, Op* op)
        where T : struct, IBinaryFormat
    {
        bool toFixed = (op->Raw & (1 << 18)) != 0;
        bool unsigned = (op->Raw & (1 << 16)) != 0;
        int size = (op->Raw & Top) != 0 ? 32 : 16;
        ulong value = Read<T>(s, op->Rd);
        if (toFixed)
        {
            return Conversions.ToFixed<T>(value, (int)op->Imm, size, unsigned, true, ref s->Fpscr);
        }

        value = unsigned ? value << (64 - size) >> (64 - size) : (ulong)((long)(value << (64 - size)) >> (64 - size));
        uint fpscr = s->Fpscr & ~Fpscr.TowardsZero;
        ulong result = Conversions.FromFixed<T>(value, (int)op->Imm, unsigned, ref fpscr);
        s->Fpscr |= fpscr;
        return result;
    }

    private static void ConvertHalf(CpuState* s, Op* op)
    {
        uint* singles = (uint*)s->D;
        int shift = (op->Raw & Top) != 0 ? 16 : 0;
        uint source = singles[op->Rm];
        if ((op->Raw & (1 << 16)) == 0)
        {
            singles[op->Rd] = (uint)Conversions.Convert<Binary16, Binary32>((ushort)(source >> shift), ref s->Fpscr);
            return;
        }

        uint half = (uint)Conversions.Convert<Binary32, Binary16>(source, ref s->Fpscr);
        singles[op->Rd] = (singles[op->Rd] & ~(0xFFFFu << shift)) | (half << shift);
    }

    private static void Compare<T>(CpuState* s, Op* op)
        where T : struct, IBinaryFormat
    {
        ulong other = (A32)op->Rs == A32.VfpCompare ? Read<T>(s, op->Rm) : 0;
        uint flags = Arithmetic.Compare<T>(Read<T>(s, op->Rd), other, (op->Raw & Top) != 0, ref s->Fpscr);
        s->Fpscr = (s->Fpscr & ~Fpscr.Conditions) | flags;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read<T>(CpuState* s, int register)
        where T : struct, IBinaryFormat => T.FractionBits == Binary64.FractionBits ? s->D[register] : ((uint*)s->D)[register];
}
