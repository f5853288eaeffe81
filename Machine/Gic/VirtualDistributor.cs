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

    private const uint BothGroups = 3;
    private readonly GicDistributor registers;

    /// <summary>Of each vCPU: active interrupts that had to leave their list registers.</summary>
    private readonly IReadOnlyList<List<ListRegister>> displaced;

    /// <summary>Creates the distributor of a guest in its reset state.</summary>
    /// <param name="vcpus">How many vCPUs the guest has, 1..8.</param>
    public VirtualDistributor(int vcpus)
    {
        registers = new GicDistributor(Interrupts, 0, vcpus, vcpus);
        displaced = [.. Enumerable.Range(0, vcpus).Select(_ => new List<ListRegister>())];
    }

    /// <summary>GICD_CTLR: interrupts of a group are forwarded.</summary>
    public bool Forwards => (registers.Control & BothGroups) != 0;

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

    /// <summary>Writes a register; what is no register ignores it.</summary>
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

    /// <summary>An interrupt of a vCPU is pending, enabled, and in no list register.</summary>
    public bool IsAnyPending(int vcpu) => registers.Best(vcpu, BothGroups).Id != InterruptNumber.Spurious;

    /// <summary>Makes an interrupt pending.</summary>
    /// <param name="interrupt">Its number.</param>
    /// <param name="vcpu">Whose.</param>
    /// <param name="source">Of an SGI: the vCPU that sent it.</param>
    public void SetPending(int interrupt, int vcpu, int source = 0)
    {
        if (interrupt < InterruptNumber.FirstPpi)
        {
            registers.RaiseSgi(vcpu, interrupt, source);
        }
        else
        {
            registers.SetPending(vcpu, interrupt);
        }
    }

    /// <summary>Forgets that a PPI or SPI was made pending; what is in a list register is not touched.</summary>
    public void ClearPending(int interrupt, int vcpu) => registers.Unlatch(vcpu, interrupt);

    /// <summary>Drives the input of an SPI.</summary>
    public void SetLevel(int interrupt, bool level) => registers.SetLevel(0, interrupt, level);

    /// <summary>Takes the pending interrupt that comes first: by priority, then by number.</summary>
    /// <param name="vcpu">Whose.</param>
    /// <param name="entry">What belongs into a list register. A level-sensitive one reports its end, for its input is looked at again then.</param>
    /// <returns>False where there is none.</returns>
    public bool TryTakePending(int vcpu, out ListRegister entry)
    {
        PendingInterrupt best = registers.Best(vcpu, BothGroups);
        entry = default;
        if (best.Id == InterruptNumber.Spurious)
        {
            return false;
        }

        bool latched = registers.IsLatched(vcpu, best.Id);
        entry = new ListRegister(best.Id, (byte)best.Priority, InterruptStatus.Pending, null)
        {
            Source = best.Source,
            Group1 = best.Group1,
            ReportsEnd = !latched,
        };
        registers.Activate(vcpu, best);
        registers.Deactivate(vcpu, best.Id);
        registers.SetListed(vcpu, best.Id, !latched);
        return true;
    }

    /// <summary>Takes back what was not put into a list register, or was taken out of one for something more urgent.</summary>
    public void PutBack(int vcpu, ListRegister entry)
    {
        if (entry.Status == InterruptStatus.Active)
        {
            displaced[vcpu].Add(entry);
            registers.SetActive(vcpu, entry.VirtualId);
        }
        else if (entry.ReportsEnd)
        {
            registers.SetListed(vcpu, entry.VirtualId, false);
        }
        else
        {
            SetPending(entry.VirtualId, vcpu, entry.Source);
        }
    }

    /// <summary>Active interrupts of a vCPU are in no list register.</summary>
    public bool IsAnyDisplaced(int vcpu) => displaced[vcpu].Count > 0;

    /// <summary>The guest has ended an interrupt that is in no list register: of those the most urgent, for ends are nested.</summary>
    public void EndDisplaced(int vcpu)
    {
        if (displaced[vcpu].Count > 0)
        {
            ListRegister ended = displaced[vcpu].MinBy(e => e.Priority);
            displaced[vcpu].Remove(ended);
            registers.Deactivate(vcpu, ended.VirtualId);
            registers.SetListed(vcpu, ended.VirtualId, false);
        }
    }

    /// <summary>The guest has ended a level-sensitive interrupt: where the input is still asserted it is pending again.</summary>
    public void Ended(int vcpu, int interrupt) => registers.SetListed(vcpu, interrupt, false);
}
