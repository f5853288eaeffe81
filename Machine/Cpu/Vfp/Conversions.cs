using System.Numerics;

namespace ActorTrace.Machine.Cpu.Vfp;

/// <summary>Conversions between formats, and to and from fixed point and integers (ARM DDI 0406 A2.7.8).</summary>
internal static class Conversions
{
    /// <summary>FPSingleToDouble, FPDoubleToSingle, FPHalfToSingle and FPSingleToHalf.</summary>
    internal static ulong Convert<TFrom, TTo>(ulong bits, ref uint fpscr)
        where TFrom : struct, IBinaryFormat
        where TTo : struct, IBinaryFormat
    {
        Unpacked x = Unpacked.Of<TFrom>(bits, ref fpscr);
        ulong sign = x.Negative ? BinaryFormat<TTo>.Sign : 0;
        bool alternative = BinaryFormat<TTo>.IsHalf && (fpscr & Fpscr.AlternativeHalf) != 0;
        switch (x.Kind)
        {
            case FloatKind.Zero:
                return sign;
            case FloatKind.Nonzero:
                return Rounding.Pack<TTo>(x.Negative, x.Exponent, x.Significand, ref fpscr);
            case FloatKind.Infinity:
                fpscr |= alternative ? Fpscr.InvalidOperation : 0;
                return sign | (alternative ? BinaryFormat<TTo>.Sign - 1 : BinaryFormat<TTo>.Infinity);
            default:
                fpscr |= alternative || x.Kind == FloatKind.SignallingNaN ? Fpscr.InvalidOperation : 0;
                if (alternative)
                {
                    return sign;
                }

                // The upper bits of the fraction stay the upper ones.
                ulong fraction = (bits & BinaryFormat<TFrom>.FractionMask) << (63 - TFrom.FractionBits) >> (63 - TTo.FractionBits);
                return (fpscr & Fpscr.DefaultNaN) != 0
                    ? BinaryFormat<TTo>.DefaultNaN
                    : sign | BinaryFormat<TTo>.DefaultNaN | fraction;
        }
    }

    /// <summary>FPToFixed: a number times 2^fractionBits as an integer, saturated.</summary>
    /// <param name="bits">The number.</param>
    /// <param name="fractionBits">0 to 32.</param>
    /// <param name="size">Bits of the integer, 16 or 32.</param>
    /// <param name="unsigned">The integer has no sign.</param>
    /// <param name="towardsZero">Whatever the mode in FPSCR is.</param>
    /// <param name="fpscr">Gives the mode, takes the exceptions.</param>
    /// <returns>The integer, extended to 64 bits.</returns>
    internal static ulong ToFixed<T>(ulong bits, int fractionBits, int size, bool unsigned, bool towardsZero, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        Unpacked x = Unpacked.Of<T>(bits, ref fpscr);
        if (x.IsNaN)
        {
            fpscr |= Fpscr.InvalidOperation;
            return 0;
        }

        ulong limit = unsigned ? (x.Negative ? 0 : (1UL << size) - 1) : (1UL << (size - 1)) - (x.Negative ? 0UL : 1);
        ulong magnitude = 0;
        ulong rest = 0;
        int below = 63 - x.Exponent - fractionBits;
        bool tooLarge = x.IsInfinity || (x.Kind == FloatKind.Nonzero && below <= 0);
        if (!tooLarge && !x.IsZero)
        {
            uint mode = towardsZero ? 3 : (fpscr >> Fpscr.RoundingShift) & 3;
            magnitude = Rounding.Split(x.Significand, below, out rest);
            magnitude += Rounding.RoundsUp(mode, x.Negative, magnitude, rest) ? 1UL : 0;
            tooLarge = magnitude > limit;
        }

        if (tooLarge)
        {
            fpscr |= Fpscr.InvalidOperation;
            magnitude = limit;
        }
        else if (rest != 0)
        {
            fpscr |= Fpscr.Inexact;
        }

        return x.Negative ? 0 - magnitude : magnitude;
    }

    /// <summary>FixedToFP: an integer over 2^fractionBits as a number.</summary>
    /// <param name="value">The integer, extended to 64 bits.</param>
    /// <param name="fractionBits">0 to 32.</param>
    /// <param name="unsigned">It has no sign.</param>
    /// <param name="fpscr">Gives the mode, takes the exceptions.</param>
    internal static ulong FromFixed<T>(ulong value, int fractionBits, bool unsigned, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        if (value == 0)
        {
            return 0;
        }

        bool negative = !unsigned && (long)value < 0;
        ulong magnitude = negative ? 0 - value : value;
        int zeros = BitOperations.LeadingZeroCount(magnitude);
        return Rounding.Pack<T>(negative, 63 - zeros - fractionBits, magnitude << zeros, ref fpscr);
    }
}
