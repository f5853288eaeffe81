namespace ActorTrace.Actors.Hypervisor;

/// <summary>Interrupt numbers that the hypervisor knows (ARM IHI 0048B 2.2.1, Cortex-A15 TRM 8.2.3).</summary>
public static class InterruptNumbers
{
    /// <summary>SGI of the mailbox between the hypervisors of two cores.</summary>
    public const byte Mailbox = 1;

    /// <summary>PPI of the virtual interface's maintenance.</summary>
    public const int Maintenance = 25;

    /// <summary>PPI of the hypervisor's timer CNTHP.</summary>
    public const int HypervisorTimer = 26;

    /// <summary>PPI of the virtual timer CNTV.</summary>
    public const int VirtualTimer = 27;

    /// <summary>PPI of the physical timer CNTP.</summary>
    public const int PhysicalTimer = 30;

    /// <summary>The virtual interrupt that announces trace records to the GPOS: SPI 32.</summary>
    public const int Trace = 64;

    /// <summary>Acknowledge found nothing.</summary>
    public const int Spurious = 1023;
}
