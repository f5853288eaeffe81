using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Memory;

/// <summary>What a stage-1 translation gave (ARM DDI 0406 B3.5, B3.6).</summary>
public readonly record struct Stage1Result
{
    /// <summary>True where the address translates and, if an access was named, allows it.</summary>
    public bool IsMapped => Fault.IsNone;

    /// <summary>The intermediate physical address, with the page offset; only where mapped.</summary>
    public Ipa Ipa { get; init; }

    /// <summary>Why it is not mapped.</summary>
    public MemoryFault Fault { get; init; }

    /// <summary>The domain, where the walk of short descriptors reached one that has it.</summary>
    public uint Domain { get; init; }

    /// <summary>What may be done there, apart from fetches.</summary>
    public AccessRights Rights { get; init; }

    /// <summary>XN, of all descriptors on the way.</summary>
    public bool ExecuteNever { get; init; }

    /// <summary>PXN, of all descriptors on the way.</summary>
    public bool PrivilegedExecuteNever { get; init; }

    /// <summary>The memory type.</summary>
    public MemoryAttributes Attributes { get; init; }

    /// <summary>Level of the last descriptor, 1 to 3; 0 with the MMU off.</summary>
    public int Level { get; init; }

    /// <summary>The mapping holds the addresses that agree in all but so many low bits: 12 for a small page to 30 for a block of 1 GiB.</summary>
    public int SizeBits { get; init; }

    /// <summary>The stage-2 fault at a descriptor's own address (HSR.S1PTW), or a mapped result where there was none.</summary>
    public Stage2Result WalkFault { get; init; }

    /// <summary>With <see cref="WalkFault"/>: where the descriptor is.</summary>
    public Ipa WalkAddress { get; init; }

    /// <summary>Descriptors read, of both stages.</summary>
    public int DescriptorReads { get; init; }
}
