namespace ActorTrace.Machine.Cpu;

/// <summary>The fields of the program status registers (ARM DDI 0406 B1.3.3).</summary>
internal static class Psr
{
    internal const uint N = 1u << 31;
    internal const uint Z = 1u << 30;
    internal const uint Saturated = 1u << 27;
    internal const uint FlagsMask = 0xF000_0000;
    internal const uint GeMask = 0x000F_0000;
    internal const uint BigEndian = 1u << 9;
    internal const uint MaskAborts = 1u << 8;
    internal const uint MaskIrq = 1u << 7;
    internal const uint MaskFiq = 1u << 6;
    internal const int ThumbBit = 5;
    internal const uint Thumb = 1u << ThumbBit;
    internal const uint ModeMask = 31;
    internal const uint IfThen = 0x0600_FC00;

    /// <summary>What <see cref="CpuState.Control"/> holds: J, IT, E, A, I, F, T, M.</summary>
    internal const uint ControlMask = IfThen | (1u << 24) | 0x3FF;

    /// <summary>What MSR may write: not the execution state (J, IT, T), which only exception returns write.</summary>
    internal const uint WritableByMsr = FlagsMask | Saturated | GeMask | BigEndian | MaskAborts | MaskIrq | MaskFiq | ModeMask;

    /// <summary>What MSR may write in User mode.</summary>
    internal const uint WritableByUser = FlagsMask | Saturated | GeMask | BigEndian;
}
