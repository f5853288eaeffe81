using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.VirtualDevices;

/// <summary>
/// Emulates what stage 2 leaves unmapped: the guest's distributor, its UART, and for the GPOS the trace control device.
/// Any other address is a synchronous external abort to the guest, as a bus without a device answers.
/// </summary>
/// <param name="core">Which core.</param>
public sealed class VirtualDevicesState(CoreId core) : IPart
{
    /// <summary>DFSR/IFSR status of a synchronous external abort in the short-descriptor format (ARM DDI 0406 B3.13.3).</summary>
    private const uint SynchronousExternalAbort = 0b01000;

    private const uint DeviceSize = 0x1000;

    /// <inheritdoc/>
    public Address Address { get; } = Address.Of(Role.VirtualDevices, core);

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        switch (message)
        {
            case HandleTrap trap:
                HandleTrap(trap, outbox);
                break;
            case DoWork { Work: TimerWork or VcpuPlacedWork } work:
                outbox.Send(Address.Of(Role.Router, core), new ServiceDone(work.At, work.Lease, null, FollowUart(work.Lease, work.At, work.Work.Cause)));
                break;
            default:
                throw new ProtocolViolationException(Address, "waiting for traps", message);
        }
    }

    private void HandleTrap(HandleTrap trap, IOutbox outbox)
    {
        CoreLease lease = trap.Lease;
        GuestLease guest = lease.Guest ?? throw new InvalidOperationException("A stage-2 abort without a guest.");
        DataAbort abort = new(trap.Exit);
        if (trap.Exit.Kind == CoreExitKind.Stage2PrefetchAbort || !abort.IsValid)
        {
            Refuse(trap, outbox);
            return;
        }

        PlatformMap map = new(guest.Spec.Platform);
        if (PlatformMap.IsTraceControl(trap.Exit.FaultIpa) && guest.Spec.Profiler && abort.Size == sizeof(uint))
        {
            uint offset = (uint)(trap.Exit.FaultIpa.Value - PlatformMap.TraceControl);
            ControlAccessWork access = new(trap.Cause, offset, abort.IsWrite ? (uint)trap.Exit.Value : null);
            outbox.Send(Address.Of(Role.Router, core), new ServiceDone(trap.At, lease, null, [access]));
            return;
        }

        if (!TryEmulate(trap, abort, guest, map, out VirtualInstant at, out IReadOnlyList<HypervisorWork> followUp))
        {
            Refuse(trap, outbox);
            return;
        }

        outbox.Send(Address.Of(Role.Router, core), new ServiceDone(at, lease, null, followUp));
    }

    private static bool TryEmulate(
        HandleTrap trap, DataAbort abort, GuestLease guest, PlatformMap map, out VirtualInstant at, out IReadOnlyList<HypervisorWork> followUp)
    {
        CoreLease lease = trap.Lease;
        at = trap.At + lease.Costs.Mmio;
        VirtualInstant completes = at + lease.Scenario.Board.Clock.CyclesPerInstruction;
        Ipa ipa = trap.Exit.FaultIpa;
        uint value = (uint)trap.Exit.Value;
        followUp = [];
        if (map.IsDistributor(ipa))
        {
            followUp = AccessDistributor(trap, abort, guest, completes, ref value);
        }
        else if (map.IsUart(ipa))
        {
            AccessUart(abort, guest.Uart, (uint)(ipa.Value % DeviceSize), completes, ref value);
            followUp = FollowUart(lease, completes, trap.Cause);
        }
        else if (map.IsFlash(ipa))
        {
            AccessFlash(abort, guest.Flash!, (uint)(ipa.Value - guest.Spec.Platform.Flash!.Value.Value), ref value);
        }
        else
        {
            return false;
        }

        lease.Charge(
            trap.Cause, StepKind.Mmio, CostCategory.Mmio, trap.At, at - trap.At, trap.Exit.Pc.Value, ipa.Value, value | (abort.IsWrite ? 1UL << 32 : 0));
        lease.Core.AdvanceTo(at);
        lease.Core.CompleteEmulated(abort.IsWrite ? null : value);
        at = lease.Core.Now;
        return true;
    }

    private static List<HypervisorWork> AccessDistributor(
        HandleTrap trap, DataAbort abort, GuestLease guest, VirtualInstant completes, ref uint value)
    {
        Machine.Gic.VirtualDistributor emulated = guest.Distributor!;
        uint offset = (uint)(trap.Exit.FaultIpa.Value % DeviceSize);
        List<HypervisorWork> work = [];
        if (!abort.IsWrite)
        {
            value = emulated.Read(guest.PresentVcpu, offset, abort.Size);
            return work;
        }

        emulated.SgiSent = request => work.AddRange(
            request.Targets.Select(
                target => new InterruptWork(trap.Cause, new VcpuId(guest.Id, target.Index), request.Sgi, null) { Source = request.Source.Index }));
        emulated.Write(guest.PresentVcpu, offset, abort.Size, value, completes);
        work.Add(new DistributorWork(trap.Cause));
        return work;
    }

    private static void AccessUart(DataAbort abort, Machine.Uart.IUart uart, uint offset, VirtualInstant completes, ref uint value)
    {
        if (abort.IsWrite)
        {
            uart.Write(offset, abort.Size, value, completes);
        }
        else
        {
            value = uart.Read(offset, abort.Size, completes);
        }
    }

    /// <summary>
    /// Brings the UART of the guest on the core up to the present: its output goes to the guest's distributor, and the hypervisor's
    /// timer is set for what is typed next. What is typed while the guest is off the core is found when it comes back.
    /// </summary>
    private static IReadOnlyList<HypervisorWork> FollowUart(CoreLease lease, VirtualInstant at, Stamp cause)
    {
        if (lease.Guest is not { Distributor: { } distributor } guest)
        {
            return [];
        }

        guest.Uart.AdvanceTo(at);
        lease.Timers.Cancel(HypTimerPurpose.ConsoleInput, guest.Vcpu.Id);
        if (guest.Uart.NextChange is { } next && next != VirtualInstant.Never)
        {
            lease.Timers.Add(new HypTimerEntry(next, HypTimerPurpose.ConsoleInput, guest.Vcpu.Id, 0, cause));
        }

        bool level = guest.Uart.InterruptLine;
        if (level == guest.UartAsserted)
        {
            return [];
        }

        guest.UartAsserted = level;
        distributor.SetLevel(guest.Spec.Platform.UartInterrupt, level);
        return [new DistributorWork(cause)];
    }

    private static void AccessFlash(DataAbort abort, Machine.Flash.CfiFlash flash, uint offset, ref uint value)
    {
        if (abort.IsWrite)
        {
            flash.Write(offset, value);
        }
        else
        {
            value = flash.Read(offset, abort.Size);
        }
    }

    private void Refuse(HandleTrap trap, IOutbox outbox)
    {
        CoreLease lease = trap.Lease;
        bool prefetch = trap.Exit.Kind == CoreExitKind.Stage2PrefetchAbort;
        const uint WriteNotRead = 1u << 11;
        uint status = SynchronousExternalAbort | (!prefetch && new DataAbort(trap.Exit).IsWrite ? WriteNotRead : 0);
        VirtualInstant at = lease.Charge(
            trap.Cause, StepKind.GuestFault, CostCategory.Mmio, trap.At, lease.Costs.Mmio, trap.Exit.Pc.Value, trap.Exit.Syndrome, trap.Exit.FaultIpa.Value);
        lease.Core.AdvanceTo(at);
        lease.Core.TakeGuestAbort(prefetch, status, trap.Exit.FaultVa.Value);
        outbox.Send(Address.Of(Role.Router, core), new ServiceDone(at, lease));
    }
}
