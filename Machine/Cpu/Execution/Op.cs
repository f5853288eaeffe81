namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>A decoded instruction. The n-th of a block is the n-th word of its code.</summary>
internal struct Op
{
    internal OpCode Code;

    /// <summary>What <see cref="OpCode.Conditional"/> goes on with.</summary>
    internal OpCode Inner;

    internal byte Condition;
    internal byte Rd;
    internal byte Rn;
    internal byte Rm;

    /// <summary>A third register, a shift type, or for branches and the block's end 1: the target is in the same page.</summary>
    internal byte Rs;

    /// <summary>A shift amount or bit position.</summary>
    internal byte Shift;

    /// <summary>An immediate, offset or mask; for branches the target relative to the block's start.</summary>
    internal uint Imm;

    /// <summary>The instruction; for branches the offset of the next instruction relative to the block's start.</summary>
    internal uint Raw;
}
