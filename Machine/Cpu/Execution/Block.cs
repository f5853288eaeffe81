namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Decoded instructions that run from the first to the last: up to a branch, the end of the page or a gate.</summary>
internal unsafe struct Block
{
    /// <summary>The longest block, in instructions.</summary>
    internal const int MaxLength = 64;

    internal Op* Ops;
    internal int Count;

    /// <summary>1 for T32 code, 0 for A32.</summary>
    internal uint Thumb;

    /// <summary>The block starts where a gate may be (the page offset of one).</summary>
    internal bool MayBeGate;

    /// <summary>The block of the same page that follows when the branch is taken; null until it was.</summary>
    internal Block* Taken;

    /// <summary>The block of the same page that follows when it is not.</summary>
    internal Block* Fall;
}
