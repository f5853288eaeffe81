using ActorTrace.Machine.Cpu.Decoding;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>
/// The A32 encodings that are not compared, each with its reason. First by row, what ARM DDI 0406 (chapters A8 and B9, "if ... then
/// UNPREDICTABLE") says about fields; then by what the processor's state makes of them; last the space that no row covers.
/// </summary>
internal static class A32Exclusions
{
    private const uint Writeback = 1 << 21;
    private const uint Indexed = 1 << 24;

    /// <summary>Of a row whatever the state is.</summary>
    private static readonly (A32[] Handlers, string Reason, Func<uint, bool> Excludes)[] ByFields =
    [
        ([A32.HypervisorCall], "HVC: excluded by name", static _ => true),
        ([A32.WaitForEvent, A32.WaitForInterrupt], "WFE, WFI: sleep", static _ => true),
        ([A32.DataProcessing], "register-shifted register: a register is the PC", static w => ByRegister(w) && (Pc(w, 0) || Pc(w, 8) || UsesN(w) && Pc(w, 16) || UsesD(w) && Pc(w, 12))),
        ([A32.DataProcessing], "B9.3.20: of the exception returns by data processing QEMU knows SUBS and MOVS only", static w => Pc(w, 12) && (w & (1 << 20)) != 0 && UsesD(w) && ((w >> 21) & 15) is not (2 or 13)),
        ([A32.Mul, A32.SmulWide, A32.SmulHalf, A32.SmlaDual, A32.SmmlaTop, A32.SumOfDifferences, A32.Divide], "Rd, Rn or Rm is the PC", static w => Pc(w, 16) || Pc(w, 8) || Pc(w, 0)),
        ([A32.Mla, A32.Mls, A32.SmlaHalf, A32.SmlaWide, A32.SmmlsTop], "Rd, Rn, Rm or Ra is the PC", static w => Pc(w, 16) || Pc(w, 12) || Pc(w, 8) || Pc(w, 0)),
        ([A32.Umaal, A32.Umull, A32.Umlal, A32.Smull, A32.Smlal, A32.SmlalHalf, A32.SmlalDual], "a register is the PC or RdHi = RdLo", static w => Pc(w, 16) || Pc(w, 12) || Pc(w, 8) || Pc(w, 0) || Same(w, 16, 12)),
        ([A32.SaturatingAdd, A32.Parallel, A32.PackHalfword, A32.Select], "Rd, Rn or Rm is the PC", static w => Pc(w, 16) || Pc(w, 12) || Pc(w, 0)),
        ([A32.Extend, A32.Saturate, A32.Saturate16, A32.Reverse, A32.Reverse16, A32.ReverseBits, A32.ReverseSigned, A32.CountLeadingZeros], "Rd or Rm is the PC", static w => Pc(w, 12) || Pc(w, 0)),
        ([A32.ExtractField], "a register is the PC or the field exceeds the register", static w => Pc(w, 12) || Pc(w, 0) || ((w >> 7) & 31) + ((w >> 16) & 31) > 31),
        ([A32.InsertField], "Rd is the PC or msb < lsb", static w => Pc(w, 12) || ((w >> 16) & 31) < ((w >> 7) & 31)),
        ([A32.MoveWide, A32.MoveTop, A32.Mrs, A32.MrsBanked], "Rd is the PC", static w => Pc(w, 12)),
        ([A32.MsrRegister, A32.MsrBanked], "Rn is the PC", static w => Pc(w, 0)),
        ([A32.MsrRegister, A32.MsrImmediate], "no field is written", static w => (w & 0xF_0000) == 0),
        ([A32.BranchLinkExchange], "Rm is the PC", static w => Pc(w, 0)),
        ([A32.BranchExchange], "BXJ with Rm = PC", static w => (w & 0xF0) == 0x20 && Pc(w, 0)),
        ([A32.Breakpoint], "the condition of BKPT is not AL", static w => w >> 28 != 14),
        ([A32.LoadStoreExtra], "Rt or Rm is the PC", static w => Pc(w, 12) || (w & (1 << 22)) == 0 && Pc(w, 0)),
        ([A32.LoadStoreExtra], "writeback to the PC or to Rt", static w => WritesBack(w) && (Pc(w, 16) || Same(w, 16, 12))),
        ([A32.LoadStoreDual], "Rt is odd or LR", static w => (w & 0x1000) != 0 || (w & 0xE000) == 0xE000),
        ([A32.LoadStoreDual], "P = 0 and W = 1", static w => (w & (Indexed | Writeback)) == Writeback),
        ([A32.LoadStoreDual], "Rm is the PC, or a register that LDRD loads", static w => (w & (1 << 22)) == 0 && (Pc(w, 0) || (w & 0x20) == 0 && ((w ^ (w >> 12)) & 14) == 0)),
        ([A32.LoadStoreDual], "writeback to the PC, to Rt or Rt2", static w => WritesBack(w) && (Pc(w, 16) || ((w >> 16 ^ w >> 12) & 14) == 0)),
        ([A32.LoadStore], "STRB, LDRB, LDRT: Rt is the PC", static w => Pc(w, 12) && ((w & (1 << 22)) != 0 || Unprivileged(w) && (w & (1 << 20)) != 0)),
        ([A32.LoadStore], "Rm is the PC", static w => (w & (1 << 25)) != 0 && Pc(w, 0)),
        ([A32.LoadStore], "writeback to the PC or to Rt", static w => WritesBack(w) && (Pc(w, 16) || Same(w, 16, 12))),
        ([A32.Swap], "a register is the PC, or the base is transferred", static w => Pc(w, 16) || Pc(w, 12) || Pc(w, 0) || Same(w, 16, 12) || Same(w, 16, 0)),
        ([A32.StoreExclusive], "a register is the PC", static w => Pc(w, 16) || Pc(w, 12) || Pc(w, 0)),
        ([A32.StoreExclusive], "Rd is Rn, Rt or Rt2", static w => Same(w, 12, 16) || Same(w, 12, 0) || Dual(w) && ((w >> 12) & 15) == (w & 15) + 1),
        ([A32.StoreExclusive], "STREXD: Rt is odd or LR", static w => Dual(w) && ((w & 1) != 0 || (w & 15) == 14)),
        ([A32.LoadExclusive], "a register is the PC", static w => Pc(w, 16) || Pc(w, 12)),
        ([A32.LoadExclusive], "LDREXD: Rt is odd or LR", static w => Dual(w) && ((w & 0x1000) != 0 || (w & 0xF000) == 0xE000)),
        ([A32.LoadMultiple, A32.StoreMultiple, A32.LoadUser, A32.StoreUser, A32.LoadReturn], "Rn is the PC, or no register is listed", static w => Pc(w, 16) || (w & 0xFFFF) == 0),
        ([A32.LoadMultiple, A32.LoadReturn], "writeback to a register that is loaded", static w => (w & Writeback) != 0 && Listed(w)),
        ([A32.StoreMultiple], "writeback to a listed register that is not the lowest: what is stored is UNKNOWN", static w => (w & Writeback) != 0 && Listed(w) && (w & ((1u << (int)((w >> 16) & 15)) - 1) & 0xFFFF) != 0),
        ([A32.StoreReturnState], "the mode does not exist or is Hyp or Monitor", static w => !KnownMode(w)),
        ([A32.ReturnFromException], "Rn is the PC", static w => Pc(w, 16)),
        ([A32.ChangeState], "imod, M, A, I, F and mode that do not fit", static w => !ChangesSensibly(w)),
        ([A32.Hint], "PLDW with Rn = PC", static w => (w & 0xFD7F_0000) == 0xF51F_0000),
        ([A32.Hint], "PLD, PLDW, PLI (register): Rm is the PC", static w => w >= 0xF600_0000 && (w & (1 << 24 | 1 << 22)) != 0 && Pc(w, 0)),
        ([A32.VfpConvertFixed], "more fraction bits than 16", static w => (w & 0x80) == 0 && (((w & 15) << 1) | ((w >> 5) & 1)) > 16),
        ([A32.VfpLoadMultiple, A32.VfpStoreMultiple], "writeback to the PC", static w => (w & Writeback) != 0 && Pc(w, 16)),
        ([A32.VfpLoadMultiple, A32.VfpStoreMultiple], "no register, too many, or more than D31; FLDMX and FSTMX: than D15", static w => !VfpList(w)),
        ([A32.VfpMoveSingle, A32.VfpMoveScalar, A32.VfpWriteSystem], "Rt is the PC", static w => Pc(w, 12)),
        ([A32.VfpReadSystem], "Rt is the PC, but for the flags", static w => Pc(w, 12) && (w & 0xF_0000) != 0x1_0000),
        ([A32.VfpReadSystem], "a register that does not exist", static w => ((w >> 16) & 15) is not (0 or 1 or 6 or 7 or 8)),
        ([A32.VfpWriteSystem], "FPEXC: the harness needs it; or a register that does not exist", static w => ((w >> 16) & 15) is not (0 or 1)),
        ([A32.VfpMoveTwoSingles, A32.VfpMoveDouble], "Rt or Rt2 is the PC, or both are loaded and the same", static w => Pc(w, 12) || Pc(w, 16) || (w & (1 << 20)) != 0 && Same(w, 12, 16)),
        ([A32.VfpMoveTwoSingles], "the second is S32", static w => (w & 0x2F) == 0x2F),
        ([A32.MoveToSystem, A32.MoveFromSystem, A32.MoveToSystem64, A32.MoveFromSystem64], "CP15: compared by tests of its own", static _ => true),
    ];

    /// <summary>Of a row for the state before the instruction.</summary>
    private static readonly (A32[] Handlers, string Reason, Func<uint, FuzzCase, FuzzSituation, bool> Excludes)[] ByState =
    [
        ([A32.DataProcessing], "exception return without an SPSR", static (w, c, _) => Pc(w, 12) && (w & (1 << 20)) != 0 && UsesD(w) && !c.HasSpsr),
        ([A32.ExceptionReturn, A32.LoadReturn], "exception return without an SPSR", static (_, c, _) => !c.HasSpsr),
        ([A32.ReturnFromException, A32.MrsBanked, A32.MsrBanked], "in User mode", static (_, c, _) => c.User),
        ([A32.LoadUser, A32.StoreUser, A32.StoreReturnState], "in User or System mode", static (_, c, _) => !c.HasSpsr),
        ([A32.Mrs, A32.MsrRegister, A32.MsrImmediate], "SPSR in User or System mode", static (w, c, _) => (w & (1 << 22)) != 0 && !c.HasSpsr),
        ([A32.MrsBanked, A32.MsrBanked], "a register that does not exist, is the mode's own, or Hyp's or Monitor's", static (w, c, _) => !BankedAccess(w, c.Mode)),
        ([A32.MsrImmediate], "a mode that does not exist", static (w, c, _) => WritesMode(w, c) && !KnownMode(Constant(w))),
        ([A32.MsrRegister], "a mode that does not exist", static (w, c, at) => WritesMode(w, c) && !KnownMode(at.Register(w & 15))),
        ([A32.ReturnFromException], "the loaded CPSR is not one that can be", static (w, _, at) => !at.ReturnsSensibly(w)),
        ([A32.VfpWriteSystem], "short vectors: deprecated, not in a Cortex-A15", static (w, _, at) => (at.Register((w >> 12) & 15) & 0x37_0000) != 0),
        ([A32.LoadStore], "the PC is loaded from an address that is not aligned", static (w, _, at) => Pc(w, 12) && (w & (1 << 20)) != 0 && (at.WordAddress(w) & 3) != 0),
    ];

    /// <summary>Words that are excluded whatever row they meet, or where none does.</summary>
    private static readonly (string Reason, uint Mask, uint Value)[] Space =
    [
        ("SMC: excluded by name", 0x0FF0_00F0, 0x0160_0070),
        ("CP14, CP15: compared by tests of their own", 0x0E00_0E00, 0x0C00_0E00),
        ("CP14, CP15: compared by tests of their own", 0x0F00_0E00, 0x0E00_0E00),
        ("A5.7.1: UNPREDICTABLE beside CPS", 0xFFF0_00F0, 0xF120_0070),
        ("A5.7.1: UNPREDICTABLE memory hint", 0xFF30_0000, 0xF430_0000),
        ("A5.7.1: UNPREDICTABLE memory hint", 0xFFF0_0000, 0xF530_0000),
        ("A5.7.1: UNPREDICTABLE memory hint", 0xFFB0_0000, 0xF5B0_0000),
        ("A5.7.1: UNPREDICTABLE beside the barriers", 0xFFF0_00F0, 0xF570_0000),
        ("A5.7.1: UNPREDICTABLE beside the barriers", 0xFFF0_00E0, 0xF570_0020),
        ("A5.7.1: UNPREDICTABLE beside the barriers", 0xFFF0_00F0, 0xF570_0070),
        ("A5.7.1: UNPREDICTABLE beside the barriers", 0xFFF0_0080, 0xF570_0080),
        ("A5.7.1: UNPREDICTABLE memory hint", 0xFE30_0010, 0xF630_0000),
    ];

    private static readonly (string Reason, Func<uint, bool> Excludes)[][] FieldRules =
        [.. Enum.GetValues<A32>().Select(handler => ByFields.Where(rule => rule.Handlers.Contains(handler)).Select(rule => (rule.Reason, rule.Excludes)).ToArray())];

    private static readonly (string Reason, Func<uint, FuzzCase, FuzzSituation, bool> Excludes)[][] StateRules =
        [.. Enum.GetValues<A32>().Select(handler => ByState.Where(rule => rule.Handlers.Contains(handler)).Select(rule => (rule.Reason, rule.Excludes)).ToArray())];

    /// <summary>Why an instruction is not compared in any state.</summary>
    internal static string? ByField(uint word)
    {
        foreach ((string reason, uint mask, uint value) in Space)
        {
            if ((word & mask) == value && (word < 0xF000_0000 || mask >= 0xF000_0000 || reason.StartsWith("CP14", StringComparison.Ordinal)))
            {
                return reason;
            }
        }

        A32Row? row = A32Decoder.Find(word);
        if (row is null)
        {
            return null;
        }

        return A32ShouldBe.Obey(row.Title, word) != word
            ? "a bit that should be zero or one is not"
            : Array.Find(FieldRules[(int)row.Handler], rule => rule.Excludes(word)).Reason;
    }

    /// <summary>True where it depends on the state whether an instruction is compared.</summary>
    internal static bool DependsOnState(uint word)
    {
        A32 handler = A32Decoder.Decode(word);
        return StateRules[(int)handler].Length != 0 && (handler is not A32.DataProcessing and not A32.LoadStore || Pc(word, 12));
    }

    /// <summary>Why an instruction that may be compared is not with that state; null where it is.</summary>
    internal static string? State(uint word, FuzzCase one, FuzzSituation situation)
    {
        A32 handler = A32Decoder.Decode(word);
        return Array.Find(StateRules[(int)handler], rule => rule.Excludes(word, one, situation)).Reason;
    }

    internal static bool KnownMode(uint psr) => (psr & 31) is 0x10 or 0x11 or 0x12 or 0x13 or 0x17 or 0x1B or 0x1F;

    private static bool Pc(uint word, int at) => ((word >> at) & 15) == 15;

    private static bool Same(uint word, int a, int b) => ((word >> a) & 15) == ((word >> b) & 15);

    private static bool Listed(uint word) => (word & (1u << (int)((word >> 16) & 15))) != 0;

    private static bool Dual(uint word) => (word & 0x60_0000) == 0x20_0000;

    private static bool WritesBack(uint word) => (word & (Indexed | Writeback)) != Indexed;

    private static bool Unprivileged(uint word) => (word & (Indexed | Writeback)) == Writeback;

    private static bool ByRegister(uint word) => (word & 0x0200_0090) == 0x10;

    private static bool UsesN(uint word) => ((word >> 21) & 15) is not (13 or 15);

    private static bool UsesD(uint word) => ((word >> 21) & 15) is < 8 or > 11;

    private static bool VfpList(uint word)
    {
        bool isDouble = (word & 0x100) != 0;
        uint field = (word >> 12) & 15;
        uint bit = (word >> 22) & 1;
        uint first = isDouble ? (bit << 4) | field : (field << 1) | bit;
        uint count = isDouble ? (word & 0xFF) / 2 : word & 0xFF;
        bool odd = isDouble && (word & 1) != 0;
        return count != 0 && first + count <= (odd ? 16u : 32) && (!isDouble || count <= 16);
    }

    private static uint Constant(uint word) => uint.RotateRight(word & 0xFF, (int)(word >> 7) & 30);

    private static bool WritesMode(uint word, FuzzCase one) => (word & 0x1_0000) != 0 && !one.User;

    private static bool ChangesSensibly(uint word)
    {
        uint action = (word >> 18) & 3;
        bool mode = (word & (1 << 17)) != 0;
        bool masks = (word & 0x1C0) != 0;
        return action != 1 && (action >= 2) == masks && (action != 0 || mode) && (mode ? KnownMode(word) : (word & 31) == 0);
    }

    /// <summary>B9.2.3: which banked registers a mode may name.</summary>
    private static bool BankedAccess(uint word, uint mode)
    {
        uint selector = ((word >> 16) & 15) | ((word >> 4) & 0x10);
        if ((word & (1 << 22)) != 0)
        {
            return selector switch
            {
                0b01110 => mode != 0x11,
                0b10000 => mode != 0x12,
                0b10010 => mode != 0x13,
                0b10100 => mode != 0x17,
                0b10110 => mode != 0x1B,
                _ => false,
            };
        }

        return selector switch
        {
            <= 0b00100 => mode == 0x11,
            0b00101 or 0b00110 => mode != 0x1F,
            >= 0b01000 and <= 0b01110 => mode != 0x11,
            0b10000 or 0b10001 => mode != 0x12,
            0b10010 or 0b10011 => mode != 0x13,
            0b10100 or 0b10101 => mode != 0x17,
            0b10110 or 0b10111 => mode != 0x1B,
            _ => false,
        };
    }
}
