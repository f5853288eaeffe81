using System.Buffers.Binary;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Tests.Cpu;

/// <summary>A core with one vCPU and a megabyte of RAM at 0x40000000, where the code starts.</summary>
internal sealed class TestMachine
{
    internal const uint Start = 0x4000_0000;
    internal const uint Udf = 0xE7F0_00F0;

    internal TestMachine(params ReadOnlySpan<uint> code)
        : this(1 << 20, code)
    {
    }

    internal TestMachine(int ramLength, ReadOnlySpan<uint> code)
    {
        Ram = new RamRegion(new Pa(Start), ramLength);
        Memory = new PhysicalMemory([Ram]);
        Put(Start, code);
        Vcpu.Reset(new GuestVa(Start), 0, 0, 0);
        Core = new Core(new CoreId(0), TestPeripherals.Rates, Peripherals);
        Core.Attach(Vcpu, Memory);
    }

    internal RamRegion Ram { get; }

    internal PhysicalMemory Memory { get; }

    internal VcpuContext Vcpu { get; } = new(new VcpuId(new GuestId(0), 0));

    internal TestPeripherals Peripherals { get; } = new();

    internal Core Core { get; }

    internal void Put(uint address, params ReadOnlySpan<uint> words)
    {
        for (int i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(Ram.Bytes.AsSpan((int)(address - Start) + (i * 4)), words[i]);
        }
    }

    internal uint Word(uint address) => BinaryPrimitives.ReadUInt32LittleEndian(Ram.Bytes.AsSpan((int)(address - Start)));

    /// <summary>Runs that many instructions.</summary>
    internal CoreExit Run(ulong instructions) => Core.RunUntil(Core.Now + (instructions * TestPeripherals.Rates.CyclesPerInstruction));

    /// <summary>D0-D31 and FPSCR, by code that stores them at the end of RAM. R0, R1, CPSR and the enable bits are not kept.</summary>
    internal byte[] FloatingPoint()
    {
        const int bytes = (32 * 8) + 4;
        uint at = Start + (uint)Ram.Bytes.Length - 512;
        uint[] code =
        [
            0xE3A00101, 0xEEE80A10, // mov r0, #0x40000000; vmsr fpexc, r0
            0xECA10B20, 0xECE10B20, // vstmia r1!, {d0-d15}; vstmia r1!, {d16-d31}
            0xEEF10A10, 0xE5810000, // vmrs r0, fpscr; str r0, [r1]
        ];
        Put(at, code);
        Core.InvalidateInstructions(new Pa(at), (uint)code.Length * 4);
        Vcpu.Cp15.Cpacr = 0x00F0_0000;
        Core.Cpsr = 0x1D3;
        (Core[15], Core[1]) = (at, at + 32);
        Run((ulong)code.Length);
        return Ram.Bytes.AsSpan((int)(at + 32 - Start), bytes).ToArray();
    }
}
