using System.Numerics;
using ActorTrace.Machine.Cpu.Decoding;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>
/// The T32 encodings that are not compared, each with its reason: what ARM DDI 0406 (chapters A8 and B9, encodings T1 to T4) calls
/// UNPREDICTABLE, by the titles of the rows; what IT blocks forbid; and space that no row covers. A register is "bad" that is SP or PC.
/// What depends on the processor's state is as for the A32 word of the same effect.
/// </summary>
internal static class T32Exclusions
{
    private static readonly (string Titles, string Reason, Func<uint, bool> Excludes)[] ByFields =
    [
        ("HVC|SMC", "excluded by name", static _ => true),
        ("NOP, YIELD, SEV and hints without a meaning", "WFE, WFI: sleep", static b => ((b >> 4) & 15) is 2 or 3),
        ("NOP, YIELD, SEV, DBG and hints without a meaning, wide", "WFE, WFI: sleep", static b => (b & 0xFF) is 2 or 3),

        // 16 bits
        ("ADD (register), high registers", "Rdn and Rm are the PC", static b => Low(b) == 15 && M16(b) == 15),
        ("CMP (register), high registers", "two low registers, or the PC", static b => (Low(b) < 8 && M16(b) < 8) || Low(b) == 15 || M16(b) == 15),
        ("BLX (register)", "Rm is the PC", static b => M16(b) == 15),
        ("CPS", "no mask is named", static b => (b & 7) == 0),
        ("PUSH|POP", "no register is listed", static b => (b & 0x1FF) == 0),
        ("STM, STMIA|LDM, LDMIA", "no register is listed", static b => (b & 0xFF) == 0),
        ("STM, STMIA", "the base is listed and not the lowest: what is stored is UNKNOWN", static b => (b & (1u << (int)((b >> 8) & 7))) != 0 && (b & ((1u << (int)((b >> 8) & 7)) - 1)) != 0),
        ("IT", "conditions that cannot be", static b => ((b >> 4) & 15) == 15 || (((b >> 4) & 15) == 14 && BitOperations.PopCount(b & 15) != 1)),

        // A6.3.1, A6.3.3
        ("*modified", "a repeated byte of 0", static b => (b & 0x0400_4000) == 0 && ((b >> 12) & 3) != 0 && (b & 0xFF) == 0),
        ("AND (immediate)|EOR (immediate)", "a bad register", static b => BadDestination(b) || BadN(b)),
        ("AND (register), wide|EOR (register), wide", "a bad register", static b => BadDestination(b) || BadN(b) || BadM(b)),
        ("TST (immediate)|TEQ (immediate)", "a bad register", BadN),
        ("TST (register), wide|TEQ (register)", "a bad register", static b => BadN(b) || BadM(b)),
        ("BIC (immediate)|ADC (immediate)|SBC (immediate)|RSB (immediate), modified", "a bad register", static b => BadD(b) || BadN(b)),
        ("BIC (register), wide|ADC (register), wide|SBC (register), wide|RSB (register)|PKHBT, PKHTB", "a bad register", static b => BadD(b) || BadN(b) || BadM(b)),
        ("ORR (immediate)|ORN (immediate)", "a bad register", static b => BadD(b) || N(b) == 13),
        ("ORR (register), wide|ORN (register)", "a bad register", static b => BadD(b) || N(b) == 13 || BadM(b)),
        ("MOV (immediate), modified|MVN (immediate)|MOV (immediate, 16-bit)|MOVT", "a bad register", BadD),
        ("MVN (register), wide", "a bad register", static b => BadD(b) || BadM(b)),
        ("MOV (register), wide", "a bad register", static b => (b & 0x10_70F0) != 0 ? BadD(b) || BadM(b) : D(b) == 15 || M(b) == 15 || (D(b) == 13 && M(b) == 13)),
        ("ADD (immediate), modified|SUB (immediate), modified", "a bad register", static b => BadSum(b)),
        ("ADD (register), wide|SUB (register), wide", "a bad register, or SP with such a shift", static b => BadSum(b) || BadM(b) || (D(b) == 13 && ((b & 0x30) != 0 || ShiftAmount(b) > 3))),
        ("CMN (immediate)|CMP (immediate), modified", "Rn is the PC", static b => N(b) == 15),
        ("CMN (register), wide|CMP (register), wide", "a bad register", static b => N(b) == 15 || BadM(b)),
        ("ADDW, ADR|SUBW, ADR", "a bad register", static b => D(b) == 15 || (D(b) == 13 && N(b) != 13)),
        ("SSAT|SSAT16|USAT|USAT16", "a bad register", static b => BadD(b) || BadN(b)),
        ("SBFX|UBFX", "a bad register, or the field exceeds the register", static b => BadD(b) || BadN(b) || ShiftAmount(b) + (b & 31) > 31),
        ("BFI, BFC", "a bad register, or msb < lsb", static b => BadD(b) || N(b) == 13 || (b & 31) < ShiftAmount(b)),

        // A6.3.4
        ("MSR (register)", "a bad register, or no field is written", static b => BadN(b) || (b & 0xF00) == 0),
        ("MSR (Banked register)", "a bad register", BadN),
        ("MRS|MRS (Banked register)", "a bad register", BadD),
        ("CPS, wide", "imod, M, A, I, F and mode that do not fit", static b => !ChangesSensibly(b)),
        ("BXJ", "a bad register", BadN),

        // A6.3.5, A6.3.6
        ("SRSDB|SRSIA", "the mode does not exist or is Hyp or Monitor", static b => !A32Exclusions.KnownMode(b)),
        ("RFEDB|RFEIA", "Rn is the PC", static b => N(b) == 15),
        ("STM, STMIA, wide|STMDB, PUSH, wide|LDM, LDMIA, POP, wide|LDMDB", "fewer than two registers, or writeback to one of them", static b => BitOperations.PopCount(b & 0xFFFF) < 2 || ((b & (1 << 21)) != 0 && (b & (1u << (int)N(b))) != 0)),
        ("LDM, LDMIA, POP, wide|LDMDB", "PC and LR", static b => (b & 0xC000) == 0xC000),
        ("STREX", "a bad register, or Rd is Rn or Rt", static b => BadD(b) || BadT(b) || N(b) == 15 || D(b) == N(b) || D(b) == T(b)),
        ("STREXB|STREXH", "a bad register, or Rd is Rn or Rt", static b => Bad(M(b)) || BadT(b) || N(b) == 15 || M(b) == N(b) || M(b) == T(b)),
        ("STREXD", "a bad register, or Rd is Rn, Rt or Rt2", static b => Bad(M(b)) || BadT(b) || BadD(b) || N(b) == 15 || M(b) == N(b) || M(b) == T(b) || M(b) == D(b)),
        ("LDREX|LDREXB|LDREXH", "a bad register", static b => BadT(b) || N(b) == 15),
        ("LDREXD", "a bad register, or Rt = Rt2", static b => BadT(b) || BadD(b) || T(b) == D(b) || N(b) == 15),
        ("STRD (immediate), offset|STRD (immediate), pre-indexed|STRD (immediate), post-indexed", "a bad register, or writeback to Rt or Rt2", static b => BadT(b) || BadD(b) || N(b) == 15 || ((b & (1 << 21)) != 0 && (N(b) == T(b) || N(b) == D(b)))),
        ("LDRD (immediate), offset|LDRD (immediate), pre-indexed|LDRD (immediate), post-indexed", "a bad register, or Rt = Rt2, or writeback to one of them", static b => BadT(b) || BadD(b) || T(b) == D(b) || ((b & (1 << 21)) != 0 && (N(b) == T(b) || N(b) == D(b)))),
        ("TBB|TBH", "a bad register", static b => N(b) == 13 || BadM(b)),

        // A6.3.7 to A6.3.10
        ("STR (immediate), wide|STR (immediate), negative|STR (immediate), indexed|STR (register), wide", "Rt is the PC", static b => T(b) == 15),
        ("STRB (immediate), wide|STRB (immediate), negative|STRB (immediate), indexed|STRB (register), wide", "a bad register", BadT),
        ("STRH (immediate), wide|STRH (immediate), negative|STRH (immediate), indexed|STRH (register), wide", "a bad register", BadT),
        ("LDRB*|LDRSB*|LDRH*|LDRSH*", "Rt is SP", static b => b > 0xFFFF && T(b) == 13),
        ("PLD (literal), halfword", "a bit that should be zero is not", static _ => true),
        ("LDRT|LDRBT|LDRHT|LDRSBT|LDRSHT|STRT|STRBT|STRHT", "a bad register", BadT),
        ("*, indexed", "writeback to Rt", static b => N(b) == T(b)),
        ("STR (register), wide|STRB (register), wide|STRH (register), wide|LDR (register), wide|LDRB (register), wide|LDRH (register), wide|LDRSB (register), wide|LDRSH (register), wide|PL* (register)|PLDW (register), unallocated hint", "Rm is bad", BadM),

        // A6.3.12 to A6.3.17
        ("LSL (register), wide|LSR (register), wide|ASR (register), wide|ROR (register), wide", "a bad register", static b => BadD(b) || BadN(b) || BadM(b)),
        ("SXTAH, SXTH, wide|UXTAH, UXTH, wide|SXTAB16, SXTB16|UXTAB16, UXTB16|SXTAB, SXTB, wide|UXTAB, UXTB, wide", "a bad register", static b => BadD(b) || N(b) == 13 || BadM(b)),
        ("parallel", "a bad register", static b => BadD(b) || BadN(b) || BadM(b)),
        ("QADD|QDADD|QSUB|QDSUB|SEL|MUL, wide|SDIV|UDIV", "a bad register", static b => BadD(b) || BadN(b) || BadM(b)),
        ("REV, wide|REV16, wide|RBIT|REVSH, wide|CLZ", "a bad register", static b => BadD(b) || BadM(b)),
        ("SMULBB, SMULBT, SMULTB, SMULTT|SMULWB, SMULWT", "a bad register", static b => BadD(b) || BadN(b) || BadM(b)),
        ("MLA|SMLABB, SMLABT, SMLATB, SMLATT|SMLAD, SMUAD|SMLAWB, SMLAWT|SMLSD, SMUSD|SMMLA, SMMUL|USADA8, USAD8", "a bad register", static b => BadD(b) || BadN(b) || BadM(b) || T(b) == 13),
        ("MLS|SMMLS", "a bad register", static b => BadD(b) || BadN(b) || BadM(b) || BadT(b)),
        ("SMULL|UMULL|SMLAL|SMLALBB, SMLALBT, SMLALTB, SMLALTT|SMLALD|SMLSLD|UMLAL|UMAAL", "a bad register, or RdHi = RdLo", static b => BadD(b) || BadN(b) || BadM(b) || BadT(b) || T(b) == D(b)),

        // A6.3.18
        ("LDC, STC, MCRR, MRRC; floating-point loads, stores, 64-bit transfers", "VSTR, VLDM, VSTM: the base is the PC", static b => N(b) == 15 && (b & 0x0FE0_0000) != 0x0C40_0000 && (b & 0x0130_0000) != 0x0110_0000),
        ("LDC, STC, MCRR, MRRC; floating-point loads, stores, 64-bit transfers", "a core register is SP", static b => (b & 0x0FE0_0000) == 0x0C40_0000 && (T(b) == 13 || N(b) == 13)),
        ("CDP, MCR, MRC; floating-point data-processing, 32-bit transfers", "Rt is SP", static b => (b & 0x10) != 0 && T(b) == 13),
    ];

    /// <summary>Rows that must be the last of an IT block where they are in one; and those that must not be in one.</summary>
    private static readonly string[] LastOnly =
    [
        "BX", "BLX (register)", "B", "B, long", "BL", "BLX (immediate)", "BXJ", "SUBS PC, LR, ERET", "RFEDB", "RFEIA", "TBB", "TBH",
    ];

    private static readonly string[] NeverInside = ["CBZ", "CBNZ", "CPS", "SETEND", "IT", "B, conditional", "B, conditional, long", "CPS, wide"];

    /// <summary>The titles that rules name in full.</summary>
    internal static IEnumerable<string> Titles => ByFields.SelectMany(rule => rule.Titles.Split('|'))
        .Where(title => !title.Contains('*', StringComparison.Ordinal) && title is not "parallel").Concat(LastOnly).Concat(NeverInside);

    private static readonly (string Reason, uint Mask, uint Value)[] Space =
    [
        ("ENTERX, LEAVEX: ThumbEE is not modelled", 0xFFF0_D0E0, 0xF3B0_8000),
        ("the base of a load or store of several is the PC", 0xFE4F_0000, 0xE80F_0000),
        ("LDRD, STRD: writeback to the PC", 0xFE6F_0000, 0xE86F_0000),
        ("STRD: the base is the PC", 0xFF7F_0000, 0xE94F_0000),
        ("LDRB, LDRSB, LDRH, LDRSH with Rt = PC, indexed", 0xFE50_F900, 0xF810_F900),
        ("LDRBT, LDRSBT, LDRHT, LDRSHT with Rt = PC", 0xFE50_FF00, 0xF810_FE00),
        ("CP14, CP15: compared by tests of their own", 0xEE00_0E00, 0xEC00_0E00),
        ("CP14, CP15: compared by tests of their own", 0xEF00_0E00, 0xEE00_0E00),
        ("SETEND: a bit that should be one is not", 0xFFFF_FFF0, 0x0000_B640),
    ];

    private static readonly Dictionary<T32Row, (string Reason, Func<uint, bool> Excludes)[]> ByRow = T32Table.Rows.ToDictionary(
        row => row,
        row => ByFields.Where(rule => Meets(rule.Titles, row.Title, row.Decode(row.Value, 14, false).Handler))
            .Select(rule => (rule.Reason, rule.Excludes)).ToArray());

    /// <summary>Why an instruction is not compared; null where it is.</summary>
    /// <param name="bits">The instruction.</param>
    /// <param name="ifThen">ITSTATE at it.</param>
    internal static string? ByField(uint bits, uint ifThen)
    {
        foreach ((string reason, uint mask, uint value) in Space)
        {
            if ((bits & mask) == value)
            {
                return reason;
            }
        }

        T32Row? row = T32Decoder.Find(bits);
        if (row is null)
        {
            return null;
        }

        Instruction instruction = row.Decode(bits, 14, ifThen != 0);
        bool coprocessor = bits is >= 0xEC00_0000 and < 0xEF00_0000;
        return T32ShouldBe.Obey(row.Title, bits) != bits ? "a bit that should be zero or one is not"
            : Array.Find(ByRow[row], rule => rule.Excludes(bits)).Reason
            ?? Inside(row.Title, bits, ifThen)
            ?? (coprocessor ? A32Exclusions.ByField(instruction.Word) : null);
    }

    /// <summary>ITSTATE after an instruction.</summary>
    internal static uint Next(uint bits, uint ifThen) =>
        (bits & 0xFFFF_FF00) == 0xBF00 && (bits & 15) != 0 ? bits & 0xFF
            : (ifThen & 7) == 0 ? 0 : (ifThen & 0xE0) | ((ifThen << 1) & 0x1F);

    private static string? Inside(string title, uint bits, uint ifThen)
    {
        if (ifThen == 0)
        {
            return null;
        }

        bool last = (ifThen & 15) == 8;
        bool identification = (bits & 0xFFF0_0F10) == 0xEEF0_0A10 && N(bits) != 1;
        if (identification || (last && title is "MRS (Banked register)" or "MSR (Banked register)" or "SRSDB" or "SRSIA"))
        {
            return "QEMU does not leave the IT block after these";
        }

        bool writesPc = LastOnly.Contains(title)
            || (title is "ADD (register), high registers" or "MOV (register)" && Low(bits) == 15)
            || (title is "POP" && (bits & 0x100) != 0)
            || (title is "LDM, LDMIA, POP, wide" or "LDMDB" && (bits & 0x8000) != 0)
            || (title.StartsWith("LDR (", StringComparison.Ordinal) && bits > 0xFFFF && T(bits) == 15);
        return writesPc && !last ? "writes the PC inside an IT block"
            : NeverInside.Contains(title) || (bits & 0xFFFF_FFC0) == 0 ? "not allowed in an IT block" : null;
    }

    private static bool Meets(string titles, string title, A32 handler) => titles.Split('|').Any(one => one switch
    {
        "parallel" => handler == A32.Parallel,
        "*modified" => title.Contains("(immediate)", StringComparison.Ordinal) && handler is A32.DataProcessing or A32.OrNot,
        "PL* (register)" => title.StartsWith("PL", StringComparison.Ordinal) && title.EndsWith("(register)", StringComparison.Ordinal),
        _ when one[0] == '*' => title.EndsWith(one[1..], StringComparison.Ordinal),
        _ when one[^1] == '*' => title.StartsWith(one[..^1], StringComparison.Ordinal),
        _ => string.Equals(one, title, StringComparison.Ordinal),
    });

    private static uint Low(uint bits) => ((bits >> 4) & 8) | (bits & 7);

    private static uint M16(uint bits) => (bits >> 3) & 15;

    private static uint N(uint bits) => (bits >> 16) & 15;

    private static uint T(uint bits) => (bits >> 12) & 15;

    private static uint D(uint bits) => (bits >> 8) & 15;

    private static uint M(uint bits) => bits & 15;

    private static bool Bad(uint register) => register is 13 or 15;

    private static bool BadN(uint bits) => Bad(N(bits));

    private static bool BadT(uint bits) => Bad(T(bits));

    private static bool BadD(uint bits) => Bad(D(bits));

    private static bool BadM(uint bits) => Bad(M(bits));

    private static uint ShiftAmount(uint bits) => ((bits >> 10) & 0x1C) | ((bits >> 6) & 3);

    private static bool BadDestination(uint bits) => D(bits) == 13 || (D(bits) == 15 && (bits & (1 << 20)) == 0);

    /// <summary>ADD and SUB: SP may be the destination of what begins with SP.</summary>
    private static bool BadSum(uint bits) => N(bits) == 15 || (D(bits) == 13 && N(bits) != 13) || (D(bits) == 15 && (bits & (1 << 20)) == 0);

    private static bool ChangesSensibly(uint bits)
    {
        uint action = (bits >> 9) & 3;
        bool mode = (bits & 0x100) != 0;
        bool masks = (bits & 0xE0) != 0;
        return action != 1 && (action >= 2) == masks && (action != 0 || mode) && (mode ? A32Exclusions.KnownMode(bits) : (bits & 31) == 0);
    }
}
