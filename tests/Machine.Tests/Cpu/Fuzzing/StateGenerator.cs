using System.Numerics;
using System.Runtime.InteropServices;
using ActorTrace.Machine.Tests.Cpu.Vfp;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>Random states of a processor: registers that point into the window, at the traps, at nothing, or are just numbers.</summary>
internal sealed class StateGenerator(Random random)
{
    private const uint MaskedAborts = 1 << 8;
    private const uint FpscrBits = 0xF7C0_009F;
    private readonly VfpOperands operands = new(random);
    private static readonly uint[] Modes = [0x10, 0x10, 0x10, 0x1F, 0x13, 0x13, 0x11, 0x12, 0x17, 0x1B];

    internal FuzzSettings Settings(bool vfp, bool strict)
    {
        uint[] window = new uint[HarnessLayout.PageBytes / 4];
        for (int i = 0; i < window.Length; i++)
        {
            window[i] = random.Next(8) switch
            {
                0 => Trap(),
                1 => Pointer(),
                2 => Status(random.Next(2) == 0),
                _ => Any(),
            };
        }

        uint[] banks = new uint[22];
        for (int i = 0; i < 12; i++)
        {
            banks[i] = (i % 3) switch { 0 => Pointer() & ~7u, 1 => Trap(), _ => Status(random.Next(2) == 0) };
        }

        for (int i = 12; i < 17; i++)
        {
            banks[i] = Any();
        }

        (banks[17], banks[18], banks[19], banks[20], banks[21]) = (Pointer(), Trap(), Status(false), Pointer(), Trap());
        return new FuzzSettings(vfp, strict, window, banks);
    }

    internal void Fill(FuzzCase one, bool thumb, bool vfp)
    {
        if (vfp)
        {
            one.Fpscr = Any() & FpscrBits & (random.Next(2) == 0 ? ~0x9Fu : uint.MaxValue);
            operands.Fill(MemoryMarshal.Cast<uint, ulong>(one.Vfp.AsSpan()), (VfpOperands.Flavour)random.Next(4));
        }

        for (int i = 0; i < one.Registers.Length; i++)
        {
            one.Registers[i] = Value();
        }

        one.Sp = random.Next(8) == 0 ? Value() : random.Next(4) == 0 ? Pointer() : Pointer() & ~7u;
        one.Lr = random.Next(2) == 0 ? Trap() : Value();
        one.Spsr = Status(random.Next(2) == 0);
        one.Cpsr = (Status(thumb) & ~31u) | Modes[random.Next(Modes.Length)];
    }

    /// <summary>A value for an index register: small, so that the address stays in the window.</summary>
    internal uint Index() => random.Next(4) switch
    {
        0 => 0 - (uint)random.Next(256),
        1 => (uint)random.Next(64) * 4,
        _ => (uint)random.Next(0x2000),
    };

    /// <summary>An address in the middle of the window, often near the end of a page, mostly aligned.</summary>
    internal uint Pointer()
    {
        uint at = HarnessLayout.WindowVirtual + 0x4_0000 + (uint)random.Next(0x8_0000);
        at = random.Next(3) == 0 ? (at & ~0xFFFu) - 40 + (uint)random.Next(80) : at;
        return random.Next(4) switch { 0 => at, 1 => at & ~7u, _ => at & ~3u };
    }

    /// <summary>A status register with a mode that exists and IT only in T32 state.</summary>
    internal uint Status(bool thumb)
    {
        uint flags = (uint)random.NextInt64(1L << 32) & 0xF80F_0000;
        uint masks = (uint)random.Next(4) << 6 | MaskedAborts | (random.Next(16) == 0 ? 0x200u : 0);
        return flags | masks | Modes[random.Next(Modes.Length)] | (thumb ? 0x20 | IfThen() : 0);
    }

    internal uint Any() => random.Next(6) switch
    {
        0 => (uint)random.Next(4),
        1 => 0 - (uint)random.Next(4),
        2 => 0x8000_0000 + (uint)random.Next(3) - 1,
        3 => BitOperations.RotateLeft((uint)random.Next(256), random.Next(32)),
        _ => (uint)random.NextInt64(1L << 32),
    };

    /// <summary>The address of a trap, of T32 code where bit 0 is set.</summary>
    private uint Trap() => HarnessLayout.PadsVirtual + ((uint)random.Next(0x4_0000) * 4) + (uint)random.Next(2);

    private uint Value() => random.Next(8) switch
    {
        0 or 1 or 2 => Pointer(),
        3 => Trap(),
        4 => Index(),
        _ => Any(),
    };

    /// <summary>ITSTATE at its places in a status register; outside of a block most often. With the condition AL all are AL.</summary>
    private uint IfThen()
    {
        if (random.Next(3) != 0)
        {
            return 0;
        }

        uint state = (uint)random.Next(0xE0);
        state = (state & 15) == 0 ? state | 8 : state;
        state = random.Next(12) == 0 ? 0xE0u | (1u << random.Next(4)) : state;
        return ((state & 3) << 25) | ((state & 0xFC) << 8);
    }
}
