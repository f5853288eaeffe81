using System.Runtime.InteropServices;

namespace ActorTrace.Machine.Tests.Cpu;

/// <summary>A <see cref="TestMachine"/> that starts in T32 state.</summary>
internal static class ThumbMachine
{
    internal const uint Thumb = 1 << 5;

    internal static TestMachine Of(params ReadOnlySpan<ushort> code)
    {
        TestMachine machine = new();
        Put(machine, TestMachine.Start, code);
        machine.Core.Cpsr |= Thumb;
        return machine;
    }

    internal static void Put(TestMachine machine, uint address, params ReadOnlySpan<ushort> code) =>
        MemoryMarshal.AsBytes(code).CopyTo(machine.Ram.Bytes.AsSpan((int)(address - TestMachine.Start)));

    /// <summary>The instruction at an address, as ExecuteDisplaced wants it.</summary>
    internal static uint InstructionAt(TestMachine machine, uint address)
    {
        uint first = Halfword(machine, address);
        return first < 0xE800 ? first : (first << 16) | Halfword(machine, address + 2);
    }

    private static uint Halfword(TestMachine machine, uint address) =>
        MemoryMarshal.Read<ushort>(machine.Ram.Bytes.AsSpan((int)(address - TestMachine.Start)));
}
