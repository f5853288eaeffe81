namespace ActorTrace.Actors.Hypervisor.Hypercalls;

/// <summary>The functions of PSCI 0.2, SMC32 calling convention (ARM DEN 0022, section 5.1).</summary>
public enum PsciFunction : uint
{
    /// <summary>PSCI_VERSION.</summary>
    Version = 0x8400_0000,

    /// <summary>CPU_SUSPEND(power_state, entry_point, context_id).</summary>
    CpuSuspend = 0x8400_0001,

    /// <summary>CPU_OFF.</summary>
    CpuOff = 0x8400_0002,

    /// <summary>CPU_ON(target_cpu, entry_point, context_id).</summary>
    CpuOn = 0x8400_0003,

    /// <summary>AFFINITY_INFO(target_affinity, lowest_affinity_level).</summary>
    AffinityInfo = 0x8400_0004,

    /// <summary>MIGRATE_INFO_TYPE.</summary>
    MigrateInfoType = 0x8400_0006,

    /// <summary>SYSTEM_OFF.</summary>
    SystemOff = 0x8400_0008,

    /// <summary>SYSTEM_RESET.</summary>
    SystemReset = 0x8400_0009,
}

/// <summary>What PSCI functions return in r0 (ARM DEN 0022, section 5.2.2).</summary>
public enum PsciResult
{
    /// <summary>SUCCESS.</summary>
    Success = 0,

    /// <summary>NOT_SUPPORTED.</summary>
    NotSupported = -1,

    /// <summary>INVALID_PARAMETERS.</summary>
    InvalidParameters = -2,

    /// <summary>ALREADY_ON.</summary>
    AlreadyOn = -4,

    /// <summary>ON_PENDING.</summary>
    OnPending = -5,
}
