namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>A decoded instruction.</summary>
internal struct Op
{
    internal OpCode Code;

    /// <summary>What a conditional one goes on with where its condition holds.</summary>
    internal OpCode Inner;

    /// <summary>Halfwords from the block's start.</summary>
    internal byte At;

    internal byte Rd;
    internal byte Rn;
    internal byte Rm;

    /// <summary>A third register, a shift type, or for branches and the block's end 1: the target is in the same page.</summary>
    internal byte Rs;

    /// <summary>A shift amount, a bit position, or the second register of a pair.</summary>
    internal byte Shift;

    /// <summary>An immediate, offset or mask; for branches the target relative to the block's start.</summary>
    internal uint Imm;

    /// <summary>The A32 word of the instruction; for branches the offset of the next instruction relative to the block's start.</summary>
    internal uint Raw;
}
