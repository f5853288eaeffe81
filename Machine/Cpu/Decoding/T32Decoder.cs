namespace ActorTrace.Machine.Cpu.Decoding;

/// <summary>Finds the row of a T32 instruction: an index by the upper bits leaves a handful of rows to compare.</summary>
internal static class T32Decoder
{
    private const uint FirstLong = 0xE800;
    private static readonly T32Row[][] Short = BuildIndex(16, 1 << 10, i => i << 6, 0xFFC0);

    /// <summary>By bits 28:20 and 7:4, as the A32 index.</summary>
    private static readonly T32Row[][] Long = BuildIndex(32, 1 << 13, i => 0xE000_0000 | ((i & 0x1FF0) << 16) | ((i & 0xF) << 4), 0xFFF0_00F0);

    /// <summary>Whether an instruction that begins with this halfword has another one.</summary>
    internal static bool IsLong(uint halfword) => halfword >= FirstLong;

    /// <summary>The row of an instruction: 16 bits, or 32 with the first halfword above. Null where it is UNDEFINED.</summary>
    internal static T32Row? Find(uint bits)
    {
        T32Row[] rows = bits < FirstLong ? Short[bits >> 6] : Long[((bits >> 16) & 0x1FF0) | ((bits >> 4) & 0xF)];
        foreach (T32Row row in rows)
        {
            if (row.Matches(bits))
            {
                return row;
            }
        }

        return null;
    }

    /// <summary>Decodes an instruction where ITSTATE has a value.</summary>
    internal static Instruction Decode(uint bits, uint ifThen)
    {
        uint condition = ifThen == 0 ? 14 : ifThen >> 4;
        return Find(bits)?.Decode(bits, condition, ifThen != 0)
            ?? new Instruction { Handler = A32.Undefined, Condition = condition, Thumb = true, Length = bits < FirstLong ? 2u : 4 };
    }

    private static T32Row[][] BuildIndex(int width, uint entries, Func<uint, uint> bitsOf, uint indexed)
    {
        T32Row[] bySpecificity = [.. T32Table.Rows.Where(r => r.Width == width).OrderByDescending(r => r.FixedBits)];
        T32Row[][] index = new T32Row[entries][];
        for (uint i = 0; i < entries; i++)
        {
            uint bits = bitsOf(i);
            index[i] = [.. bySpecificity.Where(r => (r.Mask & indexed & (r.Value ^ bits)) == 0)];
        }

        return index;
    }
}
