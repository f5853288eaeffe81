namespace ActorTrace.Machine.Cpu.Decoding;

/// <summary>Finds the row of an instruction: an index by bits 27:20 and 7:4 leaves a handful of rows to compare.</summary>
internal static class A32Decoder
{
    private const uint UnconditionalIndex = 0x1000;
    private static readonly A32Row[][] Index = BuildIndex();

    internal static A32 Decode(uint word) => Find(word)?.Handler ?? A32.Undefined;

    internal static Instruction Instruction(uint word) =>
        new() { Handler = Decode(word), Word = word, Condition = word >> 28, Length = 4 };

    internal static A32Row? Find(uint word)
    {
        foreach (A32Row row in Index[IndexOf(word)])
        {
            if (row.Matches(word))
            {
                return row;
            }
        }

        return null;
    }

    private static uint IndexOf(uint word) =>
        ((word >> 16) & 0xFF0) | ((word >> 4) & 0xF) | (word >= 0xF000_0000 ? UnconditionalIndex : 0);

    private static A32Row[][] BuildIndex()
    {
        A32Row[] bySpecificity = [.. A32Table.Rows.OrderByDescending(r => r.FixedBits)];
        A32Row[][] index = new A32Row[2 * UnconditionalIndex][];
        for (uint i = 0; i < index.Length; i++)
        {
            bool unconditional = i >= UnconditionalIndex;
            uint word = ((i & 0xFF0) << 16) | ((i & 0xF) << 4);
            index[i] = [.. bySpecificity.Where(r => r.Conditional != unconditional && (r.Mask & 0x0FF0_00F0 & (r.Value ^ word)) == 0)];
        }

        return index;
    }
}
