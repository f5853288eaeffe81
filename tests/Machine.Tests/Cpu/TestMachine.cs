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
}
