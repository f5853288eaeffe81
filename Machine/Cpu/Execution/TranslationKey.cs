namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>All that stage-1 translations depend on apart from the tables themselves: equal keys may share what is remembered.</summary>
internal readonly record struct TranslationKey(ulong Ttbr0, ulong Ttbr1, uint Ttbcr, uint Dacr, uint Sctlr, byte Asid)
{
    private const uint Mmu = 1;

    /// <summary>M, WXN, UWXN, EE, TRE and AFE.</summary>
    private const uint SctlrMask = Mmu | (1 << 19) | (1 << 20) | (1 << 25) | (1 << 28) | (1 << 29);

    /// <summary>The key of the present registers. With the MMU off none of them matters.</summary>
    internal static TranslationKey Of(Cp15 cp15) => (cp15.Sctlr & Mmu) == 0
        ? default
        : new TranslationKey(cp15.Ttbr0, cp15.Ttbr1, cp15.Ttbcr, cp15.Dacr, cp15.Sctlr & SctlrMask, cp15.Asid);
}
