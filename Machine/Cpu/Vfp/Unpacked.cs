using System.Numerics;

namespace ActorTrace.Machine.Cpu.Vfp;

/// <summary>What a number is (FPType of ARM DDI 0406 A2.7.6).</summary>
internal enum FloatKind : byte
{
    Zero,
    Nonzero,
    Infinity,
    QuietNaN,
    SignallingNaN,
}

/// <summary>A number taken apart: significand * 2^(exponent - 63).</summary>
/// <param name="Kind">What it is; only nonzero ones have an exponent and a significand.</param>
/// <param name="Negative">The sign.</param>
/// <param name="Exponent">Of the significand's bit 63; far below all others for zero, which then adds nothing to a sum.</param>
/// <param name="Significand">Bit 63 is set, except for zero.</param>
internal readonly record struct Unpacked(FloatKind Kind, bool Negative, int Exponent, ulong Significand)
{
    private const int ExponentOfZero = -1 << 20;

    internal bool IsNaN => Kind >= FloatKind.QuietNaN;

    internal bool IsZero => Kind == FloatKind.Zero;

    internal bool IsInfinity => Kind == FloatKind.Infinity;

    /// <summary>FPUnpack (A2.7.6): with FZ a denormal operand becomes zero and sets IDC.</summary>
    internal static Unpacked Of<T>(ulong bits, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        bool negative = (bits & BinaryFormat<T>.Sign) != 0;
        int field = (int)(bits >> T.FractionBits) & BinaryFormat<T>.LargestField;
        ulong fraction = bits & BinaryFormat<T>.FractionMask;
        if (field == 0)
        {
            return fraction == 0 ? Zero(negative) : Denormal<T>(negative, fraction, ref fpscr);
        }

        if (field == BinaryFormat<T>.LargestField && !(BinaryFormat<T>.IsHalf && (fpscr & Fpscr.AlternativeHalf) != 0))
        {
            FloatKind kind = fraction == 0 ? FloatKind.Infinity
                : (fraction & BinaryFormat<T>.Quiet) != 0 ? FloatKind.QuietNaN : FloatKind.SignallingNaN;
            return new Unpacked(kind, negative, 0, 0);
        }

        ulong significand = (fraction | (1UL << T.FractionBits)) << (63 - T.FractionBits);
        return new Unpacked(FloatKind.Nonzero, negative, field - BinaryFormat<T>.Bias, significand);
    }

    private static Unpacked Zero(bool negative) => new(FloatKind.Zero, negative, ExponentOfZero, 0);

    private static Unpacked Denormal<T>(bool negative, ulong fraction, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        if (!BinaryFormat<T>.IsHalf && (fpscr & Fpscr.FlushToZero) != 0)
        {
            fpscr |= Fpscr.InputDenormal;
            return Zero(negative);
        }

        int zeros = BitOperations.LeadingZeroCount(fraction);
        int exponent = BinaryFormat<T>.MinimumExponent + 63 - T.FractionBits - zeros;
        return new Unpacked(FloatKind.Nonzero, negative, exponent, fraction << zeros);
    }
}
