namespace ActorTrace.Machine.Cpu.Vfp;

/// <summary>A binary interchange format of IEEE 754: sign, exponent field, fraction.</summary>
internal interface IBinaryFormat
{
    /// <summary>Bits of the fraction.</summary>
    static abstract int FractionBits { get; }

    /// <summary>Bits of the exponent field.</summary>
    static abstract int ExponentBits { get; }
}

/// <summary>Half precision.</summary>
internal readonly struct Binary16 : IBinaryFormat
{
    public static int FractionBits => 10;

    public static int ExponentBits => 5;
}

/// <summary>Single precision.</summary>
internal readonly struct Binary32 : IBinaryFormat
{
    public static int FractionBits => 23;

    public static int ExponentBits => 8;
}

/// <summary>Double precision.</summary>
internal readonly struct Binary64 : IBinaryFormat
{
    public static int FractionBits => 52;

    public static int ExponentBits => 11;
}

/// <summary>What follows from the widths of a format. A number stands in the low bits of a ulong.</summary>
/// <typeparam name="T">The format.</typeparam>
internal static class BinaryFormat<T>
    where T : struct, IBinaryFormat
{
    /// <summary>FZ does not flush half precision (ARM DDI 0406 A2.7.5), AHP changes it alone.</summary>
    internal static bool IsHalf => T.ExponentBits == 5;

    internal static int Bias => (1 << (T.ExponentBits - 1)) - 1;

    /// <summary>Exponent of the smallest normal number.</summary>
    internal static int MinimumExponent => 1 - Bias;

    internal static int LargestField => (1 << T.ExponentBits) - 1;

    internal static ulong FractionMask => (1UL << T.FractionBits) - 1;

    internal static ulong Sign => 1UL << (T.FractionBits + T.ExponentBits);

    internal static ulong Infinity => (ulong)LargestField << T.FractionBits;

    /// <summary>The fraction's top bit, which tells a quiet NaN from a signalling one.</summary>
    internal static ulong Quiet => 1UL << (T.FractionBits - 1);

    internal static ulong DefaultNaN => Infinity | Quiet;
}
