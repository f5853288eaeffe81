namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>The 32-bit registers of coprocessor 15 (ARM DDI 0406 B3.17), one a line; what is not here is UNDEFINED.</summary>
internal static class SystemRegisterTable
{
    internal static readonly SystemRegisterRow[] Rows =
    [
        // c0, identification (Cortex-A15 TRM 4.2)
        new("MIDR", 0, 0, 0, 0, SystemAccess.Read) { Get = c => 0x414FC0F0 },
        new("CTR", 0, 0, 0, 1, SystemAccess.Read) { Get = c => 0x8444C004 },
        new("TCMTR", 0, 0, 0, 2, SystemAccess.Read) { Get = c => 0x00000000 },
        new("TLBTR", 0, 0, 0, 3, SystemAccess.Read) { Get = c => 0x00000000 },
        new("MPIDR", 0, 0, 0, 5, SystemAccess.Read) { Get = c => c.Mpidr },
        new("MIDR (alias)", 0, 0, 0, 4, SystemAccess.Read) { Get = c => 0x414FC0F0 },
        new("MIDR (alias)", 0, 0, 0, 7, SystemAccess.Read) { Get = c => 0x414FC0F0 },
        new("REVIDR", 0, 0, 0, 6, SystemAccess.Read) { Get = c => 0x00000000 },
        new("ID_PFR0", 0, 0, 1, 0, SystemAccess.Read) { Get = c => 0x00001131 },
        new("ID_PFR1", 0, 0, 1, 1, SystemAccess.Read) { Get = c => 0x00010001 },
        new("ID_DFR0", 0, 0, 1, 2, SystemAccess.Read) { Get = c => 0x02010505 },
        new("ID_AFR0", 0, 0, 1, 3, SystemAccess.Read) { Get = c => 0x00000000 },
        new("ID_MMFR0", 0, 0, 1, 4, SystemAccess.Read) { Get = c => 0x10201105 },
        new("ID_MMFR1", 0, 0, 1, 5, SystemAccess.Read) { Get = c => 0x20000000 },
        new("ID_MMFR2", 0, 0, 1, 6, SystemAccess.Read) { Get = c => 0x01240000 },
        new("ID_MMFR3", 0, 0, 1, 7, SystemAccess.Read) { Get = c => 0x02102211 },
        new("ID_ISAR0", 0, 0, 2, 0, SystemAccess.Read) { Get = c => 0x02101110 },
        new("ID_ISAR1", 0, 0, 2, 1, SystemAccess.Read) { Get = c => 0x13112111 },
        new("ID_ISAR2", 0, 0, 2, 2, SystemAccess.Read) { Get = c => 0x21232041 },
        new("ID_ISAR3", 0, 0, 2, 3, SystemAccess.Read) { Get = c => 0x11112131 },
        new("ID_ISAR4", 0, 0, 2, 4, SystemAccess.Read) { Get = c => 0x10011142 },
        new("ID_ISAR5", 0, 0, 2, 5, SystemAccess.Read) { Get = c => 0x00000000 },
        new("CCSIDR", 0, 1, 0, 0, SystemAccess.Read) { Get = c => CacheSize(c.Csselr) },
        new("CLIDR", 0, 1, 0, 1, SystemAccess.Read) { Get = c => 0x0A200023 },
        new("AIDR", 0, 1, 0, 7, SystemAccess.Read) { Get = c => 0x00000000 },
        new("CSSELR", 0, 2, 0, 0, SystemAccess.ReadWrite) { Get = c => c.Csselr, Set = (c, v) => c.Csselr = v & 15 },

        // c1, system control
        new("SCTLR", 1, 0, 0, 0, SystemAccess.ReadWrite | SystemAccess.TrapVm)
        {
            Get = c => c.Sctlr,
            Set = (c, v) => c.Sctlr = (v & Cp15.SctlrWritable) | (Cp15.SctlrReset & ~Cp15.SctlrWritable),
            Effect = SystemEffect.FlushTranslations,
        },
        new("ACTLR", 1, 0, 0, 1, SystemAccess.ReadWrite) { Get = c => c.Actlr, Set = (c, v) => c.Actlr = v },
        new("CPACR", 1, 0, 0, 2, SystemAccess.ReadWrite)
        {
            Get = c => c.Cpacr | Cp15.CpacrFixed,
            Set = (c, v) => c.Cpacr = v & Cp15.CpacrWritable,
        },

        // c2, c3, translation
        new("TTBR0", 2, 0, 0, 0, SystemAccess.ReadWrite | SystemAccess.TrapVm)
        {
            Get = c => (uint)c.Ttbr0,
            Set = (c, v) => c.Ttbr0 = (c.Ttbr0 & ~0xFFFF_FFFFUL) | v,
        },
        new("TTBR1", 2, 0, 0, 1, SystemAccess.ReadWrite | SystemAccess.TrapVm)
        {
            Get = c => (uint)c.Ttbr1,
            Set = (c, v) => c.Ttbr1 = (c.Ttbr1 & ~0xFFFF_FFFFUL) | v,
        },
        new("TTBCR", 2, 0, 0, 2, SystemAccess.ReadWrite | SystemAccess.TrapVm)
        {
            Get = c => c.Ttbcr,
            Set = (c, v) => c.Ttbcr = v & (v >> 31 != 0 ? 0xFFC7_3F87 : 0x37),
        },
        new("DACR", 3, 0, 0, 0, SystemAccess.ReadWrite | SystemAccess.TrapVm)
        {
            Get = c => c.Dacr,
            Set = (c, v) => c.Dacr = v,
        },

        // c5, c6, faults
        new("DFSR", 5, 0, 0, 0, SystemAccess.ReadWrite | SystemAccess.TrapVm) { Get = c => c.Dfsr, Set = (c, v) => c.Dfsr = v },
        new("IFSR", 5, 0, 0, 1, SystemAccess.ReadWrite | SystemAccess.TrapVm) { Get = c => c.Ifsr, Set = (c, v) => c.Ifsr = v },
        new("ADFSR", 5, 0, 1, 0, SystemAccess.ReadWrite | SystemAccess.TrapVm) { Get = c => c.Adfsr, Set = (c, v) => c.Adfsr = v },
        new("AIFSR", 5, 0, 1, 1, SystemAccess.ReadWrite | SystemAccess.TrapVm) { Get = c => c.Aifsr, Set = (c, v) => c.Aifsr = v },
        new("DFAR", 6, 0, 0, 0, SystemAccess.ReadWrite | SystemAccess.TrapVm) { Get = c => c.Dfar, Set = (c, v) => c.Dfar = v },
        new("IFAR", 6, 0, 0, 2, SystemAccess.ReadWrite | SystemAccess.TrapVm) { Get = c => c.Ifar, Set = (c, v) => c.Ifar = v },

        // c7, caches (memory and decoded code are always coherent here) and address translation
        new("PAR", 7, 0, 4, 0, SystemAccess.ReadWrite) { Get = c => (uint)c.Par, Set = (c, v) => c.Par = (c.Par & ~0xFFFF_FFFFUL) | v },
        new("WFI of old", 7, 0, 0, 4, SystemAccess.Write),
        new("ICIALLUIS", 7, 0, 1, 0, SystemAccess.Write),
        new("BPIALLIS", 7, 0, 1, 6, SystemAccess.Write),
        new("ICIALLU", 7, 0, 5, 0, SystemAccess.Write),
        new("ICIMVAU", 7, 0, 5, 1, SystemAccess.Write) { Effect = SystemEffect.CacheAddress },
        new("BPIALL", 7, 0, 5, 6, SystemAccess.Write),
        new("BPIMVA", 7, 0, 5, 7, SystemAccess.Write),
        new("DCIMVAC", 7, 0, 6, 1, SystemAccess.Write) { Effect = SystemEffect.CacheAddress },
        new("DCISW", 7, 0, 6, 2, SystemAccess.Write),
        new("DCCMVAC", 7, 0, 10, 1, SystemAccess.Write) { Effect = SystemEffect.CacheAddress },
        new("DCCSW", 7, 0, 10, 2, SystemAccess.Write),
        new("DCCMVAU", 7, 0, 11, 1, SystemAccess.Write) { Effect = SystemEffect.CacheAddress },
        new("PLI of old", 7, 0, 13, 1, SystemAccess.Write),
        new("DCCIMVAC", 7, 0, 14, 1, SystemAccess.Write) { Effect = SystemEffect.CacheAddress },
        new("DCCISW", 7, 0, 14, 2, SystemAccess.Write),
        new("CP15ISB", 7, 0, 5, 4, SystemAccess.Write | SystemAccess.UserWrite),
        new("CP15DSB", 7, 0, 10, 4, SystemAccess.Write | SystemAccess.UserWrite),
        new("CP15DMB", 7, 0, 10, 5, SystemAccess.Write | SystemAccess.UserWrite),
        new("ATS1CPR", 7, 0, 8, 0, SystemAccess.Write) { Effect = SystemEffect.TranslateAddress, Number = 0 },
        new("ATS1CPW", 7, 0, 8, 1, SystemAccess.Write) { Effect = SystemEffect.TranslateAddress, Number = 1 },
        new("ATS1CUR", 7, 0, 8, 2, SystemAccess.Write) { Effect = SystemEffect.TranslateAddress, Number = 2 },
        new("ATS1CUW", 7, 0, 8, 3, SystemAccess.Write) { Effect = SystemEffect.TranslateAddress, Number = 3 },

        // c8, TLB
        new("TLBIALLIS", 8, 0, 3, 0, SystemAccess.Write) { Effect = SystemEffect.TlbAll, Number = 1 },
        new("TLBIMVAIS", 8, 0, 3, 1, SystemAccess.Write) { Effect = SystemEffect.TlbAddress, Number = 1 },
        new("TLBIASIDIS", 8, 0, 3, 2, SystemAccess.Write) { Effect = SystemEffect.TlbAsid, Number = 1 },
        new("TLBIMVAAIS", 8, 0, 3, 3, SystemAccess.Write) { Effect = SystemEffect.TlbAddress, Number = 1 },
        new("ITLBIALL", 8, 0, 5, 0, SystemAccess.Write) { Effect = SystemEffect.TlbAll },
        new("ITLBIMVA", 8, 0, 5, 1, SystemAccess.Write) { Effect = SystemEffect.TlbAddress },
        new("ITLBIASID", 8, 0, 5, 2, SystemAccess.Write) { Effect = SystemEffect.TlbAsid },
        new("DTLBIALL", 8, 0, 6, 0, SystemAccess.Write) { Effect = SystemEffect.TlbAll },
        new("DTLBIMVA", 8, 0, 6, 1, SystemAccess.Write) { Effect = SystemEffect.TlbAddress },
        new("DTLBIASID", 8, 0, 6, 2, SystemAccess.Write) { Effect = SystemEffect.TlbAsid },
        new("TLBIALL", 8, 0, 7, 0, SystemAccess.Write) { Effect = SystemEffect.TlbAll },
        new("TLBIMVA", 8, 0, 7, 1, SystemAccess.Write) { Effect = SystemEffect.TlbAddress },
        new("TLBIASID", 8, 0, 7, 2, SystemAccess.Write) { Effect = SystemEffect.TlbAsid },
        new("TLBIMVAA", 8, 0, 7, 3, SystemAccess.Write) { Effect = SystemEffect.TlbAddress },

        // c9, performance monitors; PMUSERENR says what PL0 may; L2 control
        new("PMCR", 9, 0, 12, 0, SystemAccess.All)
        {
            Effect = SystemEffect.PerformanceMonitor,
            Number = (int)PerformanceRegister.Control,
        },
        new("PMCNTENSET", 9, 0, 12, 1, SystemAccess.All)
        {
            Effect = SystemEffect.PerformanceMonitor,
            Number = (int)PerformanceRegister.EnableSet,
        },
        new("PMCNTENCLR", 9, 0, 12, 2, SystemAccess.All)
        {
            Effect = SystemEffect.PerformanceMonitor,
            Number = (int)PerformanceRegister.EnableClear,
        },
        new("PMOVSR", 9, 0, 12, 3, SystemAccess.All)
        {
            Effect = SystemEffect.PerformanceMonitor,
            Number = (int)PerformanceRegister.OverflowClear,
        },
        new("PMSWINC", 9, 0, 12, 4, SystemAccess.Write | SystemAccess.UserWrite)
        {
            Effect = SystemEffect.PerformanceMonitor,
            Number = (int)PerformanceRegister.SoftwareIncrement,
        },
        new("PMSELR", 9, 0, 12, 5, SystemAccess.All)
        {
            Effect = SystemEffect.PerformanceMonitor,
            Number = (int)PerformanceRegister.Select,
        },
        new("PMCEID0", 9, 0, 12, 6, SystemAccess.Read | SystemAccess.UserRead)
        {
            Effect = SystemEffect.PerformanceMonitor,
            Number = (int)PerformanceRegister.EventIds0,
        },
        new("PMCEID1", 9, 0, 12, 7, SystemAccess.Read | SystemAccess.UserRead)
        {
            Effect = SystemEffect.PerformanceMonitor,
            Number = (int)PerformanceRegister.EventIds1,
        },
        new("PMCCNTR", 9, 0, 13, 0, SystemAccess.All)
        {
            Effect = SystemEffect.PerformanceMonitor,
            Number = (int)PerformanceRegister.CycleCount,
        },
        new("PMXEVTYPER", 9, 0, 13, 1, SystemAccess.All)
        {
            Effect = SystemEffect.PerformanceMonitor,
            Number = (int)PerformanceRegister.EventType,
        },
        new("PMXEVCNTR", 9, 0, 13, 2, SystemAccess.All)
        {
            Effect = SystemEffect.PerformanceMonitor,
            Number = (int)PerformanceRegister.EventCount,
        },
        new("PMUSERENR", 9, 0, 14, 0, SystemAccess.ReadWrite | SystemAccess.UserRead)
        {
            Effect = SystemEffect.PerformanceMonitor,
            Number = (int)PerformanceRegister.UserEnable,
        },
        new("PMINTENSET", 9, 0, 14, 1, SystemAccess.ReadWrite)
        {
            Effect = SystemEffect.PerformanceMonitor,
            Number = (int)PerformanceRegister.InterruptSet,
        },
        new("PMINTENCLR", 9, 0, 14, 2, SystemAccess.ReadWrite)
        {
            Effect = SystemEffect.PerformanceMonitor,
            Number = (int)PerformanceRegister.InterruptClear,
        },
        new("PMOVSSET", 9, 0, 14, 3, SystemAccess.All)
        {
            Effect = SystemEffect.PerformanceMonitor,
            Number = (int)PerformanceRegister.OverflowSet,
        },
        new("L2CTLR", 9, 1, 0, 2, SystemAccess.ReadWrite)
        {
            Get = c => ((c.ClusterSize - 1) << 24) | (1 << 23) | c.L2Control,
            Set = (c, v) => c.L2Control = v & 0x3FF,
        },
        new("L2ECTLR", 9, 1, 0, 3, SystemAccess.ReadWrite) { Get = c => c.L2ExtendedControl, Set = (c, v) => c.L2ExtendedControl = v & 0x6000_0000 },

        // c10, memory attributes: MAIR0 and MAIR1 with long descriptors
        new("PRRR", 10, 0, 2, 0, SystemAccess.ReadWrite | SystemAccess.TrapVm)
        {
            Get = c => c.Prrr,
            Set = (c, v) => c.Prrr = v,
            Effect = SystemEffect.FlushTranslations,
        },
        new("NMRR", 10, 0, 2, 1, SystemAccess.ReadWrite | SystemAccess.TrapVm)
        {
            Get = c => c.Nmrr,
            Set = (c, v) => c.Nmrr = v,
            Effect = SystemEffect.FlushTranslations,
        },
        new("AMAIR0", 10, 0, 3, 0, SystemAccess.ReadWrite | SystemAccess.TrapVm) { Get = c => c.Amair0, Set = (c, v) => c.Amair0 = v },
        new("AMAIR1", 10, 0, 3, 1, SystemAccess.ReadWrite | SystemAccess.TrapVm) { Get = c => c.Amair1, Set = (c, v) => c.Amair1 = v },

        // c12, c13, exceptions and processes
        new("VBAR", 12, 0, 0, 0, SystemAccess.ReadWrite) { Get = c => c.Vbar, Set = (c, v) => c.Vbar = v & 0xFFFFFFE0 },
        new("ISR", 12, 0, 1, 0, SystemAccess.Read) { Effect = SystemEffect.InterruptStatus },
        new("FCSEIDR", 13, 0, 0, 0, SystemAccess.ReadWrite) { Get = c => 0 },
        new("CONTEXTIDR", 13, 0, 0, 1, SystemAccess.ReadWrite | SystemAccess.TrapVm)
        {
            Get = c => c.Contextidr,
            Set = (c, v) => c.Contextidr = v,
        },
        new("TPIDRURW", 13, 0, 0, 2, SystemAccess.All) { Get = c => c.Tpidrurw, Set = (c, v) => c.Tpidrurw = v },
        new("TPIDRURO", 13, 0, 0, 3, SystemAccess.ReadWrite | SystemAccess.UserRead)
        {
            Get = c => c.Tpidruro,
            Set = (c, v) => c.Tpidruro = v,
        },
        new("TPIDRPRW", 13, 0, 0, 4, SystemAccess.ReadWrite) { Get = c => c.Tpidrprw, Set = (c, v) => c.Tpidrprw = v },

        // c14, generic timer; CNTKCTL says what PL0 may
        new("CNTFRQ", 14, 0, 0, 0, SystemAccess.ReadWrite | SystemAccess.UserRead)
        {
            Effect = SystemEffect.Timer,
            Number = (int)TimerRegister.Frequency,
        },
        new("CNTKCTL", 14, 0, 1, 0, SystemAccess.ReadWrite) { Effect = SystemEffect.Timer, Number = (int)TimerRegister.KernelControl },
        new("CNTP_TVAL", 14, 0, 2, 0, SystemAccess.All) { Effect = SystemEffect.Timer, Number = (int)TimerRegister.PhysicalTimerValue },
        new("CNTP_CTL", 14, 0, 2, 1, SystemAccess.All) { Effect = SystemEffect.Timer, Number = (int)TimerRegister.PhysicalControl },
        new("CNTV_TVAL", 14, 0, 3, 0, SystemAccess.All) { Effect = SystemEffect.Timer, Number = (int)TimerRegister.VirtualTimerValue },
        new("CNTV_CTL", 14, 0, 3, 1, SystemAccess.All) { Effect = SystemEffect.Timer, Number = (int)TimerRegister.VirtualControl },

        // c15, implementation defined (Cortex-A15 TRM 4.2.32); the rest of it reads as zero and ignores writes
        new("L2ACTLR", 15, 1, 0, 0, SystemAccess.ReadWrite) { Get = c => c.L2Auxiliary, Set = (c, v) => c.L2Auxiliary = v },
        new("L2PFR", 15, 1, 0, 3, SystemAccess.ReadWrite) { Get = c => c.L2Prefetch, Set = (c, v) => c.L2Prefetch = v },
        new("CBAR", 15, 4, 0, 0, SystemAccess.Read) { Get = c => c.Cbar },
    ];

    /// <summary>CCSIDR: 32 KiB L1 data, 32 KiB L1 instruction, 4 MiB L2.</summary>
    private static uint CacheSize(uint selected) => selected switch
    {
        0 => 0x701F_E00A,
        1 => 0x201F_E00A,
        2 => 0x711F_E07A,
        _ => 0,
    };
}
