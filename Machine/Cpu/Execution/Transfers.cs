using System.Numerics;
using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Memory;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Loads and stores in all their modes. Each gives false where an access was refused: then no register has changed.</summary>
internal sealed unsafe class Transfers(Mmu mmu)
{
    private const int Pc = 15;
    private const uint Indexed = 1 << 24;
    private const uint Up = 1 << 23;
    private const uint Writeback = 1 << 21;
    private const uint Load = 1 << 20;

    internal bool Execute(CpuState* s, Op* op) => (A32)op->Rs switch
    {
        A32.LoadStore => WordOrByte(s, op->Raw, Privileged(s, op->Raw)),
        A32.LoadStoreUnprivileged => WordOrByte(s, op->Raw, false),
        A32.LoadStoreExtra => Extra(s, op, Privileged(s, op->Raw)),
        A32.LoadStoreExtraUnprivileged => Extra(s, op, false),
        A32.LoadStoreDual => Dual(s, op),
        A32.LoadExclusive => LoadExclusive(s, op),
        _ => StoreExclusive(s, op),
    };

    internal bool WordOrByte(CpuState* s, uint word, bool privileged)
    {
        uint offset = (word & (1 << 25)) != 0 ? Alu.Index(s, word) : word & 0xFFF;
        uint address = Address(s, word, (word & Up) != 0 ? offset : 0 - offset, out uint after);
        int size = (word & (1 << 22)) != 0 ? 1 : 4;
        uint t = (word >> 12) & 15;
        if ((word & Load) == 0)
        {
            if (!mmu.Store(address, size, s->R[t], false, privileged))
            {
                return false;
            }

            Write(s, word, after);
            return true;
        }

        if (!mmu.Load(address, size, false, privileged, out uint value))
        {
            return false;
        }

        Write(s, word, after);
        s->R[t] = value;
        return true;
    }

    private bool Extra(CpuState* s, Op* op, bool privileged)
    {
        uint word = op->Raw;
        uint address = Address(s, word, ExtraOffset(s, op), out uint after);
        uint t = (word >> 12) & 15;
        uint kind = (word >> 5) & 3;
        if ((word & Load) == 0)
        {
            if (!mmu.Store(address, 2, s->R[t], false, privileged))
            {
                return false;
            }

            Write(s, word, after);
            return true;
        }

        if (!mmu.Load(address, kind == 2 ? 1 : 2, false, privileged, out uint value))
        {
            return false;
        }

        Write(s, word, after);
        s->R[t] = kind switch
        {
            1 => value,
            2 => (uint)(sbyte)value,
            _ => (uint)(short)value,
        };
        return true;
    }

    /// <summary>LDRD and STRD.</summary>
    internal bool Dual(CpuState* s, Op* op)
    {
        uint word = op->Raw;
        uint t = op->Rd;
        uint t2 = op->Shift;
        uint address = Address(s, word, ExtraOffset(s, op), out uint after);
        bool loads = (word & 0x20) == 0;
        bool privileged = s->Privileged;
        if ((address & 3) != 0)
        {
            return mmu.AlignmentAbort(address, !loads);
        }

        if (!loads)
        {
            if (!mmu.Store(address, 4, s->R[t], true, privileged) || !mmu.Store(address + 4, 4, s->R[t2], true, privileged))
            {
                return false;
            }

            Write(s, word, after);
            return true;
        }

        if (!mmu.Load(address, 4, true, privileged, out uint first) || !mmu.Load(address + 4, 4, true, privileged, out uint second))
        {
            return false;
        }

        Write(s, word, after);
        s->R[t] = first;
        s->R[t2] = second;
        return true;
    }

    internal bool LoadMultiple(CpuState* s, uint word)
    {
        uint list = word & 0xFFFF;
        uint address = Start(s, word, out uint after);
        uint n = (word >> 16) & 15;
        uint* values = stackalloc uint[16];
        if (!LoadWords(address, BitOperations.PopCount(list), s->Privileged, values))
        {
            return false;
        }

        if ((word & Writeback) != 0 && n != Pc)
        {
            s->R[n] = after;
        }

        for (; list != 0; list &= list - 1)
        {
            s->R[BitOperations.TrailingZeroCount(list)] = *values++;
        }

        return true;
    }

    internal bool StoreMultiple(CpuState* s, uint word)
    {
        uint list = word & 0xFFFF;
        uint address = Start(s, word, out uint after);
        uint n = (word >> 16) & 15;
        uint* values = stackalloc uint[16];
        int count = 0;
        for (; list != 0; list &= list - 1)
        {
            values[count++] = s->R[BitOperations.TrailingZeroCount(list)];
        }

        if (!StoreWords(address, count, s->Privileged, values))
        {
            return false;
        }

        if ((word & Writeback) != 0 && n != Pc)
        {
            s->R[n] = after;
        }

        return true;
    }

    /// <summary>The lowest address of a block transfer, and the base after it.</summary>
    internal static uint Start(CpuState* s, uint word, out uint after)
    {
        uint size = (uint)BitOperations.PopCount(word & 0xFFFF) * 4;
        uint start = s->R[(word >> 16) & 15];
        bool before = (word & Indexed) != 0;
        if ((word & Up) != 0)
        {
            after = start + size;
            return before ? start + 4 : start;
        }

        after = start - size;
        return before ? after : after + 4;
    }

    internal bool LoadWords(uint address, int count, bool privileged, uint* values)
    {
        for (int i = 0; i < count; i++)
        {
            if (!mmu.Load(address + ((uint)i * 4), 4, true, privileged, out values[i]))
            {
                return false;
            }
        }

        return true;
    }

    internal bool StoreWords(uint address, int count, bool privileged, uint* values)
    {
        for (int i = 0; i < count; i++)
        {
            if (!mmu.Store(address + ((uint)i * 4), 4, values[i], true, privileged))
            {
                return false;
            }
        }

        return true;
    }

    private bool LoadExclusive(CpuState* s, Op* op)
    {
        uint address = s->R[op->Rn] + op->Imm;
        int size = ExclusiveSize(op->Raw);
        bool dual = size == 8;
        if ((address & (size - 1)) != 0)
        {
            return mmu.AlignmentAbort(address, false);
        }

        uint second = 0;
        if (!mmu.Load(address, dual ? 4 : size, true, s->Privileged, out uint first)
            || (dual && !mmu.Load(address + 4, 4, true, s->Privileged, out second))
            || !mmu.Translate(address, MemoryAccess.Read, s->Privileged, out ulong physical))
        {
            return false;
        }

        s->ExclusiveSize = (uint)size;
        s->ExclusiveAddress = physical;
        s->ExclusiveValue = first | ((ulong)second << 32);
        s->R[op->Rd] = first;
        if (dual)
        {
            s->R[op->Shift] = second;
        }

        return true;
    }

    /// <summary>Succeeds where the address is that of the last LDREX and still holds what that read.</summary>
    private bool StoreExclusive(CpuState* s, Op* op)
    {
        uint address = s->R[op->Rn] + op->Imm;
        int size = ExclusiveSize(op->Raw);
        bool dual = size == 8;
        if ((address & (size - 1)) != 0)
        {
            return mmu.AlignmentAbort(address, true);
        }

        if (!mmu.Translate(address, MemoryAccess.Write, s->Privileged, out ulong physical))
        {
            return false;
        }

        bool succeeds = s->ExclusiveSize == size && s->ExclusiveAddress == physical;
        if (succeeds)
        {
            uint second = 0;
            if (!mmu.Load(address, dual ? 4 : size, true, s->Privileged, out uint first)
                || (dual && !mmu.Load(address + 4, 4, true, s->Privileged, out second)))
            {
                return false;
            }

            succeeds = s->ExclusiveValue == (first | ((ulong)second << 32));
        }

        if (succeeds
            && (!mmu.Store(address, dual ? 4 : size, s->R[op->Rm], true, s->Privileged)
                || (dual && !mmu.Store(address + 4, 4, s->R[op->Shift], true, s->Privileged))))
        {
            return false;
        }

        if (succeeds)
        {
            mmu.CloseExclusives(physical);
        }

        s->ExclusiveSize = 0;
        s->R[op->Rd] = succeeds ? 0u : 1;
        return true;
    }

    private static int ExclusiveSize(uint word) => ((word >> 21) & 3) switch
    {
        0 => 4,
        1 => 8,
        2 => 1,
        _ => 2,
    };

    /// <summary>The offset of halfwords and pairs, with its sign. A pair has no shifted index.</summary>
    private static uint ExtraOffset(CpuState* s, Op* op)
    {
        if ((op->Raw & (1 << 22)) != 0)
        {
            return op->Imm;
        }

        uint index = s->R[op->Rm] << ((A32)op->Rs == A32.LoadStoreExtra ? op->Shift : 0);
        return (op->Raw & Up) != 0 ? index : 0 - index;
    }

    /// <summary>Where a transfer goes.</summary>
    /// <param name="s">The registers.</param>
    /// <param name="word">Tells the base and the mode.</param>
    /// <param name="offset">With its sign.</param>
    /// <param name="after">What the base becomes.</param>
    private static uint Address(CpuState* s, uint word, uint offset, out uint after)
    {
        uint n = (word >> 16) & 15;
        uint start = n == Pc ? s->R[Pc] & ~3u : s->R[n];
        after = start + offset;
        return (word & Indexed) != 0 ? after : start;
    }

    /// <summary>P = 0, W = 1: as PL0 would.</summary>
    private static bool Privileged(CpuState* s, uint word) => s->Privileged && (word & (Indexed | Writeback)) != Writeback;

    private static void Write(CpuState* s, uint word, uint after)
    {
        uint n = (word >> 16) & 15;
        if (n != Pc && (word & (Indexed | Writeback)) != Indexed)
        {
            s->R[n] = after;
        }
    }
}
