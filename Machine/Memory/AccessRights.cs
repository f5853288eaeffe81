namespace ActorTrace.Machine.Memory;

/// <summary>What a stage-1 descriptor lets each privilege level do (ARM DDI 0406 B3.7).</summary>
[Flags]
public enum AccessRights
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>PL1 may load.</summary>
    PrivilegedRead = 1,

    /// <summary>PL1 may store.</summary>
    PrivilegedWrite = 2,

    /// <summary>PL0 may load.</summary>
    UserRead = 4,

    /// <summary>PL0 may store.</summary>
    UserWrite = 8,

    /// <summary>All of it.</summary>
    All = 15,
}
