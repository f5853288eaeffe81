namespace ActorTrace.Machine.Gic;

/// <summary>What a distributor keeps of one interrupt of one CPU.</summary>
internal struct InterruptState
{
    /// <summary>GICD_ISENABLER.</summary>
    public bool Enabled;

    /// <summary>GICD_IGROUPR: group 1.</summary>
    public bool Group1;

    /// <summary>Pending by an edge or by software.</summary>
    public bool Latched;

    /// <summary>The input is asserted.</summary>
    public bool Level;

    /// <summary>Acknowledged, not deactivated.</summary>
    public bool Active;

    /// <summary>GICD_ICFGR: edge-triggered.</summary>
    public bool Edge;

    /// <summary>GICD_IPRIORITYR.</summary>
    public byte Priority;

    /// <summary>GICD_ITARGETSR.</summary>
    public byte Targets;

    /// <summary>For an SGI: the CPUs from which it is pending, one bit each.</summary>
    public byte SgiSources;

    /// <summary>Of an emulated distributor: the level has been put into a list register, where the guest has not ended it yet.</summary>
    public bool Listed;

    /// <summary>The pending condition: latched, or a level that is asserted (ARM IHI 0048B 4.3.7).</summary>
    public readonly bool Pending => Latched || SgiSources != 0 || (!Edge && Level);

    /// <summary>Pending, and not in a list register.</summary>
    public readonly bool Waiting => Latched || SgiSources != 0 || (!Edge && Level && !Listed);
}
