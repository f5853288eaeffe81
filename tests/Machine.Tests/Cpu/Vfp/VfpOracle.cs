using System.Buffers.Binary;
using ActorTrace.Machine.Tests.Guests;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu.Vfp;

/// <summary>Runs one bare program on QEMU's Cortex-A15 and on a core, and takes the same memory of both.</summary>
internal static class VfpOracle
{
    internal const uint Code = 0x4010_0000;
    internal const uint Records = 0x4100_0000;
    private const int RamBytes = 64 << 20;
    private const int Ending = 16;

    /// <summary>
    /// Vectors at word 8: Undefined adds 1 to R12, a data abort 256, and both go on behind the instruction; SVC goes on in SVC mode;
    /// all others end the run at word 16. Then floating point is switched on, and SP is where the records begin.
    /// </summary>
    private static readonly uint[] Opening =
    [
        0xEA000019, 0, 0, 0, 0, 0, 0, 0, // b to word 27
        0xEA000006, 0xEA00000B, 0xEA00000E, 0xEA000003, 0xEA00000A, 0xEA000001, 0xEA000000, 0xEAFFFFFF,
        0xE3A00409, // mov r0, #0x09000000
        0xE3A01064, // mov r1, #'d'
        0xE5801000, // str r1, [r0]
        0xE3A0100A, // mov r1, #'\n'
        0xE5801000, // str r1, [r0]
        0xEAFFFFFE, // b .
        0xE28CC001, // add r12, r12, #1
        0xE1B0F00E, // movs pc, lr
        0xE28CCC01, // add r12, r12, #0x100
        0xE25EF004, // subs pc, lr, #4
        0xE1A0F00E, // mov pc, lr
        0xE3A00101, // mov r0, #0x40000000
        0xE3800601, // orr r0, r0, #0x00100000
        0xE3800020, // orr r0, r0, #0x20
        0xEE0C0F10, // mcr p15, 0, r0, c12, c0, 0
        0xE3A0060F, // mov r0, #0x00F00000
        0xEE010F50, // mcr p15, 0, r0, c1, c0, 2
        0xF57FF06F, // isb
        0xE3A00101, // mov r0, #0x40000000
        0xEEE80A10, // vmsr fpexc, r0
        0xE3A0D441, // mov sp, #0x41000000
        0xE3A0C000, // mov r12, #0
    ];

    /// <summary>The memory where the records are, after the program, on QEMU and here.</summary>
    internal static (byte[] Theirs, byte[] Ours) Run(IEnumerable<uint> body, byte[] records)
    {
        List<uint> code = [.. Opening, .. body];
        code.Add(0xEA00_0000 | ((uint)(Ending - code.Count - 2) & 0xFF_FFFF));
        Assert.True(code.Count * 4 <= Records - Code);
        uint[] image = new uint[(Records - Code + (uint)records.Length) / 4];
        code.CopyTo(image);
        Buffer.BlockCopy(records, 0, image, (int)(Records - Code), records.Length);
        return (OnQemu(image, records.Length), OnCore(image, records.Length));
    }

    internal static uint Word(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    internal static void Put(byte[] bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);

    private static byte[] OnQemu(uint[] image, int recordBytes)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, BareImage.Of(Code, image));
            return QemuGuest.Run(file, 1, "d", (Records, recordBytes)).Memory[0];
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static byte[] OnCore(uint[] image, int recordBytes)
    {
        TestMachine machine = new(RamBytes, []);
        machine.Put(Code, image);
        machine.Core[15] = Code;
        const uint ended = Code + ((Ending + 5) * 4);
        for (int i = 0; i < 1000 && machine.Core[15] != ended; i++)
        {
            machine.Run(100_000);
        }

        Assert.Equal(ended, machine.Core[15]);
        return machine.Ram.Bytes.AsSpan((int)(Records - TestMachine.Start), recordBytes).ToArray();
    }
}
