using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Gic;

/// <summary>
/// The distributor that a guest sees: emulated by the hypervisor, register for register a GICv2 with interrupts 0..95.
/// It decides what may be injected and with which priority; what has been injected is in list registers.
/// </summary>
public sealed class VirtualDistributor
{
    /// <summary>How many interrupt numbers the guest has.</summary>
    public const int Interrupts = 96;

    private readonly GicDistributor registers;

    /// <summary>Creates the distributor of a guest in its reset state.</summary>
    /// <param name="vcpus">How many vCPUs the guest has, 1..8.</param>
    public VirtualDistributor(int vcpus) => registers = new GicDistributor(Interrupts, 0, vcpus, vcpus);

    /// <summary>GICD_CTLR.EnableGrp0: interrupts are forwarded at all.</summary>
    public bool Forwards => (registers.Control & 1) != 0;

    /// <summary>Gets each write to GICD_SGIR that has a target; the targets are vCPU numbers.</summary>
    public Action<SgiRequest>? SgiSent
    {
        get => registers.SgiSent;
        set => registers.SgiSent = value;
    }

    /// <summary>Reads a register; what is no register reads as 0.</summary>
    /// <param name="vcpu">Which vCPU reads.</param>
    /// <param name="offset">Bytes from the start of the distributor.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    public uint Read(int vcpu, uint offset, int size) => registers.Read(vcpu, offset, size);

    /// <summary>Writes a register; what is no register ignores it. Interrupt groups are stored and have no effect.</summary>
    /// <param name="vcpu">Which vCPU writes.</param>
    /// <param name="offset">Bytes from the start of the distributor.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">What is written.</param>
    /// <param name="now">When the store completes.</param>
    public void Write(int vcpu, uint offset, int size, uint value, VirtualInstant now) => registers.Write(vcpu, offset, size, value, now);

    /// <summary>Connects the list registers of the core on which a vCPU runs, so that pending and active bits show them; null while it is on none.</summary>
    public void Hold(int vcpu, IVirtualInterrupts? interrupts) => registers.Hold(vcpu, interrupts);

    /// <summary>An interrupt may be injected now: it is enabled and the distributor forwards.</summary>
    public bool IsEnabled(int interrupt, int vcpu) => Forwards && registers.IsEnabled(vcpu, interrupt);

    /// <summary>Its priority, 0 (most urgent) .. 255.</summary>
    public byte Priority(int interrupt, int vcpu) => registers.PriorityOf(vcpu, interrupt);

    /// <summary>Notes an interrupt that cannot be injected yet. An SGI is noted as coming from vCPU 0.</summary>
    public void SetPending(int interrupt, int vcpu)
    {
        if (interrupt < InterruptNumber.FirstPpi)
        {
            registers.RaiseSgi(vcpu, interrupt, 0);
        }
        else
        {
            registers.SetPending(vcpu, interrupt);
        }
    }

    /// <summary>Forgets a noted PPI or SPI; what is in a list register is not touched.</summary>
    public void ClearPending(int interrupt, int vcpu) => registers.Unlatch(vcpu, interrupt);

    /// <summary>Takes the next noted interrupt that may be injected: by priority, then by number.</summary>
    /// <returns>False where there is none.</returns>
    public bool TryTakePending(int vcpu, out int interrupt)
    {
        PendingInterrupt best = registers.Best(vcpu, 1);
        interrupt = best.Id;
        if (best.Id == InterruptNumber.Spurious)
        {
            return false;
        }

        registers.Activate(vcpu, best);
        registers.Deactivate(vcpu, best.Id);
        return true;
    }
}
