using System.Buffers.Binary;
using System.Globalization;
using ActorTrace.Machine.Cpu.Execution;
using ActorTrace.Machine.Tests.Guests;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

/// <summary>The registers of coprocessors 14 and 15 at PL1: where QEMU's Cortex-A15 has one, what it holds after reset, what of a write stays.</summary>
public class RegisterMapTests
{
    private const uint Code = 0x4010_0000;
    private const uint Results = 0x4040_0000;

    private static readonly uint[] Opening =
    [
        0xEA000006, // b past the vectors
        0xE3A04001, // undefined: mov r4, #1
        0xE1B0F00E, // movs pc, lr
        0xEAFFFFFE, 0xEAFFFFFE, 0xEAFFFFFE, 0xEAFFFFFE, 0xEAFFFFFE,
        0xE24F0028, // sub r0, pc, #40: the start
        0xEE0C0F10, // mcr p15, 0, r0, c12, c0, 0
        0xE3A0B101, // mov r11, #0x40000000
        0xE38BB501, // orr r11, r11, #0x00400000
    ];

    /// <summary>'d', '\n' to the UART; b .</summary>
    private static readonly uint[] Ending = [0xE3A00409, 0xE3A02064, 0xE5802000, 0xE3A0200A, 0xE5802000, 0xEAFFFFFE];

    /// <summary>Places that differ, by the beginning of their name, and why.</summary>
    private static readonly (string Place, string Reason)[] Apart =
    [
        ("p14 c0, 0, c0, 2", "DBGDTRRXext, which QEMU lacks"),
        ("p14 c0, 0, c2, 0", "MDCCINT of ARMv8"),
        ("p14 c0, 0, c3, 2", "DBGDTRTXext, which QEMU lacks"),
        ("p14 c0, 0, c5, 0", "DBGDTRRXint, which QEMU lacks"),
        ("p14 c0, 0, c6, ", "DBGWFAR and DBGOSECCR, which QEMU lacks"),
        ("p14 c1, 0, c4, ", "DBGBXVR4 and DBGPRCR, which QEMU lacks"),
        ("p14 c1, 0, c5, ", "DBGBXVR5 and DBGPRSR, which QEMU lacks"),
        ("p14 c7, 0, c0, ", "QEMU has DBGDEVID, DBGDEVID1 and DBGDEVID2 at places that are none of theirs"),
        ("p14 c7, 0, c1, 7", "DBGDEVID1 (C11.11.16)"),
        ("p14 c7, 0, c2, 7", "DBGDEVID (C11.11.15)"),
        ("p14 c7, 0, c8, 6", "DBGCLAIMSET, which QEMU lacks"),
        ("p14 c7, 0, c9, 6", "DBGCLAIMCLR, which QEMU lacks"),
        ("p14 c7, 0, c14, 6", "DBGAUTHSTATUS, which QEMU lacks"),
        ("p15 c0, 0, c0, 6", "REVIDR is 0 (Cortex-A15 TRM 4.3.6); on QEMU a copy of MIDR"),
        ("p15 c3, ", "QEMU has DACR in all of c3"),
        ("p15 c6, 0, c0, 1", "the watchpoint fault address of ARMv6"),
        ("p15 c9, 0, c12, 6", "PMCEID0, which QEMU lacks"),
        ("p15 c9, 0, c12, 7", "PMCEID1, which QEMU lacks"),
        ("p15 c10, ", "QEMU has TLB lockdown of the Cortex-A9; PRRR and NMRR are 0 there, not as in TRM 4.2"),
        ("p15 c14, 0, c2, 0", "CNTP_TVAL runs"),
        ("p15 c14, 0, c3, 0", "CNTV_TVAL runs"),
        ("p15 c14, 0, c8, ", "PMEVCNTR of ARMv8"),
        ("p15 c14, 0, c12, ", "PMEVTYPER of ARMv8"),
        ("p15 c14, 0, c15, 7", "PMCCFILTR of ARMv8"),
    ];

    /// <summary>Registers of which QEMU keeps other bits, with those that are compared, and why.</summary>
    private static readonly Dictionary<string, (uint Mask, string Reason)> Partly = new(StringComparer.Ordinal)
    {
        ["DBGDSCRext"] = (0xF000, "QEMU keeps status bits that only a debugger sets"),
        ["DBGWCR"] = (0x1F1F_FFFF, "QEMU keeps reserved bits (C11.11.44)"),
        ["DBGBCR"] = (0x00FF_E007, "QEMU keeps reserved bits and makes BAS regular (C11.11.3)"),
        ["TEEHBR"] = (0xFFFF_FFFC, "QEMU keeps reserved bits (A2.10)"),
        ["SCTLR"] = (0x7218_3C27, "bits with a fixed value (B4.1.130), which QEMU keeps as written"),
        ["ACTLR"] = (0, "QEMU's ignores writes; that of a Cortex-A15 has SMP and others"),
        ["CPACR"] = (0, "belongs to the floating-point unit"),
        ["TTBCR"] = (~0x30u, "PD0 and PD1: QEMU's board is without the Security Extensions"),
        ["ADFSR"] = (0, "the Cortex-A15 has it"),
        ["AIFSR"] = (0, "the Cortex-A15 has it"),
        ["PMCR"] = (~0xC0u, "LC and LP of ARMv8"),
        ["L2CTLR"] = (~0x3FFu, "RAM latencies (TRM 4.3.61)"),
        ["L2ECTLR"] = (0, "error flags (TRM 4.3.62)"),
        ["FCSEIDR"] = (0, "RAZ/WI without FCSE (B4.1.69)"),
        ["L2ACTLR"] = (0, "the Cortex-A15 has it"),
        ["L2PFR"] = (0, "the Cortex-A15 has it"),
    };

    [SkippableTheory]
    [InlineData(14)]
    [InlineData(15)]
    public void Every_coprocessor_register_is_where_qemu_has_it(int coprocessor)
    {
        List<(uint[] Words, string Name)> reads = [];
        for (uint place = 0; place < 1 << 14; place++)
        {
            (uint crn, uint opc1, uint crm, uint opc2) = (place >> 10, (place >> 7) & 7, (place >> 3) & 15, place & 7);
            uint word = 0xEE100010 | (crn << 16) | (opc1 << 21) | crm | (opc2 << 5) | ((uint)coprocessor << 8);
            reads.Add(([word], string.Create(CultureInfo.InvariantCulture, $"p{coprocessor} c{crn}, {opc1}, c{crm}, {opc2}")));
        }

        List<string> differences = Differences(reads, (name, _, _) => Apart.Any(a => name.StartsWith(a.Place, StringComparison.Ordinal)));
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [SkippableTheory]
    [InlineData(14)]
    [InlineData(15)]
    public void What_stays_of_a_write_stays_on_qemu_too(int coprocessor)
    {
        Random random = new(coprocessor);
        List<(uint[] Words, string Name)> writes = [];
        foreach (SystemRegisterRow row in coprocessor == 14 ? DebugRegisterTable.Rows : SystemRegisterTable.Rows)
        {
            string place = $"p{coprocessor} c{row.Crn}, {row.Opc1}, c{row.Crm}, {row.Opc2}";
            if (!row.Access.HasFlag(SystemAccess.ReadWrite) || row.Effect == SystemEffect.Timer
                || Apart.Any(a => place.StartsWith(a.Place, StringComparison.Ordinal) && !place.StartsWith("p15 c10, 0, c2", StringComparison.Ordinal)
                    && !place.StartsWith("p15 c3, 0, c0, 0", StringComparison.Ordinal)))
            {
                continue;
            }

            uint mcr = 0xEE000010 | ((uint)row.Crn << 16) | ((uint)row.Opc1 << 21) | (uint)row.Crm | ((uint)row.Opc2 << 5) | ((uint)coprocessor << 8);
            for (int i = 0; i < 4; i++)
            {
                // The MMU stays off and exceptions little-endian.
                uint value = i switch { 0 => 0, 1 => uint.MaxValue, _ => (uint)random.NextInt64() } & (row.Name is "SCTLR" ? ~1u : uint.MaxValue);
                writes.Add((
                    [Movw(value), Movt(value), mcr, 0xF57FF06F, mcr | (1 << 20)], $"{row.Name} after 0x{value:x8}"));
            }
        }

        List<string> differences = Differences(writes, static (name, expected, actual) =>
            Partly.TryGetValue(name[..name.IndexOf(' ', StringComparison.Ordinal)].TrimEnd('0', '1', '2', '3', '4', '5'), out (uint Mask, string) partly) && ((expected ^ actual) & partly.Mask) == 0);
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    /// <summary>64 cycles an instruction on both sides, 1 GHz.</summary>
    [SkippableTheory]
    [InlineData(0x11u, 1u, 0u)]
    [InlineData(0x11u, 9u, 0u)]
    [InlineData(0x08u, 1u, 0u)]
    [InlineData(0x08u, 1u, 0xFFFF_FFF0u)]
    [InlineData(0x00u, 1u, 5u)]
    [InlineData(0x11u, 0u, 7u)]
    public void Performance_counters_count_as_on_qemu(uint type, uint control, uint start)
    {
        const uint Read = 1 << 20;
        (string Name, uint Register)[] looks =
            [("PMCCNTR", 0xEE090F1D), ("PMXEVCNTR", 0xEE090F5D), ("PMOVSR", 0xEE090F7C), ("PMCNTENSET", 0xEE090F3C), ("PMXEVTYPER", 0xEE090F3D), ("PMCR", 0xEE090F1C)];
        List<(uint[] Words, string Name)> pieces = [];
        foreach ((string name, uint register) in looks)
        {
            List<uint> words = [.. Set(0xEE090F1C, 6), .. Set(0xEE090FBC, 2), .. Set(0xEE090F3D, type), .. Set(0xEE090F3C, 0x8000_0004), .. Set(0xEE090F7C, uint.MaxValue)];
            words.AddRange([.. Set(0xEE090F5D, start), .. Set(0xEE090F1C, control)]);
            words.AddRange(Enumerable.Repeat(0xE1A00000u, 20));
            words.AddRange([.. Set(0xEE090F9C, 4), .. Set(0xEE090F9C, 4), register | Read]);
            pieces.Add(([.. words], name));
        }

        // QEMU sets the flag of an overflow only when a timer of its own comes.
        List<string> differences = Differences(pieces, (name, _, actual) => name is "PMOVSR" && start > 0xFFFF_0000 && actual == 4);
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    /// <summary>MOVW and MOVT R0, then MCR.</summary>
    private static uint[] Set(uint mcr, uint value) => [Movw(value), Movt(value), mcr];

    private static uint Movw(uint value) => 0xE3000000 | ((value & 0xF000) << 4) | (value & 0xFFF);

    private static uint Movt(uint value) => Movw(value >> 16) | 0x0040_0000;

    /// <summary>Runs the pieces of code on both sides: each leaves R0, and whether something in it was UNDEFINED.</summary>
    private static List<string> Differences(List<(uint[] Words, string Name)> pieces, Func<string, uint, uint, bool> known)
    {
        QemuGuest.Require();
        uint[] code = Program(pieces);
        byte[] theirs = OnQemu(code, pieces.Count * 8);
        byte[] ours = OnCore(code, pieces.Count * 8);
        List<string> differences = [];
        for (int i = 0; i < pieces.Count; i++)
        {
            string expected = Show(theirs, i, out uint expectedValue);
            string actual = Show(ours, i, out uint actualValue);
            if (!string.Equals(expected, actual, StringComparison.Ordinal) && !known(pieces[i].Name, expectedValue, actualValue))
            {
                differences.Add($"{pieces[i].Name}: {expected} on QEMU, {actual} here");
            }
        }

        return differences;
    }

    private static string Show(byte[] results, int index, out uint value)
    {
        value = BinaryPrimitives.ReadUInt32LittleEndian(results.AsSpan(index * 8));
        return BinaryPrimitives.ReadUInt32LittleEndian(results.AsSpan((index * 8) + 4)) != 0 ? "UNDEFINED" : $"0x{value:x8}";
    }

    private static uint[] Program(List<(uint[] Words, string Name)> pieces)
    {
        List<uint> code = [.. Opening];
        foreach ((uint[] words, _) in pieces)
        {
            code.AddRange([0xE3A04000, 0xE3A00000, .. words, 0xE8AB0011]); // mov r4, #0; mov r0, #0; ...; stm r11!, {r0, r4}
        }

        return [.. code, .. Ending];
    }

    private static byte[] OnQemu(uint[] code, int bytes)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, BareImage.Of(Code, code));
            return QemuGuest.Run(file, 1, "d", (Results, bytes)).Memory[0];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static byte[] OnCore(uint[] code, int bytes)
    {
        TestMachine machine = new(8 << 20, []);
        machine.Put(Code, code);
        machine.Core[15] = Code;
        machine.Run((ulong)code.Length * 2);
        Assert.Equal(Code + ((uint)(code.Length - 1) * 4), machine.Core[15]);
        return machine.Ram.Bytes.AsSpan((int)(Results - TestMachine.Start), bytes).ToArray();
    }
}
