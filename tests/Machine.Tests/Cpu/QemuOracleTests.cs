using System.Globalization;
using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Tests.Guests;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

/// <summary>Thousands of generated instructions: registers, flags and memory after each as QEMU's Cortex-A15 leaves them.</summary>
public class QemuOracleTests
{
    private const int CasesPerRow = 24;
    private const int ThumbCasesPerRow = 16;
    private const int IfThenCases = 1500;

    private static readonly uint[] Prologue =
    [
        0xE59D0038, // ldr r0, [sp, #56]
        0xE12CF000, // msr cpsr_fs, r0
        0xE89D5FFF, // ldm sp, {r0-r12, lr}
    ];

    private static readonly uint[] Epilogue =
    [
        0xE28DD03C, // add sp, sp, #60
        0xE8AD5FFF, // stm sp!, {r0-r12, lr}
        0xE10F0000, // mrs r0, cpsr
        0xE48D0004, // str r0, [sp], #4
    ];

    /// <summary>The same in T32.</summary>
    private static readonly ushort[] ThumbPrologue =
    [
        0xF8DD, 0x0038, // ldr.w r0, [sp, #56]
        0xF380, 0x8C00, // msr cpsr_fs, r0
        0xE89D, 0x5FFF, // ldm.w sp, {r0-r12, lr}
    ];

    private static readonly ushort[] ThumbEpilogue =
    [
        0xB00F, // add sp, #60
        0xE8AD, 0x5FFF, // stm.w sp!, {r0-r12, lr}
        0xF3EF, 0x8000, // mrs r0, cpsr
        0xF84D, 0x0B04, // str r0, [sp], #4
    ];

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_generated_instruction_leaves_what_qemu_leaves(int seed)
    {
        QemuGuest.Require();
        InstructionGenerator generator = new(new Random(seed), OracleRun.Scratch);
        List<InstructionCase> cases = [.. A32Table.Rows.Where(InstructionGenerator.Covers)
            .SelectMany(row => Enumerable.Range(0, CasesPerRow).Select(_ => generator.Make(row)))];
        List<uint> code = [];
        foreach (InstructionCase one in cases)
        {
            code.AddRange([.. Prologue, one.Word, .. Epilogue]);
        }

        OracleRun.Compare([.. cases.Select(c => ($"{c.Title} 0x{c.Word:x8}", c.Registers))], code);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_generated_thumb_instruction_leaves_what_qemu_leaves(int seed)
    {
        QemuGuest.Require();
        ThumbGenerator generator = new(new Random(seed), OracleRun.Scratch);
        CompareThumb([.. T32Table.Rows.Where(ThumbGenerator.Covers)
            .SelectMany(row => Enumerable.Range(0, ThumbCasesPerRow).Select(_ => generator.Make(row)))]);
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_generated_if_then_block_leaves_what_qemu_leaves(int seed)
    {
        QemuGuest.Require();
        ThumbGenerator generator = new(new Random(seed), OracleRun.Scratch);
        CompareThumb([.. Enumerable.Range(0, IfThenCases).Select(_ => generator.MakeIfThen())]);
    }

    private static void CompareThumb(List<ThumbCase> cases)
    {
        List<ushort> thumb = [];
        foreach (ThumbCase one in cases)
        {
            thumb.AddRange([.. ThumbPrologue, .. one.Code, .. ThumbEpilogue]);
        }

        const ushort nop = 0xBF00;
        thumb.AddRange(thumb.Count % 2 == 0 ? [] : [nop]);
        thumb.AddRange([0x4778, nop]); // bx pc
        List<uint> code =
        [
            0xE28F0001, // add r0, pc, #1
            0xE12FFF10, // bx r0
            .. thumb.Chunk(2).Select(pair => pair[0] | ((uint)pair[1] << 16)),
        ];
        OracleRun.Compare(
            [.. cases.Select(c => ($"{c.Title} {string.Join(' ', c.Code.Select(h => h.ToString("x4", CultureInfo.InvariantCulture)))}", c.Registers))],
            code);
    }
}
