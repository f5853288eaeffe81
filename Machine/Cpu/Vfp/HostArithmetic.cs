using System.Runtime.CompilerServices;

namespace ActorTrace.Machine.Cpu.Vfp;

/// <summary>
/// A short cut: the host's arithmetic, which is IEEE 754's to nearest, where it can differ in nothing: rounding to nearest, operands normal,
/// the result above the smallest normal numbers and finite, and IXC set already, so that it need not be known whether the result is exact.
/// </summary>
internal static class HostArithmetic
{
    private const uint Looked = Fpscr.TowardsZero | Fpscr.Inexact;

    internal static bool TryAdd<T>(ulong a, ulong b, uint fpscr, out ulong result)
        where T : struct, IBinaryFormat
    {
        result = IsDouble<T>() ? Bits(Double(a) + Double(b)) : Bits(Single(a) + Single(b));
        return Counts<T>(fpscr, a, b, result);
    }

    internal static bool TryMultiply<T>(ulong a, ulong b, uint fpscr, out ulong result)
        where T : struct, IBinaryFormat
    {
        result = IsDouble<T>() ? Bits(Double(a) * Double(b)) : Bits(Single(a) * Single(b));
        return Counts<T>(fpscr, a, b, result);
    }

    internal static bool TryDivide<T>(ulong a, ulong b, uint fpscr, out ulong result)
        where T : struct, IBinaryFormat
    {
        result = IsDouble<T>() ? Bits(Double(a) / Double(b)) : Bits(Single(a) / Single(b));
        return Counts<T>(fpscr, a, b, result);
    }

    internal static bool TrySquareRoot<T>(ulong a, uint fpscr, out ulong result)
        where T : struct, IBinaryFormat
    {
        result = IsDouble<T>() ? Bits(Math.Sqrt(Double(a))) : Bits(MathF.Sqrt(Single(a)));
        return Counts<T>(fpscr, a, a, result);
    }

    internal static bool TryMultiplyAdd<T>(ulong addend, ulong a, ulong b, uint fpscr, out ulong result)
        where T : struct, IBinaryFormat
    {
        result = IsDouble<T>()
            ? Bits(Math.FusedMultiplyAdd(Double(a), Double(b), Double(addend)))
            : Bits(MathF.FusedMultiplyAdd(Single(a), Single(b), Single(addend)));
        return Counts<T>(fpscr, a, b, result) && IsNormal<T>(addend);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Counts<T>(uint fpscr, ulong a, ulong b, ulong result)
        where T : struct, IBinaryFormat
    {
        // Just above the smallest normal number, a result may have been tiny before it was rounded.
        bool ordinary = Field<T>(result) - 2 < (uint)BinaryFormat<T>.LargestField - 2;
        return (fpscr & Looked) == Fpscr.Inexact && IsNormal<T>(a) && IsNormal<T>(b) && ordinary;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNormal<T>(ulong a)
        where T : struct, IBinaryFormat => Field<T>(a) - 1 < (uint)BinaryFormat<T>.LargestField - 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Field<T>(ulong a)
        where T : struct, IBinaryFormat => (uint)(a >> T.FractionBits) & (uint)BinaryFormat<T>.LargestField;

    private static bool IsDouble<T>()
        where T : struct, IBinaryFormat => T.FractionBits == Binary64.FractionBits;

    private static double Double(ulong bits) => BitConverter.UInt64BitsToDouble(bits);

    private static float Single(ulong bits) => BitConverter.UInt32BitsToSingle((uint)bits);

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);

    private static ulong Bits(float value) => BitConverter.SingleToUInt32Bits(value);
}
