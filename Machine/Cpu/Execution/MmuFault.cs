using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Why an access was refused.</summary>
internal readonly record struct MmuFault
{
    internal Outcome Outcome { get; init; }

    /// <summary>Of an abort: why.</summary>
    internal MemoryFault Reason { get; init; }

    internal uint Domain { get; init; }

    internal uint Address { get; init; }

    internal bool Write { get; init; }

    /// <summary>Of a stage-2 abort: where.</summary>
    internal Ipa Ipa { get; init; }

    /// <summary>Of a stage-2 abort: at a stage-1 descriptor (S1PTW).</summary>
    internal bool OnWalk { get; init; }

    /// <summary>By cache maintenance, not by a load or store (DFSR.CM, HSR.CM).</summary>
    internal bool Maintenance { get; init; }

    /// <summary>By address translation (HSR.CM).</summary>
    internal bool Translation { get; init; }
}
