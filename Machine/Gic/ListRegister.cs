namespace ActorTrace.Machine.Gic;

/// <summary>A list register: a virtual interrupt on its way through a vCPU (ARM IHI 0048B 5.3.9, GICH_LRn).</summary>
/// <param name="VirtualId">The number that the guest sees.</param>
/// <param name="Priority">0..255; only the upper five bits count.</param>
/// <param name="Status">Inactive: the register is free.</param>
/// <param name="PhysicalId">With the HW bit: the physical interrupt that the guest's deactivation deactivates. Null without.</param>
public readonly record struct ListRegister(int VirtualId, byte Priority, InterruptStatus Status, int? PhysicalId)
{
    private const uint NumberMask = 0x3FF;
    private const int PhysicalShift = 10;
    private const int SourceShift = 10;
    private const uint SourceMask = 7;
    private const uint EoiBit = 1 << 19;
    private const int PriorityShift = 23;
    private const uint PriorityMask = 0x1F;
    private const int UnusedPriorityBits = 3;
    private const int StatusShift = 28;
    private const uint Group1Bit = 1 << 30;
    private const uint HardwareBit = 1U << 31;

    /// <summary>For an SGI: the vCPU that sent it.</summary>
    public int Source { get; init; }

    /// <summary>It is of group 1.</summary>
    public bool Group1 { get; init; }

    /// <summary>Without the HW bit: the guest's end of the interrupt raises the maintenance interrupt.</summary>
    public bool ReportsEnd { get; init; }

    /// <summary>Nothing is in it.</summary>
    public bool IsFree => Status == InterruptStatus.Inactive;

    /// <summary>As software reads it.</summary>
    public uint Encoded =>
        (uint)VirtualId | ((uint)(Priority >> UnusedPriorityBits) << PriorityShift) | ((uint)Status << StatusShift) | (Group1 ? Group1Bit : 0)
        | (PhysicalId is { } physical
            ? HardwareBit | ((uint)physical << PhysicalShift)
            : ((uint)Source << SourceShift) | (ReportsEnd ? EoiBit : 0));

    /// <summary>As software writes it.</summary>
    public static ListRegister Decode(uint value)
    {
        bool hardware = (value & HardwareBit) != 0;
        return new ListRegister(
            (int)(value & NumberMask), (byte)(((value >> PriorityShift) & PriorityMask) << UnusedPriorityBits),
            (InterruptStatus)((value >> StatusShift) & 3), hardware ? (int)((value >> PhysicalShift) & NumberMask) : null)
        {
            Source = hardware ? 0 : (int)((value >> SourceShift) & SourceMask),
            Group1 = (value & Group1Bit) != 0,
            ReportsEnd = !hardware && (value & EoiBit) != 0,
        };
    }
}
