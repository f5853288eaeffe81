using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.Injection;

/// <summary>
/// Brings virtual interrupts to guests: through a list register where the vCPU is on this core, through a queue until it is, and
/// by SGI where the GPOS is on another core.
/// </summary>
/// <param name="core">Which core.</param>
public sealed class InjectionState(CoreId core) : IPart
{
    private const ulong Withdrawn = 2;
    private readonly Dictionary<VcpuId, SortedSet<int>> queued = [];

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
            at = Inject(announce.At, announce.Cause, lease, gpos, InterruptNumbers.Trace, null);
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
            Send(work.At, interrupt, target, work.Lease, outbox),
        MailboxWork { Item: InterruptRequest request } => Inject(work.At, work.Work.Cause, work.Lease, request.Vcpu, request.Interrupt, null),
        InterruptWork interrupt => Inject(
            work.At, interrupt.Cause, work.Lease, interrupt.Vcpu, interrupt.Interrupt, interrupt.Physical),
        MailboxWork { Item: AnnounceRequest } announce => Inject(
            work.At, announce.Cause, work.Lease, work.Lease.Topology.Gpos!.Value, InterruptNumbers.Trace, null),
        WithdrawWork withdrawn => Withdraw(work.At, withdrawn, work.Lease),
        DistributorWork or VcpuPlacedWork => Flush(work.At, work.Work.Cause, work.Lease),
        _ => throw new ProtocolViolationException(Address, "waiting", work.Work),
    };

    private static CoreId CoreOf(CoreLease lease, VcpuId vcpu) => lease.Scenario.Guests[vcpu.Guest.Index].VcpuCores[vcpu.Index];

    /// <summary>An interrupt between vCPUs of a guest on two cores: the other core's hypervisor injects it.</summary>
    private static VirtualInstant Send(VirtualInstant at, InterruptWork work, CoreId target, CoreLease lease, IOutbox outbox)
    {
        at = lease.Charge(
            work.Cause, StepKind.SgiSend, CostCategory.SgiSend, at, lease.Costs.SgiSend, 0, InterruptNumbers.Mailbox, target.Index);
        lease.SendAcross(
            at, work.Cause, target, new SgiSignal(InterruptNumbers.Mailbox, new InterruptRequest(work.Vcpu, work.Interrupt)), outbox);
        return at;
    }

    private VirtualInstant Inject(VirtualInstant at, Stamp cause, CoreLease lease, VcpuId vcpu, int interrupt, int? physical)
    {
        bool placed = false;
        if (lease.Guest is not { } present || present.Vcpu.Id != vcpu)
        {
            Queue(vcpu, interrupt);
            lease.Woken.Enqueue(vcpu);
        }
        else if (!present.Distributor!.IsEnabled(interrupt, vcpu.Index))
        {
            present.Distributor.SetPending(interrupt, vcpu.Index);
        }
        else
        {
            placed = lease.Peripherals.TryInject(interrupt, present.Distributor.Priority(interrupt, vcpu.Index), physical, lease.Core.Now);
            if (!placed)
            {
                Queue(vcpu, interrupt);
                lease.InterruptsWait = true;
            }
        }

        return lease.Charge(
            cause, StepKind.Injection, CostCategory.Injection, at, lease.Costs.Injection, 0, (ulong)interrupt, placed ? 0UL : 1UL);
    }

    /// <summary>Tries again what waits for the vCPU that is on the core now: in its distributor, then in the queue.</summary>
    private VirtualInstant Flush(VirtualInstant at, Stamp cause, CoreLease lease)
    {
        if (lease.Guest is not { Distributor: { } distributor } guest)
        {
            return at;
        }

        List<int> waiting = [];
        while (distributor.TryTakePending(guest.Vcpu.Id.Index, out int interrupt))
        {
            waiting.Add(interrupt);
        }

        if (queued.Remove(guest.Vcpu.Id, out SortedSet<int>? rest))
        {
            waiting.AddRange(rest);
        }

        foreach (int interrupt in waiting)
        {
            int? physical = interrupt is InterruptNumbers.VirtualTimer or InterruptNumbers.PhysicalTimer ? interrupt : null;
            at = Inject(at, cause, lease, guest.Vcpu.Id, interrupt, physical);
        }

        return at;
    }

    private VirtualInstant Withdraw(VirtualInstant at, WithdrawWork work, CoreLease lease)
    {
        if (queued.TryGetValue(work.Vcpu, out SortedSet<int>? waiting))
        {
            waiting.Remove(work.Interrupt);
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

        return lease.Charge(
            work.Cause, StepKind.Injection, CostCategory.Injection, at, lease.Costs.Injection, 0, (ulong)work.Interrupt, Withdrawn);
    }

    private void Queue(VcpuId vcpu, int interrupt)
    {
        if (!queued.TryGetValue(vcpu, out SortedSet<int>? waiting))
        {
            queued[vcpu] = waiting = [];
        }

        waiting.Add(interrupt);
    }
}
