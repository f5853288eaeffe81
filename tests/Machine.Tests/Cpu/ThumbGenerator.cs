using System.Numerics;
using ActorTrace.Machine.Cpu.Decoding;

namespace ActorTrace.Machine.Tests.Cpu;

/// <summary>A test case in T32: halfwords with the registers and flags before them.</summary>
/// <param name="Title">The manual's name.</param>
/// <param name="Code">One instruction, or several that belong together.</param>
/// <param name="Registers">R0-R12, R14 and the flags (CPSR).</param>
internal sealed record ThumbCase(string Title, ushort[] Code, uint[] Registers);

/// <summary>
/// Makes predictable T32 instructions: random ones of a row, thrown away until one is predictable by its A32 word.
/// R13 is never touched, memory only near a scratch area and, for literals, near the code.
/// </summary>
internal sealed class ThumbGenerator(Random random, uint scratch)
{
    private const ushort Nop = 0xBF00;
    private const int Pc = 15;
    private readonly uint[] registers = new uint[15];

    /// <summary>What needs R13 or returns from exceptions is not made.</summary>
    internal static bool Covers(T32Row row) => row.Title is not ("SUBS PC, LR, ERET" or "PUSH" or "POP")
        && !row.Title.Contains("SP", StringComparison.Ordinal) && Handler(row) is A32.DataProcessing or A32.OrNot or (>= A32.Mul and <= A32.SmulHalf)
            or A32.MoveWide or A32.MoveTop or A32.CountLeadingZeros or (>= A32.Parallel and <= A32.InsertField)
            or A32.Mrs or A32.MsrRegister or A32.Hint or A32.Barrier or A32.ClearExclusive
            or A32.Branch or A32.BranchLink or A32.CompareBranchZero or A32.CompareBranchNonzero
            or A32.LoadStore or A32.LoadStoreExtra or A32.LoadStoreDual or A32.LoadStoreUnprivileged or A32.LoadStoreExtraUnprivileged
            or A32.LoadExclusive or A32.StoreExclusive or A32.LoadMultiple or A32.StoreMultiple;

    internal ThumbCase Make(T32Row row)
    {
        Fill();
        uint bits = Predictable(row, false, out Instruction instruction);
        List<ushort> code = [.. Halfwords(row, bits)];
        if (instruction.Handler == A32.StoreExclusive)
        {
            uint load = random.Next(3) == 0 ? 0xF3BF_8F2F : LoadBefore(instruction);
            code.InsertRange(0, [(ushort)(load >> 16), (ushort)load]);
        }
        else if (instruction.Handler is A32.Branch or A32.CompareBranchZero or A32.CompareBranchNonzero)
        {
            code.Add(0x1DFF); // adds r7, #7: what is jumped over
        }

        return new ThumbCase(row.Title, [.. code], [.. registers]);
    }

    /// <summary>IT and what it makes conditional; the last may be a branch.</summary>
    internal ThumbCase MakeIfThen()
    {
        Fill();
        uint condition = (uint)random.Next(14);
        int length = random.Next(1, 5);
        uint mask = (((uint)random.Next(8) << 1) & ~((1u << (4 - length)) - 1)) | (1u << (4 - length));
        List<ushort> code = [(ushort)(0xBF00 | (condition << 4) | (mask & 15))];
        for (int i = 0; i < length; i++)
        {
            T32Row row;
            do
            {
                row = T32Table.Rows[random.Next(T32Table.Rows.Length)];
            }
            while (!Covers(row) || IsMemory(Handler(row)) || Handler(row) is A32.MsrRegister or A32.Branch or A32.BranchLink
                or A32.CompareBranchZero or A32.CompareBranchNonzero);
            code.AddRange(Halfwords(row, Predictable(row, true, out _)));
        }

        return new ThumbCase("IT", [.. code, Nop], [.. registers]);
    }

    /// <summary>LDREX of the same size from the same address, to the register that STREX writes, and one that it does not use.</summary>
    private static uint LoadBefore(in Instruction store)
    {
        uint word = store.Word;
        uint spare = 0;
        while (spare == Field(word, 0) || spare == Field(word, 8) || spare == Field(word, 12) || spare == Field(word, 16))
        {
            spare++;
        }

        return (word & 0xF_F000) | ((word >> 20) & 15) switch
        {
            8 => 0xE850_0F00 | (store.Immediate >> 2),
            10 => 0xE8D0_007F | (spare << 8),
            12 => 0xE8D0_0F4F,
            _ => 0xE8D0_0F5F,
        };
    }

    private static IEnumerable<ushort> Halfwords(T32Row row, uint bits) =>
        row.Width == 16 ? [(ushort)bits] : [(ushort)(bits >> 16), (ushort)bits];

    private static A32 Handler(T32Row row) => row.Decode(row.Value, 14, false).Handler;

    private static bool IsMemory(A32 handler) => handler is A32.LoadStore or A32.LoadStoreExtra or A32.LoadStoreDual
        or A32.LoadStoreUnprivileged or A32.LoadStoreExtraUnprivileged or A32.LoadExclusive or A32.StoreExclusive
        or A32.LoadMultiple or A32.StoreMultiple;

    private void Fill()
    {
        for (int i = 0; i < registers.Length; i++)
        {
            registers[i] = Interesting();
        }

        registers[14] &= 0xF80F_0000;
    }

    private uint Predictable(T32Row row, bool inside, out Instruction instruction)
    {
        bool branch = Handler(row) is A32.Branch or A32.BranchLink or A32.CompareBranchZero or A32.CompareBranchNonzero;
        for (int tries = 0; tries < 1_000_000; tries++)
        {
            uint any = branch ? NearBranch(row) : (uint)random.NextInt64(1L << row.Width);
            uint bits = row.Value | (any & ~row.Mask & ~row.ShouldBeZero) | row.ShouldBeOne;
            if (row.Matches(bits) && T32Decoder.Find(bits) == row)
            {
                instruction = row.Decode(bits, inside ? 0u : 14, inside);
                if (IsMemory(instruction.Handler) ? Transfer(instruction) : Computation(instruction, bits))
                {
                    return bits;
                }
            }
        }

        throw new InvalidOperationException($"{row.Title} has no predictable instruction.");
    }

    /// <summary>Random conditions and registers, no offset, or that of the halfword behind.</summary>
    private uint NearBranch(T32Row row)
    {
        if (row.Width == 16)
        {
            return (uint)random.Next(1 << 16) & (Handler(row) == A32.Branch ? 0xF00u : 7);
        }

        // J1 and J2 are set where the offset is not negative, but in the conditional form.
        bool conditional = (row.Mask & 0x1000) != 0 && (row.Value & 0x1000) == 0;
        uint over = Handler(row) == A32.Branch ? (uint)random.Next(2) : 0;
        return over | (conditional ? (uint)random.Next(14) << 22 : 0x2800);
    }

    private static bool Computation(in Instruction instruction, uint bits)
    {
        uint word = instruction.Word;
        uint opcode = (word >> 21) & 15;
        switch (instruction.Handler)
        {
            case A32.DataProcessing or A32.OrNot:
                bool immediate = (word & (1 << 25)) != 0;
                bool adr = immediate && Field(word, 16) == Pc && (bits < 0xE800 || (bits & 0x0200_0000) != 0);
                bool high = bits < 0xE800 && opcode is 4 or 13;
                return (adr || opcode is 13 or 15 || General(word, 16))
                    && (opcode is >= 8 and <= 11 || General(word, 12))
                    && (immediate || General(word, 0) || (high && Field(word, 0) == Pc))
                    && ((word & (1 << 25)) != 0 || (word & 0x10) == 0 || General(word, 8));
            case >= A32.Mul and <= A32.SmulHalf:
                bool wide = instruction.Handler is A32.Umaal or A32.Umull or A32.Umlal or A32.Smull or A32.Smlal or A32.SmlalHalf;
                return General(word, 0, 8, 12, 16) && !(wide && Field(word, 12) == Field(word, 16));
            case A32.MoveWide or A32.MoveTop or A32.Mrs:
                return General(word, 12);
            case A32.MsrRegister:
                return General(word, 0) && (word & (1 << 22)) == 0 && Field(word, 16) is 4 or 8 or 12;
            case A32.Parallel or A32.Select or A32.PackHalfword:
                return General(word, 0, 12, 16);
            case A32.Extend:
                return General(word, 0, 12) && (Field(word, 16) == Pc || General(word, 16));
            case A32.Divide:
                return General(word, 0, 8, 16);
            case A32.ExtractField:
                return General(word, 0, 12) && ((word >> 7) & 31) + ((word >> 16) & 31) < 32;
            case A32.InsertField:
                return (Field(word, 0) == Pc || General(word, 0)) && General(word, 12) && ((word >> 7) & 31) <= ((word >> 16) & 31);
            case A32.SmlalDual:
                return General(word, 0, 8, 12, 16) && Field(word, 12) != Field(word, 16);
            case A32.SmlaDual or A32.SmmlaTop or A32.SmmlsTop or A32.SumOfDifferences:
                bool adds = Field(word, 12) != Pc || instruction.Handler == A32.SmmlsTop;
                return General(word, 0, 8, 16) && (!adds || General(word, 12));
            case A32.Branch or A32.CompareBranchZero or A32.CompareBranchNonzero:
                // Over the halfword behind, or to it.
                return instruction.Immediate == (instruction.Length == 2 ? 0u : 2) || (instruction.Length == 4 && instruction.Immediate == 0);
            case A32.BranchLink:
                return instruction.Immediate == 0;
            case A32.Hint or A32.Barrier or A32.ClearExclusive:
                return true;
            case A32.CountLeadingZeros or A32.Reverse or A32.Reverse16 or A32.ReverseBits or A32.ReverseSigned:
                // Rm stands there twice.
                return General(word, 0, 12) && (bits < 0xE800 || ((bits >> 16) & 15) == (bits & 15));
            default:
                return General(word, 0, 12);
        }
    }

    private bool Transfer(in Instruction instruction)
    {
        uint word = instruction.Word;
        A32 handler = instruction.Handler;
        uint n = Field(word, 16);
        uint t = Field(word, 12);
        bool writeback = (word & 0x0120_0000) != 0x0100_0000;
        bool multiple = handler is A32.LoadMultiple or A32.StoreMultiple;
        bool exclusive = handler is A32.LoadExclusive or A32.StoreExclusive;
        bool pair = handler == A32.LoadStoreDual || (exclusive && (word & 0x60_0000) == 0x20_0000);
        bool literal = n == Pc && handler is A32.LoadStore or A32.LoadStoreExtra or A32.LoadStoreDual;
        if (!(literal || General(word, 16)) || (literal && pair && instruction.Immediate > 0x3FC))
        {
            return false;
        }

        uint aligned = pair || multiple || exclusive || random.Next(3) != 0 ? 0u : (uint)random.Next(4);
        if (multiple)
        {
            uint list = word & 0xFFFF;
            writeback = (word & (1 << 21)) != 0;
            if ((list & 0xA000) != 0 || BitOperations.PopCount(list) < (instruction.Length == 2 ? 1 : 2) || (writeback && (list & (1u << (int)n)) != 0))
            {
                return false;
            }
        }
        else
        {
            uint m = Field(word, 0);
            uint t2 = pair ? Field(word, 8) : t;
            bool clashes = writeback && !exclusive && (t == n || t2 == n);
            bool byRegister = handler is A32.LoadStore or A32.LoadStoreUnprivileged ? (word & (1 << 25)) != 0
                : handler == A32.LoadStoreExtra && (word & (1 << 22)) == 0;
            if (!General(word, 12) || t2 is 13 or Pc || clashes || (pair && t2 == t) || (byRegister && (!General(word, 0) || m == n || m == t)))
            {
                return false;
            }

            if (handler == A32.StoreExclusive && (!General(word, 0) || m == t || n == t || t2 == m || (pair && (t2 == n || t2 == t))))
            {
                return false;
            }

            if (byRegister)
            {
                registers[Place(m)] = (uint)random.Next(0x40) * 4;
            }
        }

        if (!literal)
        {
            registers[Place(n)] = scratch + 0x800 + ((uint)random.Next(0x80) * 8) + aligned;
        }

        return true;
    }

    private static int Place(uint register) => register == 14 ? 13 : (int)register;

    private static uint Field(uint word, int at) => (word >> at) & 15;

    /// <summary>The fields name registers other than 13 and 15.</summary>
    private static bool General(uint word, params ReadOnlySpan<int> fields)
    {
        foreach (int at in fields)
        {
            if (Field(word, at) is 13 or Pc)
            {
                return false;
            }
        }

        return true;
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
