using System.Buffers.Binary;
using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Tests.Guests;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu.Vfp;

/// <summary>Floating-point loads, stores and transfers, and the whole space of coprocessors 10 and 11, against QEMU's Cortex-A15.</summary>
public class VfpTransferOracleTests
{
    private const int CoreRegisters = 14;
    private const int FlagsAt = 56;
    private const int FpscrAt = 60;
    private const int RegistersAt = 64;
    private const int RecordBytes = RegistersAt + (32 * 8);
    private const int ScratchBytes = 4096;
    private const int CasesPerRow = 120;
    private const int AnyCases = 6000;

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_load_store_and_transfer_leaves_what_qemu_leaves(int seed)
    {
        Random random = new(seed);
        Compare(random, [.. A32Table.Rows
            .Where(row => row.Handler is > A32.VfpConvertToInteger and <= A32.VfpMoveDouble)
            .SelectMany(row => Enumerable.Range(0, CasesPerRow)
                .Select(_ => Words(row.Value, row.Mask, random).First(Excluded.Allows))
                .Select(word => (row.Title, random.Next(3) == 0 ? (word & 0x0FFF_FFFF) | ((uint)random.Next(15) << 28) : word)))]);
    }

    [SkippableFact]
    public void Any_word_of_the_coprocessors_10_and_11_is_undefined_or_does_what_it_does_on_qemu()
    {
        Random random = new(3);
        Compare(random, [.. Words(0x0C00_0A00, 0x0C00_0E00, random)
            .Where(word => (word & 0x0F00_0000) != 0x0F00_0000 && Excluded.Allows(word))
            .Take(AnyCases)
            .Select(word => ("any", word))]);
    }

    private static IEnumerable<uint> Words(uint value, uint mask, Random random)
    {
        while (true)
        {
            yield return (value | ((uint)random.NextInt64(1L << 32) & ~mask) & 0x0FFF_FFFF) | 0xE000_0000;
        }
    }

    private static void Compare(Random random, List<(string Title, uint Word)> cases)
    {
        QemuGuest.Require();
        VfpOperands operands = new(random);
        byte[] records = new byte[(cases.Count * RecordBytes) + ScratchBytes];
        random.NextBytes(records.AsSpan(cases.Count * RecordBytes));
        uint scratch = VfpOracle.Records + (uint)(cases.Count * RecordBytes);
        for (int i = 0; i < cases.Count; i++)
        {
            Record(records.AsSpan(i * RecordBytes, RecordBytes), cases[i].Word, scratch + (ScratchBytes / 2), random, operands);
        }

        (byte[] theirs, byte[] ours) = VfpOracle.Run(cases.SelectMany(one => Case(one.Word)), records);
        for (int i = 0; i < cases.Count; i++)
        {
            Range range = (i * RecordBytes)..((i + 1) * RecordBytes);
            Assert.True(
                theirs.AsSpan(range).SequenceEqual(ours.AsSpan(range)),
                $"{cases[i].Title} 0x{cases[i].Word:x8}\nbefore {Show(records.AsSpan(range))}\nqemu   {Show(theirs.AsSpan(range))}\nhere   {Show(ours.AsSpan(range))}");
        }

        Assert.Equal(theirs.AsSpan(cases.Count * RecordBytes), ours.AsSpan(cases.Count * RecordBytes));
    }

    /// <summary>FPSCR, all registers and flags from the record, the instruction, all of them back.</summary>
    private static uint[] Case(uint word) =>
    [
        0xE59D003C, // ldr r0, [sp, #60]
        0xEEE10A10, // vmsr fpscr, r0
        0xE28D3040, // add r3, sp, #64
        0xECB30B20, // vldmia r3!, {d0-d15}
        0xECD30B20, // vldmia r3, {d16-d31}
        0xE59D0038, // ldr r0, [sp, #56]
        0xE128F000, // msr cpsr_f, r0
        0xE89D5FFF, // ldm sp, {r0-r12, lr}
        word,
        0xE88D5FFF, // stm sp, {r0-r12, lr}
        0xE10F0000, // mrs r0, cpsr
        0xE58D0038, // str r0, [sp, #56]
        0xE3A00101, // mov r0, #0x40000000
        0xEEE80A10, // vmsr fpexc, r0
        0xEEF10A10, // vmrs r0, fpscr
        0xE58D003C, // str r0, [sp, #60]
        0xE28D3040, // add r3, sp, #64
        0xECA30B20, // vstmia r3!, {d0-d15}
        0xECC30B20, // vstmia r3, {d16-d31}
        0xE28DDD05, // add sp, sp, #320
    ];

    private static void Record(Span<byte> record, uint word, uint scratch, Random random, VfpOperands operands)
    {
        bool memory = (word & 0x0E00_0000) == 0x0C00_0000;
        for (int i = 0; i < CoreRegisters; i++)
        {
            uint value = memory && random.Next(8) != 0
                ? scratch + ((uint)random.Next(-64, 64) * 4) + (random.Next(16) == 0 ? (uint)random.Next(4) : 0)
                : memory ? scratch : (uint)random.NextInt64(1L << 32);
            BinaryPrimitives.WriteUInt32LittleEndian(record[(i * 4)..], value);
        }

        BinaryPrimitives.WriteUInt32LittleEndian(record[FlagsAt..], (uint)random.Next(16) << 28);
        BinaryPrimitives.WriteUInt32LittleEndian(record[FpscrAt..], (uint)random.NextInt64(1L << 32) & 0xF7C0_009F);
        Span<ulong> registers = stackalloc ulong[32];
        operands.Fill(registers, (word & 0x100) != 0 ? VfpOperands.Flavour.Double : VfpOperands.Flavour.Single);
        for (int i = 0; i < 32; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(record[(RegistersAt + (i * 8))..], registers[i]);
        }
    }

    private static string Show(ReadOnlySpan<byte> record)
    {
        List<string> words = [];
        for (int i = 0; i < record.Length; i += 4)
        {
            words.Add($"{BinaryPrimitives.ReadUInt32LittleEndian(record[i..]):x8}");
        }

        return string.Join(' ', words);
    }

    /// <summary>What is left out, by name: what the manual calls UNPREDICTABLE, and what would hit the harness itself.</summary>
    private static class Excluded
    {
        internal static bool Allows(uint word)
        {
            bool isDouble = (word & 0x100) != 0;
            uint n = (word >> 16) & 15;
            uint t = (word >> 12) & 15;
            bool load = (word & (1 << 20)) != 0;
            if ((word & 0x0F00_0010) == 0x0E00_0010)
            {
                // SP would be the harness's; PC is UNPREDICTABLE but for VMRS APSR_nzcv, and so are bits that should be zero.
                bool flags = (word & 0x0FFF_0F10) == 0x0EF1_0A10;
                uint zeros = isDouble ? 0x0Fu : (word & 0x00E0_0000) == 0x00E0_0000 ? 0xEFu : 0x6F;
                return t != 13 && (t != 15 || flags) && (word & zeros) == 0;
            }

            if ((word & 0x0F00_0000) == 0x0E00_0000)
            {
                return DataProcessing(word);
            }

            if ((word & 0x0FE0_0000) == 0x0C40_0000)
            {
                bool lastSingle = !isDouble && (word & 0x2F) == 0x2F;
                return t is not (13 or 15) && n is not (13 or 15) && !(load && t == n) && !lastSingle;
            }

            bool writeback = (word & (1 << 21)) != 0;
            bool single = (word & (1 << 24)) != 0 && !writeback;
            bool undefined = (word & 0x01A0_0000) is 0x01A0_0000 or 0x0020_0000 or 0;
            return n != 13 && !(n == 15 && (writeback || !load)) && (single || undefined || List(word, isDouble));
        }

        /// <summary>A list is not empty, fits the registers, and an odd count of words (FLDMX) stays within D0-D15.</summary>
        private static bool List(uint word, bool isDouble)
        {
            uint field = (word >> 12) & 15;
            uint bit = (word >> 22) & 1;
            uint first = isDouble ? (bit << 4) | field : (field << 1) | bit;
            uint count = isDouble ? (word & 0xFF) / 2 : word & 0xFF;
            bool odd = isDouble && (word & 1) != 0;
            return count != 0 && first + count <= (odd ? 16u : 32) && (!isDouble || count <= 16);
        }

        /// <summary>A fixed-point number of 16 bits has no more than 16 fraction bits; bits that should be zero are.</summary>
        private static bool DataProcessing(uint word) => A32Decoder.Decode(word) switch
        {
            A32.VfpConvertFixed => (word & 0x80) != 0 || (word & 15) < 8 || (word & 0x2F) == 8,
            A32.VfpMoveImmediate => (word & 0xA0) == 0,
            A32.VfpCompareWithZero => (word & 0x2F) == 0,
            _ => true,
        };
    }
}
