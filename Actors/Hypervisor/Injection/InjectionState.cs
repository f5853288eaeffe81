using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.Injection;

/// <summary>
/// Brings virtual interrupts to guests: where the vCPU is on this core they are pending in its distributor and go from there into
/// list registers, the most urgent first; until it is they wait in a queue; where the GPOS is on another core they go by SGI.
/// </summary>
/// <remarks>
/// What finds no list register stays pending in the distributor, and the underflow maintenance interrupt is switched on; an active one
/// that had to leave its list register is ended by the maintenance interrupt for an entry that is not present. The end of a level-sensitive interrupt is reported by the maintenance interrupt too: where its input is still asserted it comes again.
/// </remarks>
/// <param name="core">Which core.</param>
public sealed class InjectionState(CoreId core) : IPart
{
    // What became of an interrupt: the record's second detail.
    private const ulong Placed = 0;
    private const ulong Waits = 1;
    private const ulong Withdrawn = 2;
    private readonly Dictionary<VcpuId, SortedSet<(int Interrupt, int Source)>> queued = [];

    /// <inheritdoc/>
    public Address Address { get; } = Address.Of(Role.Injection, core);

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        switch (message)
        {
            case AnnounceRecord announce:
                Announce(announce, outbox);
                break;
            case DoWork work:
                VirtualInstant at = Work(work, outbox);
                outbox.Send(Address.Of(Role.Router, core), new ServiceDone(at, work.Lease));
                break;
            default:
                throw new ProtocolViolationException(Address, "waiting", message);
        }
    }

    private void Announce(AnnounceRecord announce, IOutbox outbox)
    {
        CoreLease lease = announce.Lease;
        TraceTopology topology = lease.Topology;
        VcpuId gpos = topology.Gpos ?? throw new InvalidOperationException("A record for a GPOS that is not there.");
        VirtualInstant at;
        if (topology.GposCore == core)
        {
            at = Inject(announce.At, announce.Cause, lease, gpos, InterruptNumbers.Trace);
        }
        else
        {
            at = lease.Charge(
                announce.Cause, StepKind.SgiSend, CostCategory.SgiSend, announce.At, lease.Costs.SgiSend, 0,
                InterruptNumbers.Mailbox, topology.GposCore.Index);
            SgiSignal signal = new(InterruptNumbers.Mailbox, new AnnounceRequest(announce.Ring));
            lease.SendAcross(at, announce.Cause, topology.GposCore, signal, outbox);
        }

        outbox.Send(Address.Of(Role.Instrumentation, core), new Announced(at, lease));
    }

    private VirtualInstant Work(DoWork work, IOutbox outbox) => work.Work switch
    {
        InterruptWork interrupt when CoreOf(work.Lease, interrupt.Vcpu) is var target && target != core =>
            Send(work.At, interrupt.Cause, new InterruptRequest(interrupt.Vcpu, interrupt.Interrupt, interrupt.Source), target, work.Lease, outbox),
        MailboxWork { Item: InterruptRequest request } => Inject(work.At, work.Work.Cause, work.Lease, request.Vcpu, request.Interrupt, request.Source),
        InterruptWork interrupt => Inject(
            work.At, interrupt.Cause, work.Lease, interrupt.Vcpu, interrupt.Interrupt, interrupt.Source),
        MailboxWork { Item: AnnounceRequest } announce => Inject(
            work.At, announce.Cause, work.Lease, work.Lease.Topology.Gpos!.Value, InterruptNumbers.Trace),
        WithdrawWork withdrawn => Withdraw(work.At, withdrawn, work.Lease),
        MaintenanceWork => Maintain(work.At, work.Work.Cause, work.Lease),
        MailboxWork { Item: PendingRequest pending } => Look(work.At, work.Work.Cause, work.Lease, pending.Vcpu),
        DistributorWork => TellOthers(Rearrange(work.At, work.Work.Cause, work.Lease), work.Work.Cause, work.Lease, outbox),
        VcpuPlacedWork => Flush(work.At, work.Work.Cause, work.Lease),
        _ => throw new ProtocolViolationException(Address, "waiting", work.Work),
    };

    private static CoreId CoreOf(CoreLease lease, VcpuId vcpu) => lease.Scenario.Guests[vcpu.Guest.Index].VcpuCores[vcpu.Index];

    /// <summary>An interrupt between vCPUs of a guest on two cores: the other core's hypervisor injects it.</summary>
    private static VirtualInstant Send(VirtualInstant at, Stamp cause, MailboxItem item, CoreId target, CoreLease lease, IOutbox outbox)
    {
        at = lease.Charge(cause, StepKind.SgiSend, CostCategory.SgiSend, at, lease.Costs.SgiSend, 0, InterruptNumbers.Mailbox, target.Index);
        lease.SendAcross(at, cause, target, new SgiSignal(InterruptNumbers.Mailbox, item), outbox);
        return at;
    }

    private VirtualInstant Inject(VirtualInstant at, Stamp cause, CoreLease lease, VcpuId vcpu, int interrupt, int source = 0)
    {
        if (lease.Guest is not { Distributor: { } distributor } guest || guest.Vcpu.Id != vcpu)
        {
            Queue(vcpu, interrupt, source);
            lease.Woken.Enqueue(vcpu);
            return Charge(at, cause, lease, interrupt, Waits);
        }

        distributor.SetPending(interrupt, vcpu.Index, source);
        bool placed = false;
        at = Fill(at, cause, lease, guest, entry => placed |= entry.VirtualId == interrupt);
        return placed ? at : Charge(at, cause, lease, interrupt, Waits);
    }

    /// <summary>Moves what is pending in the distributor into list registers, while there is room or something less urgent to put back.</summary>
    /// <param name="at">The core's local time.</param>
    /// <param name="cause">What began the chain.</param>
    /// <param name="lease">The core's resources.</param>
    /// <param name="guest">The guest on the core.</param>
    /// <param name="placed">Gets each interrupt that is placed and charged.</param>
    /// <param name="known">What was in a list register before: it is placed without charge.</param>
    private static VirtualInstant Fill(
        VirtualInstant at, Stamp cause, CoreLease lease, GuestLease guest, Action<ListRegister>? placed = null, IReadOnlyList<ListRegister>? known = null)
    {
        VirtualDistributor distributor = guest.Distributor!;
        bool room = true;
        while (room && distributor.TryTakePending(guest.PresentVcpu, out ListRegister entry))
        {
            if (entry.VirtualId is InterruptNumbers.VirtualTimer or InterruptNumbers.PhysicalTimer)
            {
                entry = entry with { PhysicalId = entry.VirtualId };
            }

            room = lease.Peripherals.TryPlace(entry, lease.Core.Now);
            if (!room && lease.Peripherals.TryMakeRoom(entry.Priority, out ListRegister less))
            {
                distributor.PutBack(guest.PresentVcpu, less);
                room = lease.Peripherals.TryPlace(entry, lease.Core.Now);
            }

            if (!room)
            {
                distributor.PutBack(guest.PresentVcpu, entry);
            }
            else if (known is null || !known.Any(k => k.VirtualId == entry.VirtualId && k.Source == entry.Source))
            {
                placed?.Invoke(entry);
                at = Charge(at, cause, lease, entry.VirtualId, Placed);
            }
        }

        lease.Peripherals.Watch(
            (room ? MaintenanceCauses.None : MaintenanceCauses.Underflow)
            | (distributor.IsAnyDisplaced(guest.PresentVcpu) ? MaintenanceCauses.EntryNotPresent : MaintenanceCauses.None));
        return at;
    }

    /// <summary>The vCPU is on the core now: what was queued for it is pending.</summary>
    private VirtualInstant Flush(VirtualInstant at, Stamp cause, CoreLease lease)
    {
        if (lease.Guest is not { Distributor: { } distributor } guest)
        {
            return at;
        }

        if (queued.Remove(guest.Vcpu.Id, out SortedSet<(int Interrupt, int Source)>? waiting))
        {
            foreach ((int interrupt, int source) in waiting)
            {
                distributor.SetPending(interrupt, guest.PresentVcpu, source);
            }
        }

        return Fill(at, cause, lease, guest);
    }

    /// <summary>The guest changed its distributor, or a device its output: what the guest has not seen yet is decided anew.</summary>
    private static VirtualInstant Rearrange(VirtualInstant at, Stamp cause, CoreLease lease)
    {
        if (lease.Guest is not { Distributor: { } distributor } guest)
        {
            return at;
        }

        IReadOnlyList<ListRegister> known = lease.Peripherals.TakePending();
        foreach (ListRegister entry in known)
        {
            distributor.PutBack(guest.PresentVcpu, entry);
        }

        return Fill(at, cause, lease, guest, known: known);
    }

    /// <summary>Shared interrupts go where GICD_ITARGETSR says: the cores of the guest's other vCPUs look what is theirs.</summary>
    private VirtualInstant TellOthers(VirtualInstant at, Stamp cause, CoreLease lease, IOutbox outbox)
    {
        if (lease.Guest is not { Distributor: { } distributor } guest)
        {
            return at;
        }

        foreach (VcpuLease other in guest.Vcpus.Where(v => v != guest.Present && v.Power == VcpuPower.On && distributor.IsAnyPending(v.Id.Index)))
        {
            if (other.Core == core)
            {
                lease.Woken.Enqueue(other.Id);
            }
            else
            {
                at = Send(at, cause, new PendingRequest(other.Id), other.Core, lease, outbox);
            }
        }

        return at;
    }

    private static VirtualInstant Look(VirtualInstant at, Stamp cause, CoreLease lease, VcpuId vcpu)
    {
        if (lease.Vcpu is { } here && here.Id == vcpu)
        {
            return Fill(at, cause, lease, lease.Guest!);
        }

        lease.Woken.Enqueue(vcpu);
        return at;
    }

    /// <summary>The maintenance interrupt: level-sensitive interrupts were ended, or list registers have become free.</summary>
    private static VirtualInstant Maintain(VirtualInstant at, Stamp cause, CoreLease lease)
    {
        if (lease.Guest is { Distributor: { } distributor } guest)
        {
            foreach (ListRegister entry in lease.Peripherals.TakeEnded())
            {
                distributor.Ended(guest.PresentVcpu, entry.VirtualId);
            }

            for (uint ends = lease.Peripherals.TakeEndsNotPresent(); ends > 0; ends--)
            {
                distributor.EndDisplaced(guest.PresentVcpu);
            }

            at = Fill(at, cause, lease, guest);
        }

        lease.Peripherals.Deactivate(InterruptNumbers.Maintenance, lease.Core.Now);
        return at;
    }

    private VirtualInstant Withdraw(VirtualInstant at, WithdrawWork work, CoreLease lease)
    {
        if (queued.TryGetValue(work.Vcpu, out SortedSet<(int Interrupt, int Source)>? waiting))
        {
            waiting.Remove((work.Interrupt, 0));
        }

        if (lease.Guest is not { Distributor: { } distributor } present || present.Vcpu.Id != work.Vcpu)
        {
            return at;
        }

        distributor.ClearPending(work.Interrupt, work.Vcpu.Index);
        lease.Peripherals.Withdraw(work.Interrupt);
        bool active = lease.Peripherals.VirtualInterrupts.StatusOf(work.Interrupt).HasFlag(InterruptStatus.Active);
        if (!active && work.Physical is { } linked)
        {
            lease.Peripherals.Deactivate(linked, lease.Core.Now);
        }

        return Charge(at, work.Cause, lease, work.Interrupt, Withdrawn);
    }

    private static VirtualInstant Charge(VirtualInstant at, Stamp cause, CoreLease lease, int interrupt, ulong outcome) =>
        lease.Charge(cause, StepKind.Injection, CostCategory.Injection, at, lease.Scenario.Board.InjectionCycles, 0, (ulong)interrupt, outcome);

    private void Queue(VcpuId vcpu, int interrupt, int source)
    {
        if (!queued.TryGetValue(vcpu, out SortedSet<(int Interrupt, int Source)>? waiting))
        {
            queued[vcpu] = waiting = [];
        }

        waiting.Add((interrupt, source));
    }
}
