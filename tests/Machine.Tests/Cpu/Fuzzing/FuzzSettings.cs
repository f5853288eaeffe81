namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>What the cases of a batch have in common.</summary>
/// <param name="Vfp">CP10 and CP11 may be used; FPSCR and D0-D31 belong to the state.</param>
/// <param name="Strict">SCTLR.A: unaligned accesses abort.</param>
/// <param name="Window">The page that cases may write, before each case.</param>
/// <param name="Banks">SP, LR and SPSR of SVC, ABT, UND and IRQ mode, R8-R12, SP, LR and SPSR of FIQ mode, SP and LR of User mode.</param>
internal sealed record FuzzSettings(bool Vfp, bool Strict, uint[] Window, uint[] Banks)
{
    /// <summary>SCTLR.I, Z, SW, C and M.</summary>
    private const uint MmuCachesPredictionSwap = 0x1C05;

    /// <summary>What the harness sets in SCTLR.</summary>
    internal uint Sctlr => MmuCachesPredictionSwap | (Strict ? 2u : 0);
}
