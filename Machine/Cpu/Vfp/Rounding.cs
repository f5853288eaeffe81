using System.Runtime.CompilerServices;

namespace ActorTrace.Machine.Cpu.Vfp;

/// <summary>Rounding of an exact value, given as an integer whose last bit is also set where anything nonzero lies below it.</summary>
internal static class Rounding
{
    private const ulong Half = 1UL << 63;

    /// <summary>FPRound (ARM DDI 0406 A2.7.6): tininess is found before rounding; a flushed result sets UFC alone.</summary>
    /// <param name="negative">The sign.</param>
    /// <param name="exponent">Of the significand's bit 63.</param>
    /// <param name="significand">Bit 63 is set.</param>
    /// <param name="fpscr">Gives the mode, takes the exceptions.</param>
    internal static ulong Pack<T>(bool negative, int exponent, ulong significand, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        ulong sign = negative ? BinaryFormat<T>.Sign : 0;
        bool tiny = exponent < BinaryFormat<T>.MinimumExponent;
        if (tiny && !BinaryFormat<T>.IsHalf && (fpscr & Fpscr.FlushToZero) != 0)
        {
            fpscr |= Fpscr.Underflow;
            return sign;
        }

        int below = 63 - T.FractionBits + (tiny ? BinaryFormat<T>.MinimumExponent - exponent : 0);
        ulong kept = Split(significand, below, out ulong rest);
        if (tiny && rest != 0)
        {
            fpscr |= Fpscr.Underflow;
        }

        uint mode = (fpscr >> Fpscr.RoundingShift) & 3;
        kept += RoundsUp(mode, negative, kept, rest) ? 1UL : 0;

        // The significand's leading bit, where it has one, counts the exponent field up by one; so does a carry out of the fraction.
        ulong magnitude = kept + (tiny ? 0 : (ulong)(exponent - BinaryFormat<T>.MinimumExponent) << T.FractionBits);
        if (BinaryFormat<T>.IsHalf && (fpscr & Fpscr.AlternativeHalf) != 0)
        {
            if (magnitude >= BinaryFormat<T>.Sign)
            {
                fpscr |= Fpscr.InvalidOperation;
                return sign | (BinaryFormat<T>.Sign - 1);
            }
        }
        else if (magnitude >= BinaryFormat<T>.Infinity)
        {
            fpscr |= Fpscr.Overflow | Fpscr.Inexact;
            bool toInfinity = mode == 0 || mode == (negative ? 2u : 1u);
            return sign | (BinaryFormat<T>.Infinity - (toInfinity ? 0UL : 1));
        }

        if (rest != 0)
        {
            fpscr |= Fpscr.Inexact;
        }

        return sign | magnitude;
    }

    /// <summary>As the other, of a value of 128 bits, not zero, with the exponent of bit 127.</summary>
    internal static ulong Pack<T>(bool negative, int exponent, UInt128 significand, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        int zeros = (int)UInt128.LeadingZeroCount(significand);
        significand <<= zeros;
        ulong top = (ulong)(significand >> 64) | ((ulong)significand != 0 ? 1UL : 0);
        return Pack<T>(negative, exponent - zeros, top, ref fpscr);
    }

    /// <summary>The integer above a binary point, and what lies below it: bit 63 is one half.</summary>
    /// <param name="value">Bit 63 is set.</param>
    /// <param name="below">Bits below the point, at least 1.</param>
    /// <param name="rest">The part below.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static ulong Split(ulong value, int below, out ulong rest)
    {
        if (below >= 64)
        {
            rest = below == 64 ? value : 1;
            return 0;
        }

        rest = value << (64 - below);
        return value >> below;
    }

    /// <summary>Whether a magnitude is rounded to the next greater one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool RoundsUp(uint mode, bool negative, ulong kept, ulong rest) => mode switch
    {
        0 => rest > Half || (rest == Half && (kept & 1) != 0),
        1 => rest != 0 && !negative,
        2 => rest != 0 && negative,
        _ => false,
    };
}
