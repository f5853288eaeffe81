using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Gic;

/// <summary>The distributor's register map (ARM IHI 0048B table 4-1): most registers are arrays of fields, one an interrupt.</summary>
internal static class DistributorRegisters
{
    private const uint Control = 0x000;
    private const uint Type = 0x004;
    private const uint Implementer = 0x008;
    private const uint SoftwareGenerated = 0xF00;
    private const uint FirstIdentification = 0xFD0;

    /// <summary>GICD_IIDR of the Cortex-A15: implementer ARM.</summary>
    private const uint CortexA15 = 0x0000_043B;

    private static readonly Field[] Fields =
    [
        // Register        Offset End    Bits  Read                                  Write
        new("GICD_IGROUPR", 0x080, 0x100, 1, (d, b, i) => d.Group(b, i), (d, b, i, v) => d.SetGroup(b, i, v)),
        new("GICD_ISENABLER", 0x100, 0x180, 1, (d, b, i) => d.Enable(b, i), (d, b, i, v) => d.SetEnable(b, i, v)),
        new("GICD_ICENABLER", 0x180, 0x200, 1, (d, b, i) => d.Enable(b, i), (d, b, i, v) => d.ClearEnable(b, i, v)),
        new("GICD_ISPENDR", 0x200, 0x280, 1, (d, b, i) => Bit(d.StatusOf(b, i), InterruptStatus.Pending), (d, b, i, v) => d.SetPending(b, i, v)),
        new("GICD_ICPENDR", 0x280, 0x300, 1, (d, b, i) => Bit(d.StatusOf(b, i), InterruptStatus.Pending), (d, b, i, v) => d.ClearPending(b, i, v)),
        new("GICD_ISACTIVER", 0x300, 0x380, 1, (d, b, i) => Bit(d.StatusOf(b, i), InterruptStatus.Active), (d, b, i, v) => d.SetActive(b, i, v)),
        new("GICD_ICACTIVER", 0x380, 0x400, 1, (d, b, i) => Bit(d.StatusOf(b, i), InterruptStatus.Active), (d, b, i, v) => d.ClearActive(b, i, v)),
        new("GICD_IPRIORITYR", 0x400, 0x800, 8, (d, b, i) => d.PriorityOf(b, i), (d, b, i, v) => d.SetPriority(b, i, v)),
        new("GICD_ITARGETSR", 0x800, 0xC00, 8, (d, b, i) => d.Targets(b, i), (d, b, i, v) => d.SetTargets(b, i, v)),
        new("GICD_ICFGR", 0xC00, 0xD00, 2, (d, b, i) => d.Configuration(b, i), (d, b, i, v) => d.SetConfiguration(b, i, v)),
        new("GICD_CPENDSGIR", 0xF10, 0xF20, 8, (d, b, i) => d.SgiSources(b, i), (d, b, i, v) => d.ClearSgiSources(b, i, v)),
        new("GICD_SPENDSGIR", 0xF20, 0xF30, 8, (d, b, i) => d.SgiSources(b, i), (d, b, i, v) => d.SetSgiSources(b, i, v)),
    ];

    /// <summary>Peripheral and component identification, one byte a word from 0xFD0 on: GICv2 by ARM (4.3.18).</summary>
    private static readonly byte[] Identification = [0x04, 0, 0, 0, 0x90, 0xB4, 0x2B, 0x00, 0x0D, 0xF0, 0x05, 0xB1];

    public static uint Read(GicDistributor distributor, int bank, uint offset, int size)
    {
        if (FindField(offset) is not { } field)
        {
            uint shift = 8 * (offset & 3);
            return (uint)((Word(distributor, offset & ~3U) >> (int)shift) & ((1UL << (8 * size)) - 1));
        }

        uint value = 0;
        int first = field.FirstInterrupt(offset);
        for (int i = 0; i < 8 * size / field.Bits && first + i < distributor.Interrupts; i++)
        {
            value |= field.Read(distributor, bank, first + i) << (i * field.Bits);
        }

        return value;
    }

    public static void Write(GicDistributor distributor, int bank, uint offset, int size, uint value, VirtualInstant now)
    {
        if (FindField(offset) is { } field)
        {
            int first = field.FirstInterrupt(offset);
            for (int i = 0; i < 8 * size / field.Bits && first + i < distributor.Interrupts; i++)
            {
                field.Write(distributor, bank, first + i, (value >> (i * field.Bits)) & ((1U << field.Bits) - 1));
            }
        }
        else if (offset == Control)
        {
            distributor.Control = value;
        }
        else if (offset == SoftwareGenerated)
        {
            distributor.Send(bank, value, now);
        }
    }

    private static uint Word(GicDistributor distributor, uint offset) => offset switch
    {
        Control => distributor.Control,
        Type => distributor.Type,
        Implementer => CortexA15,
        >= FirstIdentification when (offset - FirstIdentification) / 4 < Identification.Length =>
            Identification[(offset - FirstIdentification) / 4],
        _ => 0,
    };

    private static Field? FindField(uint offset)
    {
        foreach (Field field in Fields)
        {
            if (offset >= field.Offset && offset < field.End)
            {
                return field;
            }
        }

        return null;
    }

    private static uint Bit(InterruptStatus status, InterruptStatus wanted) => status.HasFlag(wanted) ? 1U : 0U;

    private sealed record Field(
        string Name, uint Offset, uint End, int Bits, Func<GicDistributor, int, int, uint> Read, Action<GicDistributor, int, int, uint> Write)
    {
        public int FirstInterrupt(uint offset) => (int)((offset - Offset) * 8 / (uint)Bits);
    }
}
