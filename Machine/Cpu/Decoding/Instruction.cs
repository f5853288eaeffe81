namespace ActorTrace.Machine.Cpu.Decoding;

/// <summary>A decoded instruction of either set, in terms of A32: a T32 instruction is the A32 word that does the same.</summary>
internal readonly struct Instruction
{
    internal A32 Handler { get; init; }

    /// <summary>The A32 word; of T32 with what <see cref="Immediate"/> says beside it.</summary>
    internal uint Word { get; init; }

    /// <summary>When it is carried out: 0 to 13 a condition, 14 and 15 always.</summary>
    internal uint Condition { get; init; }

    /// <summary>It is a T32 instruction: R15 reads as its address + 4, not + 8.</summary>
    internal bool Thumb { get; init; }

    /// <summary>Bytes: 2 or 4.</summary>
    internal uint Length { get; init; }

    /// <summary>The immediate is in <see cref="Immediate"/>; the word's own is to be ignored.</summary>
    internal bool HasImmediate { get; init; }

    internal uint Immediate { get; init; }

    /// <summary>A logical instruction sets the carry to the immediate's top bit.</summary>
    internal bool Rotates { get; init; }

    /// <summary>What R15 reads as, after the instruction's address.</summary>
    internal uint Ahead => Thumb ? 4u : 8;
}
