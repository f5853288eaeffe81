namespace ActorTrace.Machine.Cpu.Vfp;

/// <summary>The arithmetic of ARM DDI 0406 A2.7.7 in integers. Operands and results are the bits of a format; exceptions go into FPSCR.</summary>
internal static class Arithmetic
{
    /// <summary>Bits of a square root: more than a double has, so that the rest tells only whether it is exact.</summary>
    private const int RootBits = 56;

    internal static ulong Negate<T>(ulong a)
        where T : struct, IBinaryFormat => a ^ BinaryFormat<T>.Sign;

    internal static ulong Absolute<T>(ulong a)
        where T : struct, IBinaryFormat => a & ~BinaryFormat<T>.Sign;

    internal static ulong Add<T>(ulong a, ulong b, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        if (HostArithmetic.TryAdd<T>(a, b, fpscr, out ulong quick))
        {
            return quick;
        }

        Unpacked x = Unpacked.Of<T>(a, ref fpscr);
        Unpacked y = Unpacked.Of<T>(b, ref fpscr);
        if (x.IsNaN || y.IsNaN)
        {
            return NaNs.Choose<T>(a, x, b, y, ref fpscr);
        }

        if (x.IsInfinity || y.IsInfinity)
        {
            return x.IsInfinity && y.IsInfinity && x.Negative != y.Negative
                ? NaNs.Invalid<T>(ref fpscr)
                : Infinity<T>(x.IsInfinity ? x.Negative : y.Negative);
        }

        return x.IsZero && y.IsZero && x.Negative == y.Negative
            ? Zero<T>(x.Negative)
            : Sum<T>(x.Negative, x.Exponent, Widen(x), y.Negative, y.Exponent, Widen(y), ref fpscr);
    }

    internal static ulong Subtract<T>(ulong a, ulong b, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        // A NaN keeps its sign: only a number is negated.
        bool isNaN = Absolute<T>(b) > BinaryFormat<T>.Infinity;
        return Add<T>(a, isNaN ? b : Negate<T>(b), ref fpscr);
    }

    internal static ulong Multiply<T>(ulong a, ulong b, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        if (HostArithmetic.TryMultiply<T>(a, b, fpscr, out ulong quick))
        {
            return quick;
        }

        Unpacked x = Unpacked.Of<T>(a, ref fpscr);
        Unpacked y = Unpacked.Of<T>(b, ref fpscr);
        if (x.IsNaN || y.IsNaN)
        {
            return NaNs.Choose<T>(a, x, b, y, ref fpscr);
        }

        bool negative = x.Negative != y.Negative;
        if (x.IsInfinity || y.IsInfinity)
        {
            return x.IsZero || y.IsZero ? NaNs.Invalid<T>(ref fpscr) : Infinity<T>(negative);
        }

        return x.IsZero || y.IsZero
            ? Zero<T>(negative)
            : Rounding.Pack<T>(negative, x.Exponent + y.Exponent + 1, Product(x, y), ref fpscr);
    }

    internal static ulong Divide<T>(ulong a, ulong b, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        if (HostArithmetic.TryDivide<T>(a, b, fpscr, out ulong quick))
        {
            return quick;
        }

        Unpacked x = Unpacked.Of<T>(a, ref fpscr);
        Unpacked y = Unpacked.Of<T>(b, ref fpscr);
        if (x.IsNaN || y.IsNaN)
        {
            return NaNs.Choose<T>(a, x, b, y, ref fpscr);
        }

        bool negative = x.Negative != y.Negative;
        if ((x.IsInfinity && y.IsInfinity) || (x.IsZero && y.IsZero))
        {
            return NaNs.Invalid<T>(ref fpscr);
        }

        if (x.IsInfinity || y.IsZero)
        {
            fpscr |= x.IsInfinity ? 0 : Fpscr.DivideByZero;
            return Infinity<T>(negative);
        }

        if (x.IsZero || y.IsInfinity)
        {
            return Zero<T>(negative);
        }

        // Half the dividend over the divisor is less than one: the quotient has 63 or 64 bits.
        (UInt128 quotient, UInt128 rest) = UInt128.DivRem((UInt128)x.Significand << 63, y.Significand);
        return Rounding.Pack<T>(
            negative, x.Exponent - y.Exponent, (quotient << 64) | (rest != UInt128.Zero ? 1UL : 0), ref fpscr);
    }

    internal static ulong SquareRoot<T>(ulong a, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        if (HostArithmetic.TrySquareRoot<T>(a, fpscr, out ulong quick))
        {
            return quick;
        }

        Unpacked x = Unpacked.Of<T>(a, ref fpscr);
        if (x.IsNaN)
        {
            return NaNs.Process<T>(a, x, ref fpscr);
        }

        if (x.IsZero)
        {
            return Zero<T>(x.Negative);
        }

        if (x.Negative)
        {
            return NaNs.Invalid<T>(ref fpscr);
        }

        if (x.IsInfinity)
        {
            return Infinity<T>(false);
        }

        // Of an even exponent, the radicand lies between 1 and 4 and the root between 1 and 2.
        UInt128 radicand = (UInt128)x.Significand << (((RootBits - 1) * 2) - 63 + (x.Exponent & 1));
        ulong root = 0;
        for (ulong bit = 1UL << (RootBits - 1); bit != 0; bit >>= 1)
        {
            ulong trial = root | bit;
            root = (UInt128)trial * trial <= radicand ? trial : root;
        }

        ulong inexact = (UInt128)root * root != radicand ? 1UL : 0;
        return Rounding.Pack<T>(false, x.Exponent >> 1, (root << (64 - RootBits)) | inexact, ref fpscr);
    }

    /// <summary>addend + a * b with one rounding (FPMulAdd).</summary>
    internal static ulong MultiplyAdd<T>(ulong addend, ulong a, ulong b, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        if (HostArithmetic.TryMultiplyAdd<T>(addend, a, b, fpscr, out ulong quick))
        {
            return quick;
        }

        Unpacked z = Unpacked.Of<T>(addend, ref fpscr);
        Unpacked x = Unpacked.Of<T>(a, ref fpscr);
        Unpacked y = Unpacked.Of<T>(b, ref fpscr);
        bool invalid = (x.IsInfinity && y.IsZero) || (x.IsZero && y.IsInfinity);
        if (x.IsNaN || y.IsNaN || z.IsNaN)
        {
            return invalid && z.Kind == FloatKind.QuietNaN
                ? NaNs.Invalid<T>(ref fpscr)
                : NaNs.Choose<T>(addend, z, a, x, b, y, ref fpscr);
        }

        bool negative = x.Negative != y.Negative;
        bool infinite = x.IsInfinity || y.IsInfinity;
        if (invalid || (infinite && z.IsInfinity && negative != z.Negative))
        {
            return NaNs.Invalid<T>(ref fpscr);
        }

        if (infinite || z.IsInfinity)
        {
            return Infinity<T>(infinite ? negative : z.Negative);
        }

        bool vanishes = x.IsZero || y.IsZero;
        return vanishes && z.IsZero && negative == z.Negative
            ? Zero<T>(negative)
            : Sum<T>(z.Negative, z.Exponent, Widen(z), negative, x.Exponent + y.Exponent + 1, Product(x, y) >> 1, ref fpscr);
    }

    /// <summary>FPCompare: the flags N, Z, C, V at their places in FPSCR.</summary>
    internal static uint Compare<T>(ulong a, ulong b, bool quietNaNIsInvalid, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        Unpacked x = Unpacked.Of<T>(a, ref fpscr);
        Unpacked y = Unpacked.Of<T>(b, ref fpscr);
        if (x.IsNaN || y.IsNaN)
        {
            bool signals = x.Kind == FloatKind.SignallingNaN || y.Kind == FloatKind.SignallingNaN;
            fpscr |= signals || quietNaNIsInvalid ? Fpscr.InvalidOperation : 0;
            return 0x3000_0000;
        }

        long left = Ordered<T>(a, x);
        long right = Ordered<T>(b, y);
        return left == right ? 0x6000_0000u : left < right ? 0x8000_0000 : 0x2000_0000;
    }

    /// <summary>The sum of two values of 128 bits, each with the exponent of bit 126 and, beside a zero, its last bit clear.</summary>
    private static ulong Sum<T>(
        bool negative, int exponent, UInt128 value, bool otherNegative, int otherExponent, UInt128 other, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        if (exponent < otherExponent)
        {
            (negative, otherNegative) = (otherNegative, negative);
            (exponent, otherExponent) = (otherExponent, exponent);
            (value, other) = (other, value);
        }

        // What is shifted out still sets the last bit. There is room for 20 bits and more before that happens,
        // so that a difference of nearly equal values, shifted by one bit at the most, is exact.
        int distance = exponent - otherExponent;
        UInt128 shifted = distance < 128 ? other >> distance : UInt128.Zero;
        shifted |= distance < 128 && shifted << distance == other ? UInt128.Zero : other != UInt128.Zero ? UInt128.One : UInt128.Zero;
        UInt128 sum;
        if (negative == otherNegative)
        {
            sum = value + shifted;
        }
        else if (value >= shifted)
        {
            sum = value - shifted;
        }
        else
        {
            (sum, negative) = (shifted - value, otherNegative);
        }

        bool towardsMinus = ((fpscr >> Fpscr.RoundingShift) & 3) == 2;
        return sum == UInt128.Zero ? Zero<T>(towardsMinus) : Rounding.Pack<T>(negative, exponent + 1, sum, ref fpscr);
    }

    private static UInt128 Widen(Unpacked x) => (UInt128)x.Significand << 63;

    private static UInt128 Product(Unpacked x, Unpacked y) => (UInt128)x.Significand * y.Significand;

    private static long Ordered<T>(ulong bits, Unpacked x)
        where T : struct, IBinaryFormat => x.IsZero ? 0 : x.Negative ? -(long)Absolute<T>(bits) : (long)bits;

    private static ulong Zero<T>(bool negative)
        where T : struct, IBinaryFormat => negative ? BinaryFormat<T>.Sign : 0;

    private static ulong Infinity<T>(bool negative)
        where T : struct, IBinaryFormat => BinaryFormat<T>.Infinity | Zero<T>(negative);
}
