namespace ActorTrace.Machine.Cpu;

/// <summary>What the counters count by: cycles, and instructions of the core, both since power on.</summary>
internal readonly record struct PerformanceTime(ulong Cycles, ulong Instructions);

/// <summary>The registers of the performance monitors in CP15 c9 (ARM DDI 0406 B4.1.116 onwards).</summary>
internal enum PerformanceRegister
{
    /// <summary>PMCR.</summary>
    Control,

    /// <summary>PMCNTENSET.</summary>
    EnableSet,

    /// <summary>PMCNTENCLR.</summary>
    EnableClear,

    /// <summary>PMOVSR.</summary>
    OverflowClear,

    /// <summary>PMSWINC.</summary>
    SoftwareIncrement,

    /// <summary>PMSELR.</summary>
    Select,

    /// <summary>PMCEID0.</summary>
    EventIds0,

    /// <summary>PMCEID1.</summary>
    EventIds1,

    /// <summary>PMCCNTR.</summary>
    CycleCount,

    /// <summary>PMXEVTYPER.</summary>
    EventType,

    /// <summary>PMXEVCNTR.</summary>
    EventCount,

    /// <summary>PMUSERENR.</summary>
    UserEnable,

    /// <summary>PMINTENSET.</summary>
    InterruptSet,

    /// <summary>PMINTENCLR.</summary>
    InterruptClear,

    /// <summary>PMOVSSET.</summary>
    OverflowSet,
}
