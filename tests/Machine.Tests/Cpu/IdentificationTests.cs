using System.Buffers.Binary;
using ActorTrace.Machine.Tests.Guests;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu;

public class IdentificationTests
{
    private const uint Code = 0x4010_0000;
    private const uint Results = 0x4020_0000;

    /// <summary>(opc1, CRm, opc2) of c0 and their names.</summary>
    private static readonly (int Opc1, int Crm, int Opc2, string Name)[] Registers =
    [
        (0, 0, 0, "MIDR"), (0, 0, 1, "CTR"), (0, 0, 5, "MPIDR"), (0, 1, 0, "ID_PFR0"), (0, 1, 1, "ID_PFR1"), (0, 1, 2, "ID_DFR0"),
        (0, 1, 4, "ID_MMFR0"), (0, 1, 5, "ID_MMFR1"), (0, 1, 6, "ID_MMFR2"), (0, 1, 7, "ID_MMFR3"), (0, 2, 0, "ID_ISAR0"),
        (0, 2, 1, "ID_ISAR1"), (0, 2, 2, "ID_ISAR2"), (0, 2, 3, "ID_ISAR3"), (0, 2, 4, "ID_ISAR4"), (1, 0, 0, "CCSIDR"), (1, 0, 1, "CLIDR"),
    ];

    [SkippableFact]
    public void The_identification_registers_are_those_of_qemus_cortex_a15()
    {
        QemuGuest.Require();
        List<uint> code = [0xE3A01101, 0xE3811602]; // mov r1, #0x40000000; orr r1, r1, #0x00200000
        foreach ((int opc1, int crm, int opc2, _) in Registers)
        {
            code.Add(0xEE100F10 | ((uint)opc1 << 21) | (uint)crm | ((uint)opc2 << 5)); // mrc p15, opc1, r0, c0, crm, opc2
            code.Add(0xE4810004); // str r0, [r1], #4
        }

        code.AddRange([0xEE110F10, 0xE4810004, 0xE10F0000, 0xE4810004]); // SCTLR; CPSR
        code.AddRange([0xE3A00409, 0xE3A02064, 0xE5802000, 0xE3A0200A, 0xE5802000, 0xEAFFFFFE]); // 'd', '\n' to the UART; b .
        int bytes = (Registers.Length + 2) * 4;
        string file = Path.GetTempFileName();
        File.WriteAllBytes(file, BareImage.Of(Code, [.. code]));
        byte[] theirs = QemuGuest.Run(file, 1, "d", (Results, bytes)).Memory[0];
        File.Delete(file);
        TestMachine machine = new(4 << 20, []);
        machine.Put(Code, [.. code]);
        machine.Core[15] = Code;
        machine.Run((ulong)code.Count);
        List<string> expected = [];
        List<string> actual = [];
        for (int i = 0; i < Registers.Length + 2; i++)
        {
            string name = i < Registers.Length ? Registers[i].Name : i == Registers.Length ? "SCTLR" : "CPSR";
            expected.Add($"{name} {BinaryPrimitives.ReadUInt32LittleEndian(theirs.AsSpan(i * 4)):x8}");
            actual.Add($"{name} {machine.Word(Results + ((uint)i * 4)):x8}");
        }

        Assert.Equal(expected, actual, StringComparer.Ordinal);
    }
}
