using System.Buffers.Binary;
using System.Runtime.InteropServices;
using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Tests.Guests;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu.Vfp;

/// <summary>Every floating-point instruction on every kind of operand: all registers and FPSCR as QEMU's Cortex-A15 leaves them.</summary>
public class VfpDataProcessingOracleTests
{
    private const int WordsPerRow = 48;
    private const int RecordsPerWord = 32;
    private const int RegistersAt = 8;
    private const int RecordBytes = RegistersAt + (32 * 8);

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_floating_point_instruction_leaves_what_qemu_leaves(int seed)
    {
        QemuGuest.Require();
        Random random = new(seed);
        VfpOperands operands = new(random);
        List<(string Title, uint Word)> cases = [.. A32Table.Rows
            .Where(row => row.Handler is >= A32.VfpMultiplyAccumulate and <= A32.VfpConvertToInteger)
            .SelectMany(row => Enumerable.Range(0, WordsPerRow).Select(_ => (row.Title, Make(row, random))))];
        byte[] records = new byte[cases.Count * RecordsPerWord * RecordBytes];
        List<uint> code = [];
        for (int i = 0; i < cases.Count; i++)
        {
            code.AddRange(Loop(cases[i].Word));
            for (int j = 0; j < RecordsPerWord; j++)
            {
                Record(records.AsSpan(((i * RecordsPerWord) + j) * RecordBytes, RecordBytes), cases[i].Word, random, operands);
            }
        }

        (byte[] theirs, byte[] ours) = VfpOracle.Run(code, records);
        for (int i = 0; i < cases.Count * RecordsPerWord; i++)
        {
            Range range = (i * RecordBytes)..((i + 1) * RecordBytes);
            if (!theirs.AsSpan(range).SequenceEqual(ours.AsSpan(range)))
            {
                (string title, uint word) = cases[i / RecordsPerWord];
                Assert.Fail($"{title} 0x{word:x8}\n{Difference(records.AsSpan(range), theirs.AsSpan(range), ours.AsSpan(range))}");
            }
        }
    }

    /// <summary>FPSCR and all registers from the record, the instruction, all of them back.</summary>
    private static uint[] Loop(uint word) =>
    [
        0xE3A02000 | RecordsPerWord, // mov r2, #n
        0xE49D0008, // ldr r0, [sp], #8
        0xEEE10A10, // vmsr fpscr, r0
        0xE1A0300D, // mov r3, sp
        0xECB30B20, // vldmia r3!, {d0-d15}
        0xECD30B20, // vldmia r3, {d16-d31}
        word,
        0xEEF10A10, // vmrs r0, fpscr
        0xE50D0008, // str r0, [sp, #-8]
        0xECAD0B20, // vstmia sp!, {d0-d15}
        0xECED0B20, // vstmia sp!, {d16-d31}
        0xE2522001, // subs r2, r2, #1
        0x1AFFFFF3, // bne to the ldr
    ];

    /// <summary>An instruction of a row; a fixed-point one has at most as many fraction bits as it has bits.</summary>
    private static uint Make(A32Row row, Random random)
    {
        uint word = row.Value | ((uint)random.NextInt64(1L << 32) & ~row.Mask);
        word = (word & 0x0FFF_FFFF) | 0xE000_0000;
        return row.Handler switch
        {
            A32.VfpConvertFixed when (word & 0x80) == 0 && (word & 15) >= 8 => word & ~8u,
            A32.VfpMoveImmediate => word & ~0xA0u,
            A32.VfpCompareWithZero => word & ~0x2Fu,
            _ => word,
        };
    }

    private static void Record(Span<byte> record, uint word, Random random, VfpOperands operands)
    {
        // RMode, FZ, DN, AHP, the condition flags and the cumulative exceptions; QC is Advanced SIMD's.
        uint fpscr = (uint)random.NextInt64(1L << 32) & 0xF7C0_009F;
        fpscr &= random.Next(2) == 0 ? ~0x9Fu : uint.MaxValue;
        Span<ulong> registers = stackalloc ulong[32];
        operands.Fill(registers, FlavourOf(word, random));
        if ((word & 0x0090_0000) == 0 && random.Next(3) == 0)
        {
            Cancel(registers, word);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(record, fpscr);
        for (int i = 0; i < 32; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(record[(RegistersAt + (i * 8))..], registers[i]);
        }
    }

    private static VfpOperands.Flavour FlavourOf(uint word, Random random)
    {
        bool isDouble = (word & 0x100) != 0;
        return A32Decoder.Decode(word) switch
        {
            A32.VfpConvertFromInteger => VfpOperands.Flavour.Integer,
            A32.VfpConvertFixed when (word & (1 << 18)) == 0 => VfpOperands.Flavour.Integer,
            A32.VfpConvertHalf when (word & (1 << 16)) == 0 || random.Next(8) == 0 => VfpOperands.Flavour.Half,
            A32.VfpConvertPrecision when random.Next(8) == 0 => VfpOperands.Flavour.Single,
            _ => isDouble ? VfpOperands.Flavour.Double : VfpOperands.Flavour.Single,
        };
    }

    /// <summary>Makes the addend of a multiplication about the product, so that most of it cancels.</summary>
    private static void Cancel(Span<ulong> registers, uint word)
    {
        int Field(int at) => (int)(word >> at) & 15;
        int Bit(int at) => (int)(word >> at) & 1;
        if ((word & 0x100) != 0)
        {
            double n = BitConverter.UInt64BitsToDouble(registers[(Bit(7) << 4) | Field(16)]);
            double m = BitConverter.UInt64BitsToDouble(registers[(Bit(5) << 4) | Field(0)]);
            registers[(Bit(22) << 4) | Field(12)] = BitConverter.DoubleToUInt64Bits(-(n * m));
            return;
        }

        Span<float> singles = MemoryMarshal.Cast<ulong, float>(registers);
        singles[(Field(12) << 1) | Bit(22)] = -(singles[(Field(16) << 1) | Bit(7)] * singles[(Field(0) << 1) | Bit(5)]);
    }

    private static string Difference(ReadOnlySpan<byte> before, ReadOnlySpan<byte> theirs, ReadOnlySpan<byte> ours)
    {
        List<string> lines = [];
        for (int at = 0; at < before.Length; at += 8)
        {
            ulong was = BinaryPrimitives.ReadUInt64LittleEndian(before[at..]);
            ulong expected = BinaryPrimitives.ReadUInt64LittleEndian(theirs[at..]);
            ulong actual = BinaryPrimitives.ReadUInt64LittleEndian(ours[at..]);
            string place = at == 0 ? "fpscr" : $"d{(at / 8) - 1}";
            lines.Add($"{(expected == actual ? "  " : "* ")}{place} before {was:x16} qemu {expected:x16} here {actual:x16}");
        }

        return string.Join('\n', lines);
    }
}
