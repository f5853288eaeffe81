using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Memory;

/// <summary>What a stage-1 translation gave (ARM DDI 0406 B3.5).</summary>
public readonly record struct Stage1Result
{
    /// <summary>True where the address translates and, if an access was named, allows it.</summary>
    public bool IsMapped => FaultStatus == 0;

    /// <summary>The intermediate physical address, with the page offset; only where mapped.</summary>
    public Ipa Ipa { get; init; }

    /// <summary>The short-format fault status FS[4:0] (B3.13.3, FS[4] is bit 4 here) where not mapped, else 0.</summary>
    public uint FaultStatus { get; init; }

    /// <summary>The domain, where the walk reached one that has it.</summary>
    public uint Domain { get; init; }

    /// <summary>AP[2:0] of the last descriptor.</summary>
    public uint AccessPermissions { get; init; }

    /// <summary>XN of the last descriptor.</summary>
    public bool ExecuteNever { get; init; }

    /// <summary>PXN of the section or of the first-level entry.</summary>
    public bool PrivilegedExecuteNever { get; init; }

    /// <summary>True for a small or large page, false for a section, supersection, or with the MMU off.</summary>
    public bool IsPage { get; init; }

    /// <summary>The stage-2 fault at a descriptor's own address (HSR.S1PTW), or a mapped result where there was none.</summary>
    public Stage2Result WalkFault { get; init; }

    /// <summary>With <see cref="WalkFault"/>: where the descriptor is.</summary>
    public Ipa WalkAddress { get; init; }

    /// <summary>Descriptors read, of both stages.</summary>
    public int DescriptorReads { get; init; }
}
