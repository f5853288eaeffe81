namespace ActorTrace.Machine.Gic;

/// <summary>Interrupt numbers (ARM IHI 0048B 2.2.1 and 3.2.5, Cortex-A15 TRM 8.2.3).</summary>
public static class InterruptNumber
{
    /// <summary>SGIs are 0..15.</summary>
    public const int FirstPpi = 16;

    /// <summary>PPIs are 16..31; from here on interrupts are shared.</summary>
    public const int FirstSpi = 32;

    /// <summary>PPI of the virtual interface's maintenance.</summary>
    public const int Maintenance = 25;

    /// <summary>PPI of CNTHP.</summary>
    public const int HypervisorTimer = 26;

    /// <summary>PPI of CNTV.</summary>
    public const int VirtualTimer = 27;

    /// <summary>PPI of CNTP.</summary>
    public const int PhysicalTimer = 30;

    /// <summary>Acknowledge: the pending interrupt is of group 1 and this register is for group 0.</summary>
    public const int OtherGroup = 1022;

    /// <summary>Acknowledge: nothing is pending.</summary>
    public const int Spurious = 1023;
}
