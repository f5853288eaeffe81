using System.Numerics;
using ActorTrace.Machine.Cpu.Decoding;

namespace ActorTrace.Machine.Tests.Cpu;

/// <summary>A test case: an instruction with the registers and flags before it.</summary>
/// <param name="Title">The manual's name.</param>
/// <param name="Word">The instruction.</param>
/// <param name="Registers">R0-R12, R14 and the flags (CPSR).</param>
internal sealed record InstructionCase(string Title, uint Word, uint[] Registers);

/// <summary>Makes predictable instructions from the decode table's patterns. R13 is never touched, memory only in a scratch area.</summary>
internal sealed class InstructionGenerator(Random random, uint scratch)
{
    private const int Link = 13;
    private static readonly A32[] Memory = [A32.LoadStore, A32.LoadStoreExtra, A32.LoadStoreDual, A32.LoadMultiple, A32.StoreMultiple];
    private readonly uint[] registers = new uint[15];

    internal static bool Covers(A32Row row) => row.Conditional
        && (Memory.Contains(row.Handler)
            || row.Handler is A32.DataProcessing or (>= A32.Mul and <= A32.SmulHalf) or A32.MoveWide or A32.MoveTop
                or A32.CountLeadingZeros or (>= A32.Parallel and <= A32.InsertField));

    internal InstructionCase Make(A32Row row)
    {
        for (int i = 0; i < registers.Length; i++)
        {
            registers[i] = Interesting();
        }

        registers[14] &= 0xF80F_0000;
        uint word = row.Value | ((uint)random.NextInt64(1L << 32) & ~row.Mask);
        word = (word & 0x0FFF_FFFF) | ((random.Next(4) != 0 ? 14u : (uint)random.Next(15)) << 28);
        word = Memory.Contains(row.Handler) ? Transfer(row, word) : Computation(row, word);
        return new InstructionCase(row.Title, word, [.. registers]);
    }

    private uint Computation(A32Row row, uint word)
    {
        uint opcode = (word >> 21) & 15;
        switch (row.Handler)
        {
            case A32.DataProcessing:
                bool immediate = (word & (1 << 25)) != 0;
                bool byRegister = !immediate && (word & 0x10) != 0;
                word = opcode is 13 or 15 ? Clear(word, 16) : Any(word, 16, !byRegister);
                word = opcode is >= 8 and <= 11 ? Clear(word, 12) : Any(word, 12);
                word = immediate ? word : Any(word, 0, !byRegister);
                return byRegister ? Any(word, 8) : word;
            case >= A32.Mul and <= A32.Smlal or >= A32.SmlaHalf and <= A32.SmulHalf:
                word = Any(Any(Any(Any(word, 0), 8), 12), 16);
                word = row.Handler is A32.Mul or A32.SmulWide or A32.SmulHalf ? Clear(word, 12) : word;
                return Apart(word, 12, 16);
            case A32.SaturatingAdd:
                return Clear(Any(Any(Any(word, 0), 12), 16), 8);
            case A32.MoveWide or A32.MoveTop:
                return Any(word, 12);
            case A32.Parallel or A32.Select:
                return Any(Any(Any(word, 0), 12), 16) | 0xF00;
            case A32.Extend:
                word = Any(Any(word & ~0x300u, 0), 12);
                return random.Next(3) == 0 ? word | 0xF_0000 : Any(word, 16);
            case A32.PackHalfword:
                return Any(Any(Any(word, 0), 12), 16);
            case A32.Saturate:
                return Any(Any(word, 0), 12);
            case A32.Saturate16:
                return Any(Any(word, 0), 12) | 0xF00;
            case A32.CountLeadingZeros or A32.Reverse or A32.Reverse16 or A32.ReverseSigned or A32.ReverseBits:
                return Any(Any(word, 0), 12) | 0xF_0F00;
            case A32.Divide:
                return Any(Any(Any(word, 0), 8), 16) | 0xF000;
            case A32.ExtractField:
                uint low = (word >> 7) & 31;
                uint width = (uint)random.Next(32 - (int)low);
                return Any(Any((word & ~0x1F_0000u) | (width << 16), 0), 12);
            case A32.InsertField:
                uint high = (uint)random.Next((int)((word >> 7) & 31), 32);
                word = Any((word & ~0x1F_0000u) | (high << 16), 12);
                return random.Next(4) == 0 ? word | 15 : Any(word, 0);
            default:
                // The dual and top multiplies: Ra = 15 adds nothing, which SMMLS and the long ones do not have.
                word = Any(Any(Any(Any(word, 0), 8), 12), 16);
                return row.Handler is not (A32.SmmlsTop or A32.SmlalDual) && random.Next(4) == 0 ? word | 0xF000 : Apart(word, 12, 16);
        }
    }

    private uint Transfer(A32Row row, uint word)
    {
        bool multiple = row.Handler is A32.LoadMultiple or A32.StoreMultiple;
        bool dual = row.Handler == A32.LoadStoreDual;
        int n = random.Next(13);
        bool writeback = (word & (1 << 21)) != 0 || (!multiple && (word & (1 << 24)) == 0);
        word = (word & ~0xF_0000u) | ((uint)n << 16);
        registers[n] = scratch + 0x800 + (uint)random.Next(0x100) * 4 + (multiple || dual || random.Next(3) != 0 ? 0u : (uint)random.Next(4));
        if (multiple)
        {
            word &= 0xFFFF_5FFF;
            word |= 1u << ((n + 1 + random.Next(3)) % 13);
            return writeback ? word & ~(1u << n) : word;
        }

        if (dual)
        {
            // P = 0, W = 1 is UNPREDICTABLE here.
            word &= (word & (1 << 24)) == 0 ? ~(1u << 21) : uint.MaxValue;
        }

        int t;
        do
        {
            t = dual ? random.Next(6) * 2 : random.Next(13);
        }
        while (t == n || (dual && t + 1 == n));

        word = (word & ~0xF000u) | ((uint)t << 12);
        bool extra = row.Handler != A32.LoadStore;
        bool register = extra ? (word & (1 << 22)) == 0 : (word & (1 << 25)) != 0;
        if (!register)
        {
            // Small enough to stay in the scratch area; words of a pair stay aligned.
            word = extra ? word : word & ~0x800u;
            return dual ? word & ~3u : word;
        }

        int m;
        do
        {
            m = random.Next(13);
        }
        while (m == n || m == t || (dual && m == t + 1));

        registers[m] = (uint)random.Next(0x40) * 4;
        word = extra ? word & ~0xF00u : word & ~0xE00u;
        word = !extra && (word & 0x60) == 0x60 ? word & ~0x60u : word;
        return (word & ~15u) | (uint)m;
    }

    /// <summary>A register R0-R12 or R14, or the program counter where it may be read.</summary>
    private uint Any(uint word, int at, bool pc = false)
    {
        int register = random.Next(14);
        uint number = pc && random.Next(16) == 0 ? 15 : register == Link ? 14u : (uint)register;
        return (word & ~(15u << at)) | (number << at);
    }

    private static uint Clear(uint word, int at) => word & ~(15u << at);

    private static uint Apart(uint word, int a, int b)
    {
        uint first = (word >> a) & 15;
        return first == ((word >> b) & 15) ? Clear(word, b) | ((first switch { 0 => 1u, 14 => 12u, _ => first - 1 }) << b) : word;
    }

    private uint Interesting() => random.Next(6) switch
    {
        0 => (uint)random.Next(4),
        1 => 0 - (uint)random.Next(4),
        2 => 0x8000_0000 + (uint)random.Next(3) - 1,
        3 => BitOperations.RotateLeft((uint)random.Next(256), random.Next(32)),
        _ => (uint)random.NextInt64(1L << 32),
    };
}
