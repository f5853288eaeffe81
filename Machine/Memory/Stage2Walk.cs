using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Memory;

/// <summary>The stage-2 table walk: long descriptors from VTTBR (ARM DDI 0406 B3.6.6). Reads only, no side effect.</summary>
public static class Stage2Walk
{
    private const ulong AddressMask = 0xFF_FFFF_F000;

    /// <summary>Translates an intermediate physical address.</summary>
    /// <param name="controls">VTTBR and VTCR; with stage 2 off the translation is the identity.</param>
    /// <param name="memory">Where the tables are.</param>
    /// <param name="address">What to translate.</param>
    /// <returns>The physical address with its permissions, or the fault.</returns>
    public static Stage2Result Translate(HypControls controls, PhysicalMemory memory, Ipa address)
    {
        ArgumentNullException.ThrowIfNull(controls);
        ArgumentNullException.ThrowIfNull(memory);
        if (!controls.Stage2)
        {
            return new Stage2Result { Pa = new Pa(address.Value), Readable = true, Writable = true, Executable = true };
        }

        int level = 2 - (int)((controls.Vtcr >> 6) & 3);
        int size = SignedSize(controls.Vtcr);
        if (!IsConsistent(level, size) || address.Value >> (32 - size) != 0)
        {
            return Fault(FaultKind.Translation, 1, 0);
        }

        ulong table = controls.Vttbr & (AddressMask | 0xFFF) & (ulong.MaxValue << ((9 * level) - size - 4));
        for (int reads = 1; ; reads++, level++)
        {
            // At the first level of the walk the index takes all upper bits: concatenated tables.
            int shift = 39 - (9 * level);
            ulong index = address.Value >> shift;
            if (reads > 1)
            {
                index &= 0x1FF;
            }

            if (!memory.TryReadDoubleWord(new Pa(table + (index * 8)), out ulong descriptor))
            {
                return Fault(FaultKind.ExternalOnWalk, level, reads);
            }

            bool valid = (descriptor & 1) != 0;
            bool deeper = (descriptor & 2) != 0;
            if (!valid || (level == 3 && !deeper))
            {
                return Fault(FaultKind.Translation, level, reads);
            }

            if (level < 3 && deeper)
            {
                table = descriptor & AddressMask;
                continue;
            }

            return Leaf(descriptor, address.Value, shift, level, reads);
        }
    }

    private static Stage2Result Leaf(ulong descriptor, ulong address, int shift, int level, int reads)
    {
        if ((descriptor & (1UL << 10)) == 0)
        {
            return Fault(FaultKind.AccessFlag, level, reads);
        }

        ulong offset = (1UL << shift) - 1;
        return new Stage2Result
        {
            Pa = new Pa((descriptor & AddressMask & ~offset) | (address & offset)),
            Readable = (descriptor & (1UL << 6)) != 0,
            Writable = (descriptor & (1UL << 7)) != 0,
            Executable = (descriptor & (1UL << 54)) == 0,
            Level = level,
            DescriptorReads = reads,
        };
    }

    /// <summary>VTCR.T0SZ is a signed number of four bits: -8 to 7.</summary>
    private static int SignedSize(uint vtcr) => (int)(vtcr << 28) >> 28;

    /// <summary>At most 16 tables side by side at the first level, and at least two entries (table B3-2); all else is UNPREDICTABLE.</summary>
    private static bool IsConsistent(int level, int size) => level switch
    {
        1 => size <= 1,
        2 => size >= -2,
        _ => false,
    };

    private static Stage2Result Fault(FaultKind kind, int level, int reads) =>
        new() { Fault = new MemoryFault(kind, level), Level = level, DescriptorReads = reads };
}
