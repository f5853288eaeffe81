using System.Buffers.Binary;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Tests.Memory;

/// <summary>
/// The walk of long descriptors of both stages, written after the pseudocode TranslationTableWalkLD (ARM DDI 0406 B3.19.6) on bit
/// strings: the second implementation that the real one is compared with.
/// </summary>
internal sealed class ManualLongWalk(PhysicalMemory memory)
{
    /// <summary>A translation or a fault: FaultStatus 0 where there is none; Attributes are bits 63:52 and 11:2 as they apply.</summary>
    internal sealed record Found(uint FaultStatus, ulong Address, string Attributes, int Level, bool OnWalk, ulong WalkAddress);

    /// <summary>Stage 2 with its two registers; null for none.</summary>
    internal (ulong Vttbr, uint Vtcr)? Second { get; init; }

    internal bool BigEndian { get; init; }

    internal static ulong Bits(ulong value, int high, int low) => (value >> low) & (ulong.MaxValue >> (63 - high + low));

    internal Found Stage1(uint ttbcr, ulong ttbr0, ulong ttbr1, uint va)
    {
        int t0size = (int)Bits(ttbcr, 2, 0);
        int t1size = (int)Bits(ttbcr, 18, 16);
        bool baseFound = false;
        bool disabled = false;
        ulong table = 0;
        int level = 0;
        int startBit = 0;
        if (t0size == 0 || Bits(va, 31, 32 - t0size) == 0)
        {
            level = t0size > 1 ? 2 : 1;
            int bound = (9 * level) - t0size - 4;
            (baseFound, disabled) = (true, Bits(ttbcr, 7, 7) == 1);
            (table, startBit) = (Bits(ttbr0, 39, bound) << bound, 31 - t0size);
        }

        if ((t1size == 0 && !baseFound) || (t1size != 0 && Bits(va, 31, 32 - t1size) == Bits(uint.MaxValue, 31, 32 - t1size)))
        {
            level = t1size > 1 ? 2 : 1;
            int bound = (9 * level) - t1size - 4;
            (baseFound, disabled) = (true, Bits(ttbcr, 23, 23) == 1);
            (table, startBit) = (Bits(ttbr1, 39, bound) << bound, 31 - t1size);
        }

        return !baseFound || disabled ? Fault(0b000100, 1) : Walk(va, table, level, startBit, true);
    }

    internal Found Stage2(ulong ipa)
    {
        (ulong vttbr, uint vtcr) = Second ?? throw new InvalidOperationException("No stage 2.");
        int t0size = (int)Bits(vtcr, 3, 0) - (Bits(vtcr, 3, 3) == 1 ? 16 : 0);
        int sl0 = (int)Bits(vtcr, 7, 6);
        if (sl0 > 1 || (sl0 == 0 && t0size < -2) || (sl0 == 1 && t0size > 1))
        {
            return Fault(0b000100, 1);
        }

        if (t0size != -8 && Bits(ipa, 39, 32 - t0size) != 0)
        {
            return Fault(0b000100, 1);
        }

        int bound = 14 - t0size - (9 * sl0);
        return Walk(ipa, Bits(vttbr, 39, bound) << bound, 2 - sl0, 31 - t0size, false);
    }

    private static Found Fault(uint status, int level, bool onWalk = false, ulong at = 0) => new(status | (uint)level, 0, "", level, onWalk, at);

    private Found Walk(ulong ia, ulong table, int level, int startBit, bool first)
    {
        bool xn = false;
        bool pxn = false;
        bool noWrite = false;
        bool noUser = false;
        int top = startBit;
        while (true)
        {
            int low = 39 - (9 * level);
            ulong at = table | (Bits(ia, top, low) << 3);
            top = low - 1;
            ulong real = at;
            if (first && Second is not null)
            {
                Found below = Stage2(at);
                bool readable = below.FaultStatus == 0 && below.Attributes[^7] == '1';
                if (!readable)
                {
                    return Fault(below.FaultStatus == 0 ? 0b001100u | (uint)below.Level : below.FaultStatus, 0, true, at);
                }

                real = below.Address;
            }

            Span<byte> bytes = memory.Slice(new Pa(real), 8);
            if (bytes.IsEmpty)
            {
                return Fault(0b010100, level);
            }

            ulong descriptor = first && BigEndian ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            uint type = (uint)Bits(descriptor, 1, 0);
            if (type is 0 or 2 || (type == 1 && level == 3))
            {
                return Fault(0b000100, level);
            }

            if (type == 3 && level < 3)
            {
                table = Bits(descriptor, 39, 12) << 12;
                xn |= Bits(descriptor, 60, 60) == 1;
                pxn |= Bits(descriptor, 59, 59) == 1;
                noUser |= Bits(descriptor, 61, 61) == 1;
                noWrite |= Bits(descriptor, 62, 62) == 1;
                level++;
                continue;
            }

            if (Bits(descriptor, 10, 10) == 0)
            {
                return Fault(0b001000, level);
            }

            char[] attributes = Convert.ToString((long)descriptor, 2).PadLeft(64, '0').ToCharArray();
            if (first)
            {
                attributes[63 - 54] = xn ? '1' : attributes[63 - 54];
                attributes[63 - 53] = pxn ? '1' : attributes[63 - 53];
                attributes[63 - 7] = noWrite ? '1' : attributes[63 - 7];
                attributes[63 - 6] = noUser ? '0' : attributes[63 - 6];
            }

            return new Found(0, (Bits(descriptor, 39, low) << low) | Bits(ia, low - 1, 0), new string(attributes), level, false, 0);
        }
    }
}
