namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>
/// The bits that the manual writes in parentheses (ARM DDI 0406 chapter A8 and B9): an encoding with other values there is
/// UNPREDICTABLE. One pattern for the rows whose titles are listed; dots may be anything.
/// </summary>
internal static class A32ShouldBe
{
    private static readonly (string Titles, string Pattern)[] Table =
    [
        ("TST (register)|TEQ (register)|CMP (register)|CMN (register)", ".... ........ .... 0000 .... .... ...."),
        ("MOV (register)|MVN (register)", ".... ........ 0000 .... .... .... ...."),
        ("TST (register-shifted register)|TEQ (register-shifted register)", ".... ........ .... 0000 .... .... ...."),
        ("CMP (register-shifted register)|CMN (register-shifted register)", ".... ........ .... 0000 .... .... ...."),
        ("MOV (register-shifted register)|MVN (register-shifted register)", ".... ........ 0000 .... .... .... ...."),
        ("TST (immediate)|TEQ (immediate)|CMP (immediate)|CMN (immediate)", ".... ........ .... 0000 .... .... ...."),
        ("MOV (immediate)|MVN (immediate)", ".... ........ 0000 .... .... .... ...."),
        ("MUL", ".... ........ .... 0000 .... .... ...."),
        ("QADD|QSUB|QDADD|QDSUB", ".... ........ .... .... 0000 .... ...."),
        ("SMULWB, SMULWT|SMULBB, SMULBT, SMULTB, SMULTT", ".... ........ .... 0000 .... .... ...."),
        ("STRH (register)|LDRH (register)|LDRD (register)|LDRSB (register)", ".... ........ .... .... 0000 .... ...."),
        ("STRD (register)|LDRSH (register)", ".... ........ .... .... 0000 .... ...."),
        ("SWP|SWPB", ".... ........ .... .... 0000 .... ...."),
        ("STREX|STREXD|STREXB|STREXH", ".... ........ .... .... 1111 .... ...."),
        ("LDREX|LDREXD|LDREXB|LDREXH", ".... ........ .... .... 1111 .... 1111"),
        ("MSR (immediate), CPSR|MSR (immediate), SPSR", ".... ........ .... 1111 .... .... ...."),
        ("NOP, YIELD, DBG and hints without a meaning|SEV|WFE|WFI", ".... ........ .... 1111 0000 .... ...."),
        ("MRS", ".... ........ 1111 .... 00.0 .... 0000"),
        ("MRS (Banked register)", ".... ........ .... .... 00.. .... 0000"),
        ("MSR (register)", ".... ........ .... 1111 00.0 .... ...."),
        ("MSR (Banked register)", ".... ........ .... 1111 00.. .... ...."),
        ("BX|BXJ|BLX (register)", ".... ........ 1111 1111 1111 .... ...."),
        ("CLZ", ".... ........ 1111 .... 1111 .... ...."),
        ("ERET", ".... ........ 0000 0000 0000 .... 1110"),
        ("SADD16|SASX|SSAX|SSUB16|SADD8|SSUB8|QADD16|QASX|QSAX|QSUB16|QADD8|QSUB8", ".... ........ .... .... 1111 .... ...."),
        ("SHADD16|SHASX|SHSAX|SHSUB16|SHADD8|SHSUB8|UADD16|UASX|USAX|USUB16|UADD8|USUB8", ".... ........ .... .... 1111 .... ...."),
        ("UQADD16|UQASX|UQSAX|UQSUB16|UQADD8|UQSUB8|UHADD16|UHASX|UHSAX|UHSUB16|UHADD8|UHSUB8", ".... ........ .... .... 1111 .... ...."),
        ("SXTAB16, SXTB16|SXTAB, SXTB|SXTAH, SXTH|UXTAB16, UXTB16|UXTAB, UXTB|UXTAH, UXTH", ".... ........ .... .... ..00 .... ...."),
        ("SEL|SSAT16|USAT16", ".... ........ .... .... 1111 .... ...."),
        ("REV|REV16|RBIT|REVSH", ".... ........ 1111 .... 1111 .... ...."),
        ("SDIV|UDIV", ".... ........ .... 1111 .... .... ...."),
        ("STM (User registers)|LDM (User registers)", ".... ......0. .... .... .... .... ...."),
        ("SRS", ".... ........ 1101 0000 0101 000. ...."),
        ("RFE", ".... ........ .... 0000 1010 0000 0000"),
        ("CPS", ".... ........ .... 0000 000. .... ...."),
        ("SETEND", ".... ........ 0001 0000 00.0 .... 0000"),
        ("PLI (immediate)|PLDW (immediate)|PLD (immediate)", ".... ........ .... 1111 .... .... ...."),
        ("PLI (register)|PLDW (register)|PLD (register)", ".... ........ .... 1111 .... .... ...."),
        ("CLREX", ".... ........ 1111 1111 0000 .... 1111"),
        ("VMOV (immediate)", ".... ........ .... .... .... 0.0. ...."),
        ("VCMP, VCMPE (with zero)", ".... ........ .... .... .... ..0. 0000"),
        ("VMOV (core register to single)|VMOV (single to core register)", ".... ........ .... .... .... .00. 0000"),
        ("VMSR|VMRS", ".... ........ .... .... .... 000. 0000"),
        ("VMOV (core register to scalar)|VMOV (scalar to core register)", ".... ........ .... .... .... .... 0000"),
        ("DSB|DMB|ISB", ".... ........ 1111 1111 0000 .... ...."),
    ];

    private static readonly Dictionary<string, (uint Mask, uint Value)> ByTitle = Table
        .SelectMany(row => row.Titles.Split('|').Select(title => (title, Parsed: Parse(row.Pattern))))
        .ToDictionary(row => row.title, row => row.Parsed, StringComparer.Ordinal);

    internal static IEnumerable<string> Titles => ByTitle.Keys;

    /// <summary>The word with these bits as they should be.</summary>
    internal static uint Obey(string title, uint word) =>
        ByTitle.TryGetValue(title, out (uint Mask, uint Value) bits) ? (word & ~bits.Mask) | bits.Value : word;

    private static (uint Mask, uint Value) Parse(string pattern)
    {
        string bits = pattern.Replace(" ", "", StringComparison.Ordinal);
        uint mask = 0;
        uint value = 0;
        for (int i = 0; i < 32; i++)
        {
            mask |= bits[i] != '.' ? 1u << (31 - i) : 0;
            value |= bits[i] == '1' ? 1u << (31 - i) : 0;
        }

        return bits.Length == 32 ? (mask, value) : throw new InvalidOperationException(pattern);
    }
}
