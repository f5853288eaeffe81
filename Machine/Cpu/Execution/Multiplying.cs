using ActorTrace.Machine.Cpu.Decoding;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Multiplies and saturating additions (ARM DDI 0406 A5.2.5 to A5.2.7).</summary>
internal static unsafe class Multiplying
{
    private const uint SetFlags = 1 << 20;

    internal static void Execute(CpuState* s, A32 handler, uint word)
    {
        uint n = s->R[word & 15];
        uint m = s->R[(word >> 8) & 15];
        uint a = s->R[(word >> 12) & 15];
        uint d = (word >> 16) & 15;
        switch (handler)
        {
            case A32.Mul:
                Finish(s, d, n * m, word);
                break;
            case A32.Mla:
                Finish(s, d, (n * m) + a, word);
                break;
            case A32.Mls:
                s->R[d] = a - (n * m);
                break;
            case A32.Umaal:
                Long(s, word, ((ulong)n * m) + a + s->R[d], false);
                break;
            case A32.Umull:
                Long(s, word, (ulong)n * m, true);
                break;
            case A32.Umlal:
                Long(s, word, ((ulong)n * m) + Accumulator(s, word), true);
                break;
            case A32.Smull:
                Long(s, word, (ulong)((long)(int)n * (int)m), true);
                break;
            case A32.Smlal:
                Long(s, word, (ulong)((long)(int)n * (int)m) + Accumulator(s, word), true);
                break;
            case A32.SaturatingAdd:
                SaturatingAdd(s, word);
                break;
            default:
                Halves(s, handler, word, n, m, a, d);
                break;
        }
    }

    private static void Halves(CpuState* s, A32 handler, uint word, uint n, uint m, uint a, uint d)
    {
        bool topN = (word & 0x20) != 0;
        int right = (short)((word & 0x40) != 0 ? m >> 16 : m);
        int left = (short)(topN ? n >> 16 : n);
        switch (handler)
        {
            case A32.SmlaHalf:
                s->R[d] = AddSticky(s, left * right, (int)a);
                break;
            case A32.SmlaWide:
                s->R[d] = AddSticky(s, (int)(((long)(int)n * right) >> 16), (int)a);
                break;
            case A32.SmulWide:
                s->R[d] = (uint)(((long)(int)n * right) >> 16);
                break;
            case A32.SmlalHalf:
                Long(s, word, (ulong)(long)(left * right) + Accumulator(s, word), false);
                break;
            default:
                s->R[d] = (uint)(left * right);
                break;
        }
    }

    /// <summary>Adds; an overflow sets Q and is not saturated.</summary>
    internal static uint AddSticky(CpuState* s, int a, int b)
    {
        int sum = a + b;
        if (((a ^ sum) & (b ^ sum)) < 0)
        {
            s->Q = 1;
        }

        return (uint)sum;
    }

    private static void SaturatingAdd(CpuState* s, uint word)
    {
        int m = (int)s->R[word & 15];
        int n = (int)s->R[(word >> 16) & 15];
        bool subtracts = (word & (1 << 21)) != 0;
        bool doubles = (word & (1 << 22)) != 0;
        long operand = doubles ? Saturate(s, 2L * n) : n;
        s->R[(word >> 12) & 15] = (uint)Saturate(s, subtracts ? m - operand : m + operand);
    }

    private static int Saturate(CpuState* s, long value)
    {
        int result = (int)Math.Clamp(value, int.MinValue, int.MaxValue);
        if (result != value)
        {
            s->Q = 1;
        }

        return result;
    }

    internal static ulong Accumulator(CpuState* s, uint word) => ((ulong)s->R[(word >> 16) & 15] << 32) | s->R[(word >> 12) & 15];

    internal static void Long(CpuState* s, uint word, ulong result, bool mayset)
    {
        s->R[(word >> 12) & 15] = (uint)result;
        s->R[(word >> 16) & 15] = (uint)(result >> 32);
        if (mayset && (word & SetFlags) != 0)
        {
            s->N = (uint)(result >> 32);
            s->Z = (uint)(result >> 32) | (uint)result;
        }
    }

    private static void Finish(CpuState* s, uint d, uint result, uint word)
    {
        s->R[d] = result;
        if ((word & SetFlags) != 0)
        {
            s->N = result;
            s->Z = result;
        }
    }
}
