namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>As <see cref="A32ShouldBe"/>, for T32: the bits in parentheses, and Rm where an encoding has it twice (=).</summary>
internal static class T32ShouldBe
{
    private static readonly (string Titles, string Pattern)[] Table =
    [
        ("BX|BLX (register)", "........ .... .000"),
        ("SETEND", "........ .... .000"),
        ("CPS", "........ .... 0..."),
        ("SSAT|USAT|SBFX|UBFX|BFI, BFC", "..... 0 .......... .... .... ..0....."),
        ("SSAT16|USAT16", "..... 0 .......... .... .... ..00...."),
        ("MSR (register)", "................ ..0..... 00.00000"),
        ("MSR (Banked register)", "................ ..0..... 00..0000"),
        ("MRS", "............1111 ..0..... 00.00000"),
        ("MRS (Banked register)", "................ ..0..... 00..0000"),
        ("CPS, wide|NOP, YIELD, SEV, DBG and hints without a meaning, wide", "............1111 ..0.0... ........"),
        ("CLREX", "............1111 ..0.1111 ....1111"),
        ("DSB|DMB|ISB", "............1111 ..0.1111 ........"),
        ("BXJ", "................ ..0.1111 00000000"),
        ("SUBS PC, LR, ERET", "............1110 ..0.1111 ........"),
        ("SRSDB|SRSIA", "............1101 11000000 000....."),
        ("RFEDB|RFEIA", "................ 11000000 00000000"),
        ("STM, STMIA, wide|STMDB, PUSH, wide", "................ 0.0..... ........"),
        ("LDM, LDMIA, POP, wide|LDMDB", "................ ..0..... ........"),
        ("LDREX", "................ ....1111 ........"),
        ("STREXB|STREXH", "................ ....1111 ........"),
        ("TBB|TBH", "................ 11110000 ........"),
        ("LDREXB|LDREXH", "................ ....1111 ....1111"),
        ("LDREXD", "................ ........ ....1111"),
        ("AND (register), wide|TST (register), wide|BIC (register), wide|ORR (register), wide", "................ 0....... ........"),
        ("MOV (register), wide|ORN (register)|MVN (register), wide|EOR (register), wide", "................ 0....... ........"),
        ("TEQ (register)|PKHBT, PKHTB|ADD (register), wide|CMN (register), wide", "................ 0....... ........"),
        ("ADC (register), wide|SBC (register), wide|SUB (register), wide|CMP (register), wide|RSB (register)", "................ 0....... ........"),
        ("SXTAH, SXTH, wide|UXTAH, UXTH, wide|SXTAB16, SXTB16|UXTAB16, UXTB16|SXTAB, SXTB, wide|UXTAB, UXTB, wide", "................ ........ .0......"),
        ("REV, wide|REV16, wide|RBIT|REVSH, wide|CLZ", "............==== ........ ........"),
        ("SDIV|UDIV", "................ 1111.... ........"),
    ];

    private static readonly Dictionary<string, (uint Mask, uint Value, bool Twice)> ByTitle = Table
        .SelectMany(row => row.Titles.Split('|').Select(title => (title, Parsed: Parse(row.Pattern))))
        .ToDictionary(row => row.title, row => row.Parsed, StringComparer.Ordinal);

    internal static IEnumerable<string> Titles => ByTitle.Keys;

    /// <summary>The instruction with these bits as they should be.</summary>
    internal static uint Obey(string title, uint bits)
    {
        if (!ByTitle.TryGetValue(title, out (uint Mask, uint Value, bool Twice) should))
        {
            return bits;
        }

        bits = (bits & ~should.Mask) | should.Value;
        return should.Twice ? (bits & ~0xF_0000u) | ((bits & 15) << 16) : bits;
    }

    private static (uint Mask, uint Value, bool Twice) Parse(string pattern)
    {
        string bits = pattern.Replace(" ", "", StringComparison.Ordinal);
        uint mask = 0;
        uint value = 0;
        for (int i = 0; i < bits.Length; i++)
        {
            mask |= bits[i] is '0' or '1' ? 1u << (bits.Length - 1 - i) : 0;
            value |= bits[i] == '1' ? 1u << (bits.Length - 1 - i) : 0;
        }

        return bits.Length is 16 or 32 ? (mask, value, bits.Contains('=', StringComparison.Ordinal)) : throw new InvalidOperationException(pattern);
    }
}
