using System.Numerics;
using ActorTrace.Machine.Cpu.Decoding;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>The media instructions (ARM DDI 0406 A5.4).</summary>
internal static unsafe class Media
{
    internal static void Execute(CpuState* s, A32 handler, uint word)
    {
        uint d = (word >> 12) & 15;
        uint n = s->R[(word >> 16) & 15];
        uint m = s->R[word & 15];
        switch (handler)
        {
            case A32.Parallel:
                s->R[d] = ParallelArithmetic.Execute(s, word, n, m);
                break;
            case A32.PackHalfword:
                s->R[d] = Pack(word, n, m);
                break;
            case A32.Extend:
                s->R[d] = Extend(word, ((word >> 16) & 15) == 15 ? 0 : n, m);
                break;
            case A32.Select:
                uint mask = ((s->Ge & 1) * 0xFF) | (((s->Ge >> 1) & 1) * 0xFF00) | (((s->Ge >> 2) & 1) * 0xFF_0000) | ((s->Ge >> 3) * 0xFF00_0000);
                s->R[d] = (n & mask) | (m & ~mask);
                break;
            case A32.Saturate:
                s->R[d] = SaturateWord(s, word, m);
                break;
            case A32.Saturate16:
                uint low = SaturateTo(s, (short)m, (int)((word >> 16) & 15), (word & (1 << 22)) != 0);
                uint high = SaturateTo(s, (short)(m >> 16), (int)((word >> 16) & 15), (word & (1 << 22)) != 0);
                s->R[d] = (low & 0xFFFF) | (high << 16);
                break;
            default:
                DualMultiplies(s, handler, word);
                break;
        }
    }

    private static uint Pack(uint word, uint n, uint m)
    {
        int amount = (int)((word >> 7) & 31);
        if ((word & 0x40) == 0)
        {
            return (n & 0xFFFF) | ((m << amount) & 0xFFFF_0000);
        }

        return (n & 0xFFFF_0000) | ((uint)((int)m >> (amount == 0 ? 31 : amount)) & 0xFFFF);
    }

    /// <summary>SXTAB16, SXTAB, SXTAH and their unsigned kin: bits 22:20 choose.</summary>
    private static uint Extend(uint word, uint addend, uint source)
    {
        uint rotated = BitOperations.RotateRight(source, (int)((word >> 10) & 3) * 8);
        switch ((word >> 20) & 7)
        {
            case 0:
                return ((addend + (uint)(sbyte)rotated) & 0xFFFF)
                    | ((((addend >> 16) + (uint)(sbyte)(rotated >> 16)) & 0xFFFF) << 16);
            case 2:
                return addend + (uint)(sbyte)rotated;
            case 3:
                return addend + (uint)(short)rotated;
            case 4:
                return ((addend + (byte)rotated) & 0xFFFF) | ((((addend >> 16) + (byte)(rotated >> 16)) & 0xFFFF) << 16);
            case 6:
                return addend + (byte)rotated;
            default:
                return addend + (ushort)rotated;
        }
    }

    private static uint SaturateWord(CpuState* s, uint word, uint m)
    {
        int amount = (int)((word >> 7) & 31);
        int value = (word & 0x40) == 0 ? (int)m << amount : (int)m >> (amount == 0 ? 31 : amount);
        return SaturateTo(s, value, (int)((word >> 16) & 31), (word & (1 << 22)) != 0);
    }

    /// <summary>Saturates to a field: signed to bits + 1 bits, unsigned to that many.</summary>
    private static uint SaturateTo(CpuState* s, int value, int bits, bool unsigned)
    {
        long top = (1L << bits) - 1;
        long result = unsigned ? Math.Clamp(value, 0L, top) : Math.Clamp(value, -top - 1, top);
        if (result != value)
        {
            s->Q = 1;
        }

        return (uint)result;
    }

    private static void DualMultiplies(CpuState* s, A32 handler, uint word)
    {
        uint n = s->R[word & 15];
        uint m = s->R[(word >> 8) & 15];
        uint d = (word >> 16) & 15;
        uint a = (word >> 12) & 15;
        uint addend = a == 15 ? 0 : s->R[a];
        bool exchanges = (word & 0x20) != 0;
        uint factor = exchanges ? BitOperations.RotateRight(m, 16) : m;
        int first = (short)n * (short)factor;
        int second = (short)(n >> 16) * (short)(factor >> 16);
        bool subtracts = (word & 0x40) != 0;
        long rounding = exchanges ? 0x8000_0000 : 0;
        switch (handler)
        {
            case A32.SmlaDual:
                long sum = first + (subtracts ? -(long)second : second) + (int)addend;
                s->R[d] = (uint)sum;
                if ((int)sum != sum)
                {
                    s->Q = 1;
                }

                break;
            case A32.SmlalDual:
                Multiplying.Long(s, word, Multiplying.Accumulator(s, word) + (ulong)(first + (subtracts ? -(long)second : second)), false);
                break;
            case A32.SmmlaTop:
                s->R[d] = (uint)((((long)(int)addend << 32) + ((long)(int)n * (int)m) + rounding) >> 32);
                break;
            case A32.SmmlsTop:
                s->R[d] = (uint)((((long)(int)addend << 32) - ((long)(int)n * (int)m) + rounding) >> 32);
                break;
            case A32.Divide:
                s->R[d] = Divide(n, m, (word & (1 << 21)) == 0);
                break;
            default:
                s->R[d] = SumOfDifferences(n, m, addend);
                break;
        }
    }

    /// <summary>Division by zero gives zero; the one overflow gives the dividend (A4.4.7).</summary>
    internal static uint Divide(uint n, uint m, bool signed)
    {
        if (m == 0)
        {
            return 0;
        }

        if (!signed)
        {
            return n / m;
        }

        return m == uint.MaxValue ? 0 - n : (uint)((int)n / (int)m);
    }

    private static uint SumOfDifferences(uint n, uint m, uint addend)
    {
        for (int i = 0; i < 32; i += 8)
        {
            addend += (uint)Math.Abs((byte)(n >> i) - (byte)(m >> i));
        }

        return addend;
    }
}
