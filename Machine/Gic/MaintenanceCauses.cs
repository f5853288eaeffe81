namespace ActorTrace.Machine.Gic;

/// <summary>Why the maintenance interrupt is asserted, GICH_MISR (ARM IHI 0048B 5.3.5). GICH_HCR enables all but the first, one bit higher.</summary>
[Flags]
public enum MaintenanceCauses
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>EOI: the guest ended an interrupt whose list register asks for it.</summary>
    End = 1 << 0,

    /// <summary>U: none or only one list register is in use.</summary>
    Underflow = 1 << 1,

    /// <summary>LRENP: the guest ended an interrupt that is in no list register.</summary>
    EntryNotPresent = 1 << 2,

    /// <summary>NP: no list register is pending.</summary>
    NonePending = 1 << 3,

    /// <summary>VGrp0E: the guest takes group 0.</summary>
    Group0Enabled = 1 << 4,

    /// <summary>VGrp0D: it does not.</summary>
    Group0Disabled = 1 << 5,

    /// <summary>VGrp1E: the guest takes group 1.</summary>
    Group1Enabled = 1 << 6,

    /// <summary>VGrp1D: it does not.</summary>
    Group1Disabled = 1 << 7,
}
