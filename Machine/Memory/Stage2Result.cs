using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Memory;

/// <summary>What a stage-2 translation gave (ARM DDI 0406 B3.6).</summary>
public readonly record struct Stage2Result
{
    /// <summary>True where the address is mapped. Permissions are separate.</summary>
    public bool IsMapped => FaultStatus == 0;

    /// <summary>The physical address, with the page offset; only where mapped.</summary>
    public Pa Pa { get; init; }

    /// <summary>S2AP[0]: loads and fetches are allowed.</summary>
    public bool Readable { get; init; }

    /// <summary>S2AP[1]: stores are allowed.</summary>
    public bool Writable { get; init; }

    /// <summary>Not XN: fetches are allowed.</summary>
    public bool Executable { get; init; }

    /// <summary>The level of the last descriptor read, 1 to 3; 0 where stage 2 is off.</summary>
    public int Level { get; init; }

    /// <summary>The long-format fault status (DFSC[5:0], B3.13.3) where not mapped, else 0.</summary>
    public uint FaultStatus { get; init; }

    /// <summary>Descriptors read.</summary>
    public int DescriptorReads { get; init; }
}
