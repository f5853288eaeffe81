namespace ActorTrace.Machine.Gic;

/// <summary>The virtual interface control registers, GICH (ARM IHI 0048B table 5-1): what the hypervisor sees of the virtual interface.</summary>
internal static class VirtualInterfaceControl
{
    private const uint FirstListRegister = 0x100;

    /// <summary>GICH_VTR of the Cortex-A15: five bits of priority and of preemption, four list registers.</summary>
    private const uint Type = (4U << 29) | (4U << 26) | (VirtualCpuInterface.ListRegisters - 1);

    private static readonly Register[] Registers =
    [
        new("GICH_HCR", 0x000, g => g.HypervisorControl, (g, v) => g.HypervisorControl = v),
        new("GICH_VTR", 0x004, _ => Type, null),
        new("GICH_VMCR", 0x008, g => g.MachineControl, (g, v) => g.MachineControl = v),
        new("GICH_MISR", 0x010, g => (uint)g.MaintenanceStatus, null),
        new("GICH_EISR0", 0x020, g => g.EndStatus, null),
        new("GICH_ELSR0", 0x030, g => g.EmptyStatus, null),
        new("GICH_APR", 0x0F0, g => g.Active, (g, v) => g.SetActivePriorities(0, 0, v)),
        new("GICH_LR0", FirstListRegister, g => g[0].Encoded, (g, v) => g[0] = ListRegister.Decode(v)),
        new("GICH_LR1", FirstListRegister + 4, g => g[1].Encoded, (g, v) => g[1] = ListRegister.Decode(v)),
        new("GICH_LR2", FirstListRegister + 8, g => g[2].Encoded, (g, v) => g[2] = ListRegister.Decode(v)),
        new("GICH_LR3", FirstListRegister + 12, g => g[3].Encoded, (g, v) => g[3] = ListRegister.Decode(v)),
    ];

    /// <summary>Reads a register; what is none reads as 0.</summary>
    public static uint Read(VirtualCpuInterface gic, uint offset) => Array.Find(Registers, r => r.Offset == offset)?.Read(gic) ?? 0;

    /// <summary>Writes a register; what is none, or read-only, ignores it.</summary>
    public static void Write(VirtualCpuInterface gic, uint offset, uint value) =>
        Array.Find(Registers, r => r.Offset == offset)?.Write?.Invoke(gic, value);

    private sealed record Register(string Name, uint Offset, Func<VirtualCpuInterface, uint> Read, Action<VirtualCpuInterface, uint>? Write);
}
