namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Where an instruction stands.</summary>
/// <param name="Offset">Bytes from its block's start.</param>
/// <param name="PageOffset">Its offset in its page.</param>
/// <param name="Linked">Its block stays: branches within the page may be linked.</param>
internal readonly record struct CodePlace(uint Offset, uint PageOffset, bool Linked)
{
    /// <summary>What R15 reads as, relative to the block's start.</summary>
    internal uint ProgramCounter(uint ahead) => Offset + ahead;

    /// <summary>The same aligned to words (Align(PC, 4) of the manual).</summary>
    internal uint AlignedProgramCounter(uint ahead) => ((PageOffset + ahead) & ~3u) - (PageOffset - Offset);
}
