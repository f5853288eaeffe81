using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Memory;

/// <summary>The stage-1 walk of long descriptors (ARM DDI 0406 B3.6.1 to B3.6.7). The contiguous hint means nothing here.</summary>
internal static class LongDescriptorWalk
{
    private const ulong AddressMask = 0xFF_FFFF_F000;
    private const ulong AccessFlag = 1 << 10;

    internal static Stage1Result Translate(VcpuContext vcpu, PhysicalMemory memory, uint va)
    {
        Cp15 cp15 = vcpu.Cp15;
        DescriptorReader reader = new(vcpu, memory);
        if (!TrySelect(cp15, va, out ulong table, out int size))
        {
            return Refused(FaultKind.Translation, 1, reader);
        }

        // A region of at most 1 GiB begins at the second level.
        int level = size > 1 ? 2 : 1;
        ulong offset = va & (uint.MaxValue >> size);
        ulong tables = 0;
        table &= AddressMask | 0xFFF;
        table &= ulong.MaxValue << ((9 * level) - size - 4);
        for (; ; level++)
        {
            int shift = 39 - (9 * level);
            if (!reader.TryReadDoubleWord(table + (offset >> shift << 3), out ulong descriptor))
            {
                return reader.Unreadable(level, 0);
            }

            bool deeper = (descriptor & 2) != 0;
            if ((descriptor & 1) == 0 || (level == 3 && !deeper))
            {
                return Refused(FaultKind.Translation, level, reader);
            }

            if (level == 3 || !deeper)
            {
                return Leaf(cp15, va, descriptor, tables, level, reader);
            }

            tables |= descriptor;
            table = descriptor & AddressMask;
            offset &= (1UL << shift) - 1;
        }
    }

    /// <summary>Which of the two tables holds an address (B3.6.4): false in the gap between them and where its walks are disabled.</summary>
    private static bool TrySelect(Cp15 cp15, uint va, out ulong table, out int size)
    {
        int lower = (int)(cp15.Ttbcr & 7);
        int upper = (int)((cp15.Ttbcr >> 16) & 7);
        bool first = lower == 0 || va >> (32 - lower) == 0;
        bool second = upper == 0 ? !first : va >> (32 - upper) == (1u << upper) - 1;
        (table, size) = second ? (cp15.Ttbr1, upper) : (cp15.Ttbr0, lower);
        return (first || second) && ((cp15.Ttbcr >> (second ? 23 : 7)) & 1) == 0;
    }

    /// <summary>The last descriptor with what the tables above take away: APTable, XNTable and PXNTable (B3.6.3).</summary>
    private static Stage1Result Leaf(Cp15 cp15, uint va, ulong descriptor, ulong tables, int level, DescriptorReader reader)
    {
        if ((descriptor & AccessFlag) == 0)
        {
            return Refused(FaultKind.AccessFlag, level, reader);
        }

        int bits = 39 - (9 * level);
        ulong inside = (1UL << bits) - 1;
        uint permissions = ((uint)(descriptor >> 6) & 3 & ~((uint)(tables >> 61) & 1)) | ((uint)(tables >> 61) & 2);
        return new Stage1Result
        {
            Ipa = new Ipa((descriptor & AddressMask & ~inside) | (va & inside)),
            Rights = ShortDescriptorWalk.Simple(permissions),
            ExecuteNever = ((descriptor >> 54) & 1) != 0 || ((tables >> 60) & 1) != 0,
            PrivilegedExecuteNever = ((descriptor >> 53) & 1) != 0 || ((tables >> 59) & 1) != 0,
            Attributes = MemoryAttributes.OfLong(cp15, (int)(descriptor >> 2) & 7, (uint)(descriptor >> 8) & 3),
            Level = level,
            SizeBits = bits,
            DescriptorReads = reader.Reads,
        };
    }

    private static Stage1Result Refused(FaultKind kind, int level, DescriptorReader reader) =>
        new() { Fault = new MemoryFault(kind, level), Level = level, DescriptorReads = reader.Reads };
}
