namespace ActorTrace.Machine.Cpu;

/// <summary>What the hypervisor has set for a vCPU: the fields of HCR, HDCR, CNTHCTL, VTTBR and VTCR that this model has.</summary>
public sealed class HypControls
{
    /// <summary>Changes whenever a cached translation may have become wrong.</summary>
    internal uint TranslationVersion { get; private set; }

    /// <summary>HCR.VM: addresses of the guest go through stage 2.</summary>
    public bool Stage2
    {
        get;
        set
        {
            field = value;
            TranslationVersion++;
        }
    }

    /// <summary>VTTBR: base of the stage-2 tables, VMID in bits 55:48.</summary>
    public ulong Vttbr
    {
        get;
        set
        {
            field = value;
            TranslationVersion++;
        }
    }

    /// <summary>VTCR.</summary>
    public uint Vtcr
    {
        get;
        set
        {
            field = value;
            TranslationVersion++;
        }
    }

    /// <summary>HCR.IMO and FMO: physical interrupts go to the hypervisor, the guest sees the virtual ones.</summary>
    public bool RouteIrq { get; set; }

    /// <summary>HCR.TWI and TWE: WFI and WFE trap.</summary>
    public bool TrapWait { get; set; }

    /// <summary>HCR.TVM: writes to the virtual memory controls trap.</summary>
    public bool TrapVm { get; set; }

    /// <summary>HCR.TTLB: TLB maintenance (CP15 c8) traps.</summary>
    public bool TrapTlb { get; set; }

    /// <summary>HCR.TPU: cache maintenance to the point of unification (ICIALLU, ICIALLUIS, ICIMVAU, DCCMVAU) traps.</summary>
    public bool TrapCacheToPou { get; set; }

    /// <summary>CNTHCTL.PL1PCTEN and PL1PCEN clear: accesses to the physical counter and timer trap.</summary>
    public bool TrapPhysicalTimer { get; set; }

    /// <summary>HVC calls the hypervisor; false makes it UNDEFINED (no hypervisor present).</summary>
    public bool HypervisorPresent { get; set; }

    /// <summary>HDCR.TDE: debug exceptions (BKPT) go to the hypervisor.</summary>
    public bool RouteDebug { get; set; }
}
