using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Tests.Guests;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu.Vfp;

/// <summary>Which instructions are UNDEFINED under which enable bits, mode and vector length, and what the system registers read as.</summary>
public class VfpEnableOracleTests
{
    private const uint Enabled = 0x4000_0000;
    private const uint Everyone = 0x00F0_0000;

    /// <summary>A register other than the first, single and double precision, and the second operation of a row.</summary>
    private static readonly uint[] Fields = [0x2000, 0x2100, 0x2140];

    private static readonly (string Name, uint Word)[] Instructions =
    [
        ("vadd.f32 s0, s1, s2", 0xEE300A81),
        ("vadd.f64 d0, d1, d2", 0xEE310B02),
        ("vadd.f64 d16, d17, d18", 0xEE710BA2),
        ("vmov.f64 d0, d31", 0xEEB00B6F),
        ("vcvt.f32.f64 s0, d1", 0xEEB70BC1),
        ("vcmp.f32 s0, #0", 0xEEB50A40),
        ("vmov r0, s1", 0xEE100A90),
        ("vmov r0, r1, d1", 0xEC510B11),
        ("vmov r0, r1, s2, s3", 0xEC510A11),
        ("vmov r0, d16[1]", 0xEE300B90),
        ("vldr s0, [r4]", 0xED940A00),
        ("vldr d16, [r4]", 0xEDD40B00),
        ("vldmia r4, {d0-d1}", 0xEC940B04),
        ("vmrs apsr_nzcv, fpscr", 0xEEF1FA10),
        ("vmsr fpscr, r0", 0xEEE10A10),
        ("vadd.i32 d0, d0, d0", 0xF2200800),
        ("vmov.i32 d0, #0", 0xF2800010),
        ("vld1.8 {d0}, [r4]", 0xF424070F),
        ("vld1.8 {d0[0]}, [r4]", 0xF4A4000F),
        ("vdup.32 d0, r0", 0xEE800B10),
        ("vmov.8 d0[0], r0", 0xEE400B10),
        ("vmov.u16 r0, d0[0]", 0xEE900B30),
        .. Enumerable.Range(0, 16).Select(r => ($"vmrs r0, system register {r}", 0xEEF0_0A10 | ((uint)r << 16))),
        .. Enumerable.Range(0, 16).Where(r => r is <= 1 or >= 6).Select(r => ($"vmsr system register {r}, r0", 0xEEE0_0A10 | ((uint)r << 16))),
    ];

    /// <summary>CPACR (cp10 and cp11 for nobody, PL1, reserved, everyone), FPEXC and whether in User mode.</summary>
    private static readonly (uint Cpacr, uint Fpexc, bool User)[] Settings = [..
        from cpacr in new uint[] { 0, 0x0050_0000, 0x00A0_0000, Everyone, 0x8FFF_FFFF }
        from fpexc in new uint[] { 0, Enabled, 0xFFFF_FFFF }
        from user in new[] { false, true }
        select (cpacr, fpexc, user)];

    [SkippableFact]
    public void Enable_bits_and_mode_make_the_same_instructions_undefined_as_on_qemu()
    {
        List<(string Name, Probe Probe)> probes = [];
        foreach ((uint cpacr, uint fpexc, bool user) in Settings)
        {
            probes.AddRange(Instructions.Select(one => (
                $"{one.Name}, CPACR {cpacr:x8}, FPEXC {fpexc:x8}, {(user ? "User" : "SVC")}", new Probe(one.Word, cpacr, fpexc, 0, user))));
        }

        Compare(probes);
    }

    [SkippableTheory]
    [InlineData(0x0001_0000u)]
    [InlineData(0x0007_0000u)]
    [InlineData(0x0030_0000u)]
    [InlineData(0x0037_0000u)]
    public void A_vector_length_makes_the_same_instructions_undefined_as_on_qemu(uint fpscr)
    {
        IEnumerable<(string Name, uint Word)> rows = A32Table.Rows
            .Where(row => row.Handler is >= A32.VfpMultiplyAccumulate and <= A32.VfpConvertToInteger)
            .SelectMany(row => Fields.Select(fields => (row.Title, 0xE000_0000 | row.Value | (fields & ~row.Mask))));
        Compare([.. Instructions.Concat(rows)
            .Select(one => ($"{one.Name} 0x{one.Word:x8}, FPSCR {fpscr:x8}", new Probe(one.Word, Everyone, Enabled, fpscr, false)))]);
    }

    /// <summary>QEMU 7.2 keeps D32DIS without acting on it; ARM DDI 0406 B4.1.40 makes every use of D16-D31 UNDEFINED.</summary>
    [Theory]
    [InlineData(0xEE710BA2, true)] // vadd.f64 d16, d17, d18
    [InlineData(0xEE310B22, true)] // vadd.f64 d0, d1, d18
    [InlineData(0xEE310B02, false)] // vadd.f64 d0, d1, d2
    [InlineData(0xEE700AA0, false)] // vadd.f32 s1, s1, s1
    [InlineData(0xEEF77AEF, true)] // vcvt.f64.f32 d23, s31
    [InlineData(0xEEB77AEF, false)] // vcvt.f64.f32 d7, s31
    [InlineData(0xEEB77BEF, true)] // vcvt.f32.f64 s14, d31
    [InlineData(0xEC9FEB04, false)] // vldmia pc, {d14-d15}
    [InlineData(0xEC9FEB06, true)] // vldmia pc, {d14-d16}
    [InlineData(0xEDDF0B00, true)] // vldr d16, [pc]
    [InlineData(0xEE300B90, true)] // vmov.32 r0, d16[1]
    [InlineData(0xEC510B3F, true)] // vmov r0, r1, d31
    public void D32dis_makes_the_upper_sixteen_registers_undefined(uint word, bool undefined)
    {
        TestMachine machine = new(0xE3A00101, 0xEEE80A10, word); // mov r0, #0x40000000; vmsr fpexc, r0
        machine.Vcpu.Cp15.Vbar = TestMachine.Start + 0x100;
        machine.Vcpu.Cp15.Cpacr = 0x40F0_0000;
        machine.Run(3);
        Assert.Equal(undefined, machine.Core[15] == TestMachine.Start + 0x104);
    }

    [SkippableFact]
    public void Cpacr_fpexc_and_fpscr_keep_the_bits_that_qemu_keeps()
    {
        QemuGuest.Require();
        List<uint> code = [0xE1A0400D]; // mov r4, sp
        uint[] values = [0, 0xFFFF_FFFF, 0x0FFF_FFFF, 0x5555_5555, 0xAAAA_AAAA, Everyone];
        foreach (uint value in values)
        {
            code.AddRange([.. Load(value), 0xEE010F50, 0xEE111F50, 0xE4841004]); // mcr and mrc CPACR; str r1, [r4], #4
            code.AddRange([.. Load(Everyone), 0xEE010F50]);
            code.AddRange([.. Load(value), 0xEEE80A10, 0xEEF81A10, 0xE4841004]); // vmsr and vmrs fpexc
            code.AddRange([.. Load(Enabled), 0xEEE80A10]);
            code.AddRange([.. Load(value), 0xEEE10A10, 0xEEF11A10, 0xE4841004]); // vmsr and vmrs fpscr
        }

        (byte[] theirs, byte[] ours) = VfpOracle.Run(code, new byte[values.Length * 12]);
        for (int i = 0; i < values.Length * 3; i++)
        {
            string name = new[] { "CPACR", "FPEXC", "FPSCR" }[i % 3];
            Assert.Equal($"{name} {VfpOracle.Word(theirs, i * 4):x8}", $"{name} {VfpOracle.Word(ours, i * 4):x8}");
        }
    }

    private static void Compare(List<(string Name, Probe Probe)> probes)
    {
        QemuGuest.Require();
        List<uint> code = [0xE1A0400D]; // mov r4, sp
        code.AddRange(probes.SelectMany(one => one.Probe.Code()));
        (byte[] theirs, byte[] ours) = VfpOracle.Run(code, new byte[(probes.Count * Probe.ResultBytes) + 16]);
        Assert.Equal(probes.Select((one, i) => $"{one.Name}: {Show(theirs, i)}"), probes.Select((one, i) => $"{one.Name}: {Show(ours, i)}"), StringComparer.Ordinal);
    }

    private static string Show(byte[] results, int probe) =>
        $"undefined {VfpOracle.Word(results, probe * Probe.ResultBytes)}, r0 {VfpOracle.Word(results, (probe * Probe.ResultBytes) + 4):x8}";

    /// <summary>movw and movt of r0.</summary>
    private static uint[] Load(uint value) =>
    [
        0xE3000000 | ((value & 0xF000) << 4) | (value & 0xFFF),
        0xE3400000 | ((value >> 12) & 0xF_0000) | ((value >> 16) & 0xFFF),
    ];

    /// <summary>One instruction under given controls.</summary>
    private sealed record Probe(uint Word, uint Cpacr, uint Fpexc, uint Fpscr, bool User)
    {
        internal const int ResultBytes = 8;

        /// <summary>Sets the controls from full access on, runs the instruction, stores how often it was UNDEFINED, and R0.</summary>
        internal IEnumerable<uint> Code() =>
        [
            .. Load(Everyone), 0xEE010F50, 0xF57FF06F, // mcr CPACR; isb
            .. Load(Enabled), 0xEEE80A10, // vmsr fpexc, r0
            .. Load(Fpscr), 0xEEE10A10, // vmsr fpscr, r0
            .. Load(Fpexc), 0xEEE80A10,
            .. Load(Cpacr), 0xEE010F50, 0xF57FF06F,
            0xE3A0C000, // mov r12, #0
            0xE3A00000, // mov r0, #0
            User ? 0xF1020010 : 0xE1A00000, // cps #16, or nop
            Word,
            0xEF000000, // svc #0: SVC mode again
            0xE484C004, // str r12, [r4], #4
            0xE4840004, // str r0, [r4], #4
        ];
    }
}
