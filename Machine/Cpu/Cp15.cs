namespace ActorTrace.Machine.Cpu;

/// <summary>The system control registers of a vCPU (ARM DDI 0406 B4.1), by the manual's names. Reset values are those of a Cortex-A15.</summary>
/// <remarks>Writing a property here is what a debugger does: effects on cached translations are asked for with Core.InvalidateTlb.</remarks>
public sealed class Cp15
{
    /// <summary>SCTLR after reset (Cortex-A15 TRM 4.3.27): MMU, caches and alignment checks off.</summary>
    public const uint SctlrReset = 0x00C5_0078;

    /// <summary>M, A, C, CP15BEN, SW, Z, I, V, WXN, UWXN, EE, TRE, AFE and TE; the other bits of SCTLR keep their reset value.</summary>
    internal const uint SctlrWritable = 0x7218_3C27;

    /// <summary>CPACR.ASEDIS: there is no Advanced SIMD (ARM DDI 0406 B4.1.40).</summary>
    internal const uint CpacrFixed = 1u << 31;

    /// <summary>CPACR.D32DIS, cp11 and cp10; there are no other coprocessors and no trace registers.</summary>
    internal const uint CpacrWritable = 0x40F0_0000;

    /// <summary>MPIDR: multiprocessor affinity; bit 31 is set.</summary>
    public uint Mpidr { get; set; } = 0x8000_0000;

    /// <summary>CSSELR: which cache CCSIDR describes.</summary>
    public uint Csselr { get; set; }

    /// <summary>SCTLR.</summary>
    public uint Sctlr { get; set; } = SctlrReset;

    /// <summary>ACTLR.</summary>
    public uint Actlr { get; set; }

    /// <summary>CPACR: who may use floating point; ASEDIS reads as one whatever stands here.</summary>
    public uint Cpacr { get; set; }

    /// <summary>TTBR0; the upper half is used by long descriptors only.</summary>
    public ulong Ttbr0 { get; set; }

    /// <summary>TTBR1; the upper half is used by long descriptors only.</summary>
    public ulong Ttbr1 { get; set; }

    /// <summary>TTBCR.</summary>
    public uint Ttbcr { get; set; }

    /// <summary>TTBCR.EAE: the tables hold long descriptors, and fault status and PAR have their long format.</summary>
    public bool UsesLongDescriptors => (Ttbcr & 0x8000_0000) != 0;

    /// <summary>The ASID: CONTEXTIDR[7:0], or with long descriptors that of the TTBR that TTBCR.A1 names.</summary>
    public byte Asid => UsesLongDescriptors ? (byte)(((Ttbcr & (1 << 22)) != 0 ? Ttbr1 : Ttbr0) >> 48) : (byte)Contextidr;

    /// <summary>DACR.</summary>
    public uint Dacr { get; set; }

    /// <summary>DFSR.</summary>
    public uint Dfsr { get; set; }

    /// <summary>IFSR.</summary>
    public uint Ifsr { get; set; }

    /// <summary>ADFSR.</summary>
    public uint Adfsr { get; set; }

    /// <summary>AIFSR.</summary>
    public uint Aifsr { get; set; }

    /// <summary>DFAR.</summary>
    public uint Dfar { get; set; }

    /// <summary>IFAR.</summary>
    public uint Ifar { get; set; }

    /// <summary>PAR, the result of the address translation operations.</summary>
    public ulong Par { get; set; }

    /// <summary>PRRR, or MAIR0.</summary>
    public uint Prrr { get; set; } = 0x0009_8AA4;

    /// <summary>NMRR, or MAIR1.</summary>
    public uint Nmrr { get; set; } = 0x44E0_48E0;

    /// <summary>AMAIR0.</summary>
    public uint Amair0 { get; set; }

    /// <summary>AMAIR1.</summary>
    public uint Amair1 { get; set; }

    /// <summary>VBAR.</summary>
    public uint Vbar { get; set; }

    /// <summary>CONTEXTIDR.</summary>
    public uint Contextidr { get; set; }

    /// <summary>TPIDRURW.</summary>
    public uint Tpidrurw { get; set; }

    /// <summary>TPIDRURO.</summary>
    public uint Tpidruro { get; set; }

    /// <summary>TPIDRPRW.</summary>
    public uint Tpidrprw { get; set; }

    /// <summary>L2CTLR: processors in the cluster, at least 1.</summary>
    public uint ClusterSize { get; set; } = 1;

    /// <summary>CBAR: where the interrupt controller is.</summary>
    public uint Cbar { get; set; } = 0x0800_0000;

    /// <summary>L2CTLR as far as it can be written: the RAM latencies.</summary>
    public uint L2Control { get; set; }

    /// <summary>L2ECTLR.</summary>
    public uint L2ExtendedControl { get; set; }

    /// <summary>L2ACTLR.</summary>
    public uint L2Auxiliary { get; set; }

    /// <summary>L2PFR.</summary>
    public uint L2Prefetch { get; set; }

    /// <summary>The performance monitors.</summary>
    internal PerformanceMonitors Performance { get; } = new();

    /// <summary>Coprocessor 14.</summary>
    internal DebugRegisters Debug { get; } = new();

    internal void Reset()
    {
        (Sctlr, Csselr, Actlr, Cpacr, Ttbr0, Ttbr1, Ttbcr, Dacr) = (SctlrReset, 0, 0, 0, 0, 0, 0, 0);
        (Dfsr, Ifsr, Adfsr, Aifsr, Dfar, Ifar, Par) = (0, 0, 0, 0, 0, 0, 0);
        (Prrr, Nmrr, Amair0, Amair1, Vbar, Contextidr) = (0x0009_8AA4, 0x44E0_48E0, 0, 0, 0, 0);
        (Tpidrurw, Tpidruro, Tpidrprw) = (0, 0, 0);
        (L2Control, L2ExtendedControl, L2Auxiliary, L2Prefetch) = (0, 0, 0, 0);
        Performance.Reset();
        Debug.Reset();
    }
}
