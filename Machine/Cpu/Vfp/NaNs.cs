namespace ActorTrace.Machine.Cpu.Vfp;

/// <summary>Which NaN an operation gives (FPProcessNaN, FPProcessNaNs and FPProcessNaNs3 of ARM DDI 0406 A2.7.6).</summary>
internal static class NaNs
{
    /// <summary>The default NaN of an invalid operation.</summary>
    internal static ulong Invalid<T>(ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        fpscr |= Fpscr.InvalidOperation;
        return BinaryFormat<T>.DefaultNaN;
    }

    /// <summary>A NaN operand as result: made quiet, or the default NaN with DN.</summary>
    internal static ulong Process<T>(ulong bits, Unpacked x, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        fpscr |= x.Kind == FloatKind.SignallingNaN ? Fpscr.InvalidOperation : 0;
        return (fpscr & Fpscr.DefaultNaN) != 0 ? BinaryFormat<T>.DefaultNaN : bits | BinaryFormat<T>.Quiet;
    }

    /// <summary>Of two operands the first signalling one, else the first quiet one; at least one is a NaN.</summary>
    internal static ulong Choose<T>(ulong a, Unpacked x, ulong b, Unpacked y, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        bool second = !x.IsNaN || (y.Kind == FloatKind.SignallingNaN && x.Kind != FloatKind.SignallingNaN);
        return second ? Process<T>(b, y, ref fpscr) : Process<T>(a, x, ref fpscr);
    }

    /// <summary>As for two operands, of three.</summary>
    internal static ulong Choose<T>(ulong a, Unpacked x, ulong b, Unpacked y, ulong c, Unpacked z, ref uint fpscr)
        where T : struct, IBinaryFormat
    {
        FloatKind wanted = x.Kind == FloatKind.SignallingNaN || y.Kind == FloatKind.SignallingNaN || z.Kind == FloatKind.SignallingNaN
            ? FloatKind.SignallingNaN
            : FloatKind.QuietNaN;
        return x.Kind == wanted ? Process<T>(a, x, ref fpscr)
            : y.Kind == wanted ? Process<T>(b, y, ref fpscr)
            : Process<T>(c, z, ref fpscr);
    }
}
