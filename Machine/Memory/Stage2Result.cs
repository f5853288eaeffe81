using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Memory;

/// <summary>What a stage-2 translation gave (ARM DDI 0406 B3.6).</summary>
public readonly record struct Stage2Result
{
    /// <summary>True where the address is mapped. Permissions are separate.</summary>
    public bool IsMapped => Fault.IsNone;

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

    /// <summary>Why it is not mapped or not allowed.</summary>
    public MemoryFault Fault { get; init; }

    /// <summary>The fault as HSR's DFSC or IFSC, 0 where there is none.</summary>
    public uint FaultStatus => Fault.Long;

    /// <summary>Descriptors read.</summary>
    public int DescriptorReads { get; init; }

    /// <summary>The blocks of this size, in address bits, that one descriptor maps: 12, 21 or 30.</summary>
    public int SizeBits => Level == 0 ? 12 : 39 - (9 * Level);

    /// <summary>Adds the permission check.</summary>
    /// <param name="access">What is to be done. A fetch needs the right to load as well.</param>
    public Stage2Result Check(MemoryAccess access)
    {
        bool allowed = access switch
        {
            MemoryAccess.Write => Writable,
            MemoryAccess.Execute => Readable && Executable,
            _ => Readable,
        };
        return allowed || !IsMapped ? this : this with { Fault = new MemoryFault(FaultKind.Permission, Level) };
    }
}
