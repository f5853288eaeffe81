namespace ActorTrace.Machine.Cpu.Vfp;

/// <summary>Bits of FPSCR (ARM DDI 0406 B4.1.58), FPEXC (B4.1.57) and the values of the identification registers.</summary>
internal static class Fpscr
{
    /// <summary>N, Z, C and V of the last comparison.</summary>
    internal const uint Conditions = 0xF000_0000;

    /// <summary>AHP: half precision is the alternative format, without infinities and NaNs.</summary>
    internal const uint AlternativeHalf = 1 << 26;

    /// <summary>DN: every NaN result is the default NaN.</summary>
    internal const uint DefaultNaN = 1 << 25;

    /// <summary>FZ: denormal operands and results are zeros.</summary>
    internal const uint FlushToZero = 1 << 24;

    /// <summary>RMode: 0 to nearest, 1 towards plus infinity, 2 towards minus infinity, 3 towards zero.</summary>
    internal const int RoundingShift = 22;

    /// <summary>RMode = 11.</summary>
    internal const uint TowardsZero = 3u << RoundingShift;

    /// <summary>Stride and Len: a short vector, where they are not zero.</summary>
    internal const uint ShortVector = 0x0037_0000;

    /// <summary>IDC: a denormal operand was flushed.</summary>
    internal const uint InputDenormal = 1 << 7;

    /// <summary>IXC.</summary>
    internal const uint Inexact = 1 << 4;

    /// <summary>UFC.</summary>
    internal const uint Underflow = 1 << 3;

    /// <summary>OFC.</summary>
    internal const uint Overflow = 1 << 2;

    /// <summary>DZC.</summary>
    internal const uint DivideByZero = 1 << 1;

    /// <summary>IOC.</summary>
    internal const uint InvalidOperation = 1 << 0;

    /// <summary>What a write changes: QC belongs to Advanced SIMD, the trap enables are RAZ/WI without trapped exceptions.</summary>
    internal const uint Writable = 0xF7F7_009F;

    /// <summary>FPEXC.EN, the one bit of FPEXC that a Cortex-A15 has.</summary>
    internal const uint Enable = 1 << 30;

    /// <summary>FPSID (B4.1.59) of a Cortex-A15: ARM, hardware, subarchitecture 4, which is VFPv3 or later with Common VFP v3.</summary>
    internal const uint Fpsid = 0x4104_30F0;

    /// <summary>MVFR0: all rounding modes, square root, division, double and single precision, 32 registers; no short vectors, no traps.</summary>
    internal const uint Mvfr0 = 0x1011_0222;

    /// <summary>MVFR1: fused multiply accumulate, half-precision conversion, NaN propagation, denormals; nothing of Advanced SIMD.</summary>
    internal const uint Mvfr1 = 0x1100_0011;
}
