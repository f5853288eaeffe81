namespace ActorTrace.Machine.Gic;

/// <summary>The CPU interface's register map (ARM IHI 0048B tables 4-2 and 5-10): GICC and GICV have the same.</summary>
internal static class CpuInterfaceRegisters
{
    /// <summary>Bytes that the interface takes up: two pages.</summary>
    public const uint Size = 0x2000;

    /// <summary>GICC_IIDR of the Cortex-A15: architecture version 2, implementer ARM.</summary>
    private const uint CortexA15 = 0x0002_043B;

    private static readonly Register[] Registers =
    [
        new("GICC_CTLR", 0x000, g => g.Control, (g, v) => g.Control = v),
        new("GICC_PMR", 0x004, g => g.PriorityMask, (g, v) => g.PriorityMask = (byte)v),
        new("GICC_BPR", 0x008, g => g.BinaryPoint, (g, v) => g.BinaryPoint = v),
        new("GICC_IAR", 0x00C, g => g.Acknowledge(false), null),
        new("GICC_EOIR", 0x010, null, (g, v) => g.EndOfInterrupt(v)),
        new("GICC_RPR", 0x014, g => g.RunningPriorityRegister, null),
        new("GICC_HPPIR", 0x018, g => g.HighestPending(false), null),
        new("GICC_ABPR", 0x01C, g => g.AliasedBinaryPoint, (g, v) => g.AliasedBinaryPoint = v),
        new("GICC_AIAR", 0x020, g => g.Acknowledge(true), null),
        new("GICC_AEOIR", 0x024, null, (g, v) => g.EndOfInterrupt(v)),
        new("GICC_AHPPIR", 0x028, g => g.HighestPending(true), null),
        new("GICC_APR0", 0x0D0, g => g.ActivePriorities(0, 0), (g, v) => g.SetActivePriorities(0, 0, v)),
        new("GICC_APR1", 0x0D4, g => g.ActivePriorities(0, 1), (g, v) => g.SetActivePriorities(0, 1, v)),
        new("GICC_APR2", 0x0D8, g => g.ActivePriorities(0, 2), (g, v) => g.SetActivePriorities(0, 2, v)),
        new("GICC_APR3", 0x0DC, g => g.ActivePriorities(0, 3), (g, v) => g.SetActivePriorities(0, 3, v)),
        new("GICC_NSAPR0", 0x0E0, g => g.ActivePriorities(1, 0), (g, v) => g.SetActivePriorities(1, 0, v)),
        new("GICC_NSAPR1", 0x0E4, g => g.ActivePriorities(1, 1), (g, v) => g.SetActivePriorities(1, 1, v)),
        new("GICC_NSAPR2", 0x0E8, g => g.ActivePriorities(1, 2), (g, v) => g.SetActivePriorities(1, 2, v)),
        new("GICC_NSAPR3", 0x0EC, g => g.ActivePriorities(1, 3), (g, v) => g.SetActivePriorities(1, 3, v)),
        new("GICC_IIDR", 0x0FC, _ => CortexA15, null),
        new("GICC_DIR", 0x1000, null, (g, v) => g.DeactivateInterrupt(v)),
    ];

    /// <summary>Reads a register; what is no register, or write-only, reads as 0.</summary>
    public static uint Read(GicCpuInterface gic, uint offset, int size)
    {
        uint word = Find(offset & ~3U)?.Read?.Invoke(gic) ?? 0;
        return (uint)((word >> (int)(8 * (offset & 3))) & ((1UL << (8 * size)) - 1));
    }

    /// <summary>Writes a register; a store off the word's first byte does nothing.</summary>
    public static void Write(GicCpuInterface gic, uint offset, uint value) => Find(offset)?.Write?.Invoke(gic, value);

    private static Register? Find(uint offset)
    {
        foreach (Register register in Registers)
        {
            if (register.Offset == offset)
            {
                return register;
            }
        }

        return null;
    }

    private sealed record Register(string Name, uint Offset, Func<GicCpuInterface, uint>? Read, Action<GicCpuInterface, uint>? Write);
}
