namespace ActorTrace.Machine.Memory;

/// <summary>Why memory refuses an access (ARM DDI 0406 B3.12).</summary>
public enum FaultKind
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>The address is not a multiple of what the access demands.</summary>
    Alignment,

    /// <summary>A breakpoint, a watchpoint or BKPT.</summary>
    Debug,

    /// <summary>Nothing answers at a descriptor's address.</summary>
    ExternalOnWalk,

    /// <summary>The descriptor is invalid, or the walk is disabled.</summary>
    Translation,

    /// <summary>The access flag is clear.</summary>
    AccessFlag,

    /// <summary>DACR gives no access to the domain.</summary>
    Domain,

    /// <summary>The permissions forbid it.</summary>
    Permission,

    /// <summary>Nothing answers at the physical address.</summary>
    External,
}
