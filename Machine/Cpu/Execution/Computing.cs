using System.Buffers.Binary;
using System.Numerics;
using ActorTrace.Machine.Cpu.Decoding;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>The instructions that only compute: no memory, no branch, no exception. Multiplies and media are elsewhere.</summary>
internal static unsafe class Computing
{
    private const uint ReadsSpsr = 1 << 22;

    internal static bool Handles(A32 handler, uint word) => handler switch
    {
        >= A32.Mul and <= A32.SmulHalf => true,
        >= A32.Parallel and <= A32.InsertField => true,
        A32.MoveWide or A32.MoveTop or A32.CountLeadingZeros => true,
        A32.Mrs => (word & ReadsSpsr) == 0,
        _ => false,
    };

    internal static void Execute(CpuState* s, A32 handler, uint word)
    {
        uint d = (word >> 12) & 15;
        uint m = s->R[word & 15];
        switch (handler)
        {
            case A32.MoveWide:
                s->R[d] = ((word >> 4) & 0xF000) | (word & 0xFFF);
                break;
            case A32.MoveTop:
                s->R[d] = (s->R[d] & 0xFFFF) | (((word << 12) & 0xF000_0000) | ((word << 16) & 0x0FFF_0000));
                break;
            case A32.CountLeadingZeros:
                s->R[d] = (uint)BitOperations.LeadingZeroCount(m);
                break;
            case A32.Mrs:
                s->R[d] = s->ReadCpsr() & ~(Psr.IfThen | Psr.Thumb | (1u << 24));
                break;
            case A32.Reverse:
                s->R[d] = BinaryPrimitives.ReverseEndianness(m);
                break;
            case A32.Reverse16:
                s->R[d] = BitOperations.RotateLeft(BinaryPrimitives.ReverseEndianness(m), 16);
                break;
            case A32.ReverseSigned:
                s->R[d] = (uint)(int)(short)BinaryPrimitives.ReverseEndianness((ushort)m);
                break;
            case A32.ReverseBits:
                s->R[d] = ReverseBits(m);
                break;
            case A32.ExtractField:
                ExtractField(s, word, m);
                break;
            case A32.InsertField:
                InsertField(s, word);
                break;
            case >= A32.Mul and <= A32.SmulHalf:
                Multiplying.Execute(s, handler, word);
                break;
            default:
                Media.Execute(s, handler, word);
                break;
        }
    }

    private static uint ReverseBits(uint value)
    {
        value = ((value >> 1) & 0x5555_5555) | ((value & 0x5555_5555) << 1);
        value = ((value >> 2) & 0x3333_3333) | ((value & 0x3333_3333) << 2);
        value = ((value >> 4) & 0x0F0F_0F0F) | ((value & 0x0F0F_0F0F) << 4);
        return BinaryPrimitives.ReverseEndianness(value);
    }

    private static void ExtractField(CpuState* s, uint word, uint source)
    {
        int low = (int)((word >> 7) & 31);
        int width = (int)((word >> 16) & 31) + 1;
        bool unsigned = (word & (1 << 22)) != 0;
        uint top = source >> low << (32 - width);
        s->R[(word >> 12) & 15] = unsigned ? top >> (32 - width) : (uint)((int)top >> (32 - width));
    }

    private static void InsertField(CpuState* s, uint word)
    {
        int low = (int)((word >> 7) & 31);
        int high = (int)((word >> 16) & 31);
        if (high < low)
        {
            return;
        }

        uint mask = (uint.MaxValue >> (31 - high)) & (uint.MaxValue << low);
        uint source = (word & 15) == 15 ? 0 : s->R[word & 15];
        uint d = (word >> 12) & 15;
        s->R[d] = (s->R[d] & ~mask) | ((source << low) & mask);
    }
}
