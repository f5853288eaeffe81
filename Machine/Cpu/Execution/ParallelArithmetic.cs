namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Additions and subtractions on halfwords and bytes (ARM DDI 0406 A5.4.1, A5.4.2).</summary>
internal static unsafe class ParallelArithmetic
{
    private const uint Signed = 1;
    private const uint Saturating = 2;
    private const uint Halving = 3;

    /// <summary>Carries out an instruction: bits 22:20 say how a lane's result is kept, bits 7:5 what is done.</summary>
    internal static uint Execute(CpuState* s, uint word, uint n, uint m)
    {
        bool unsigned = (word & (1 << 22)) != 0;
        uint keep = (word >> 20) & 3;
        return ((word >> 5) & 7) switch
        {
            0 => Lanes(s, keep, unsigned, 16, n, m, false, false),
            1 => Lanes(s, keep, unsigned, 16, n, (m >> 16) | (m << 16), true, false),
            2 => Lanes(s, keep, unsigned, 16, n, (m >> 16) | (m << 16), false, true),
            3 => Lanes(s, keep, unsigned, 16, n, m, true, true),
            4 => Lanes(s, keep, unsigned, 8, n, m, false, false),
            _ => Lanes(s, keep, unsigned, 8, n, m, true, true),
        };
    }

    private static uint Lanes(
        CpuState* s, uint keep, bool unsigned, int width, uint n, uint m, bool subtractLow, bool subtractHigh)
    {
        uint result = 0;
        uint ge = 0;
        uint laneMask = (1u << width) - 1;
        for (int at = 0; at < 32; at += width)
        {
            int a = Lane(n >> at, width, unsigned);
            int b = Lane(m >> at, width, unsigned);
            bool subtract = at == 0 || width == 8 ? subtractLow : subtractHigh;
            int value = subtract ? a - b : a + b;
            bool flag = unsigned && !subtract ? value > (int)laneMask : value >= 0;
            if (flag)
            {
                ge |= width == 8 ? 1u << (at / 8) : 3u << (at / 8);
            }

            value = keep switch
            {
                Saturating when unsigned => Math.Clamp(value, 0, (int)laneMask),
                Saturating => Math.Clamp(value, -(1 << (width - 1)), (1 << (width - 1)) - 1),
                Halving => value >> 1,
                _ => value,
            };
            result |= ((uint)value & laneMask) << at;
        }

        if (keep == Signed)
        {
            s->Ge = ge;
        }

        return result;
    }

    private static int Lane(uint value, int width, bool unsigned) => (width, unsigned) switch
    {
        (8, true) => (byte)value,
        (8, false) => (sbyte)value,
        (_, true) => (ushort)value,
        _ => (short)value,
    };
}
