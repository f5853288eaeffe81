using System.Buffers.Binary;
using System.Numerics;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>A case at its place: what registers and memory hold before its first instruction.</summary>
internal sealed class FuzzSituation(FuzzCase one, FuzzSettings settings)
{
    private const uint Up = 1 << 23;
    private const uint Indexed = 1 << 24;

    internal uint Register(uint number) => one.Register(number);

    /// <summary>The address of an A32 LDR or STR.</summary>
    internal uint WordAddress(uint word)
    {
        uint offset = (word & (1 << 25)) == 0 ? word & 0xFFF : Shifted(one, word);
        uint n = (word >> 16) & 15;
        uint start = n == 15 ? Register(n) & ~3u : Register(n);
        return (word & Indexed) == 0 ? start : start + ((word & Up) != 0 ? offset : 0 - offset);
    }

    /// <summary>RFE aborts, or loads a CPSR that can be.</summary>
    internal bool ReturnsSensibly(uint word)
    {
        uint start = Register((word >> 16) & 15);
        uint status = ((word >> 23) & 3) switch { 0 => start, 1 => start + 4, 2 => start - 4, _ => start + 8 };
        return (status & 3) != 0 || (InWindow(status) ? IsStatus(Word(status)) : status >> 28 != HarnessLayout.PadsVirtual >> 28 && status >> 28 != HarnessLayout.SlotsVirtual >> 28);
    }

    /// <summary>The mode exists, J and the reserved bits are 0, and IT is one of T32 state that the manual lists.</summary>
    internal static bool IsStatus(uint psr)
    {
        uint state = ((psr >> 8) & 0xFC) | ((psr >> 25) & 3);
        bool thumb = (psr & 0x20) != 0;
        bool block = state == 0 || (thumb && (state & 15) != 0 && (state < 0xE0 || (state < 0xF0 && BitOperations.IsPow2(state & 31))));
        return A32Exclusions.KnownMode(psr) && (psr & 0x01F0_0000) == 0 && block;
    }

    private static bool InWindow(uint address) => address >> 20 == HarnessLayout.WindowVirtual >> 20;

    private uint Word(uint address)
    {
        uint word = settings.Window[(address & 0xFFF) / 4];
        return (one.Cpsr & 0x200) != 0 ? BinaryPrimitives.ReverseEndianness(word) : word;
    }

    /// <summary>The index of an A32 LDR or STR.</summary>
    internal static uint Shifted(FuzzCase one, uint word)
    {
        uint value = one.Register(word & 15);
        int amount = (int)(word >> 7) & 31;
        return ((word >> 5) & 3) switch
        {
            0 => value << amount,
            1 => amount == 0 ? 0 : value >> amount,
            2 => (uint)((int)value >> (amount == 0 ? 31 : amount)),
            _ => amount == 0 ? (value >> 1) | ((one.Cpsr & 0x2000_0000) << 2) : BitOperations.RotateRight(value, amount),
        };
    }
}
