using System.Buffers.Binary;
using ActorTrace.Machine.Tests.Guests;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

/// <summary>
/// Runs a program of many cases on QEMU and here. SP walks over the records: of each case its code loads registers and flags
/// from the first part and stores them to the second.
/// </summary>
internal static class OracleRun
{
    internal const uint Scratch = 0x4060_0000;
    private const uint Code = 0x4010_0000;
    private const uint Records = 0x4040_0000;
    private const int ScratchBytes = 0x2000;
    private const int RecordBytes = 120;
    private const int ResultAt = 60;

    private const int Ending = 16;

    /// <summary>Vectors at word 8, all to the ending at word 16: an exception that should not be ends the run.</summary>
    private static readonly uint[] Opening =
    [
        0xEA000014, 0, 0, 0, 0, 0, 0, 0, // b to word 22
        0xEA000006, 0xEA000005, 0xEA000004, 0xEA000003, 0xEA000002, 0xEA000001, 0xEA000000, 0xEAFFFFFF,
        0xE3A00409, // mov r0, #0x09000000
        0xE3A01064, // mov r1, #'d'
        0xE5801000, // str r1, [r0]
        0xE3A0100A, // mov r1, #'\n'
        0xE5801000, // str r1, [r0]
        0xEAFFFFFE, // b .
        0xE3A00101, // mov r0, #0x40000000
        0xE3800601, // orr r0, r0, #0x00100000
        0xE3800020, // orr r0, r0, #0x20
        0xEE0C0F10, // mcr p15, 0, r0, c12, c0, 0
        0xE3A0D101, // mov sp, #0x40000000
        0xE38DD501, // orr sp, sp, #0x00400000
    ];

    /// <summary>Compares what each case leaves.</summary>
    /// <param name="cases">What to say of each, and R0-R12, R14 and CPSR before it.</param>
    /// <param name="body">A32 code that goes through the cases, and falls through at its end.</param>
    internal static void Compare(List<(string Name, uint[] Registers)> cases, List<uint> body)
    {
        byte[] records = new byte[cases.Count * RecordBytes];
        for (int i = 0; i < cases.Count; i++)
        {
            for (int j = 0; j < 15; j++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(records.AsSpan((i * RecordBytes) + (j * 4)), cases[i].Registers[j]);
            }
        }

        List<uint> code = [.. Opening, .. body];
        code.Add(0xEA000000 | ((uint)(Ending - code.Count - 2) & 0xFF_FFFF)); // b to the ending
        Assert.True(Code + ((uint)code.Count * 4) <= Records, "The code runs into the records.");
        Assert.True(Records + records.Length <= Scratch, "The records run into the scratch area.");
        uint[] image = new uint[(Records - Code + (uint)records.Length) / 4];
        code.CopyTo(image, 0);
        Buffer.BlockCopy(records, 0, image, (int)(Records - Code), records.Length);
        (byte[] ourRecords, byte[] ourScratch) = OnCore(image, records.Length, 2 * code.Count);
        byte[][] theirs = OnQemu(image, records.Length);
        for (int i = 0; i < cases.Count; i++)
        {
            int at = (i * RecordBytes) + ResultAt;
            Assert.True(theirs[0][at + RecordBytes - ResultAt - 4] != 0, $"QEMU takes {cases[i].Name} for UNDEFINED.");
            string expected = Show(theirs[0].AsSpan(at, RecordBytes - ResultAt));
            string actual = Show(ourRecords.AsSpan(at, RecordBytes - ResultAt));
            Assert.True(
                string.Equals(expected, actual, StringComparison.Ordinal),
                $"{cases[i].Name}\nbefore {Show(records.AsSpan(i * RecordBytes, ResultAt))}\nqemu   {expected}\nhere   {actual}");
        }

        Assert.Equal(theirs[1], ourScratch);
    }

    private static byte[][] OnQemu(uint[] image, int recordBytes)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, BareImage.Of(Code, image));
            return [.. QemuGuest.Run(file, 1, "d", (Records, recordBytes), (Scratch, ScratchBytes)).Memory];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static (byte[] Records, byte[] Scratch) OnCore(uint[] image, int recordBytes, int instructions)
    {
        TestMachine machine = new(8 << 20, []);
        machine.Put(Code, image);
        machine.Core[15] = Code;
        machine.Run((ulong)instructions);
        Assert.Equal(Code + ((Ending + 5) * 4), machine.Core[15]);
        return (
            machine.Ram.Bytes.AsSpan((int)(Records - TestMachine.Start), recordBytes).ToArray(),
            machine.Ram.Bytes.AsSpan((int)(Scratch - TestMachine.Start), ScratchBytes).ToArray());
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
}
