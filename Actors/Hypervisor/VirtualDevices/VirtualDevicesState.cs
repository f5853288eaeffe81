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
        if (message is not HandleTrap trap)
        {
            throw new ProtocolViolationException(Address, "waiting for traps", message);
        }

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
        followUp = [];
        at = trap.At;
        ulong ipa = trap.Exit.FaultIpa.Value;
        uint value = (uint)trap.Exit.Value;
        bool distributor = map.IsDistributor(trap.Exit.FaultIpa);
        if (!distributor && !map.IsUart(trap.Exit.FaultIpa))
        {
            return false;
        }

        at += lease.Costs.Mmio;
        VirtualInstant completes = at + lease.Scenario.Board.Clock.CyclesPerInstruction;
        uint offset = (uint)(ipa % DeviceSize);
        if (distributor && abort.IsWrite)
        {
            Machine.Gic.VirtualDistributor emulated = guest.Distributor!;
            List<HypervisorWork> work = [];
            emulated.SgiSent = request => work.AddRange(
                request.Targets.Select(target => new InterruptWork(trap.Cause, new VcpuId(guest.Id, target.Index), request.Sgi, null)));
            emulated.Write(guest.Vcpu.Id.Index, offset, abort.Size, value, completes);
            work.Add(new DistributorWork(trap.Cause));
            followUp = work;
        }
        else if (distributor)
        {
            value = guest.Distributor!.Read(guest.Vcpu.Id.Index, offset, abort.Size);
        }
        else if (abort.IsWrite)
        {
            guest.Uart.Write(offset, abort.Size, value, completes);
        }
        else
        {
            value = guest.Uart.Read(offset, abort.Size, completes);
        }

        lease.Charge(
            trap.Cause, StepKind.Mmio, CostCategory.Mmio, trap.At, at - trap.At, trap.Exit.Pc.Value, ipa, value | (abort.IsWrite ? 1UL << 32 : 0));
        lease.Core.AdvanceTo(at);
        lease.Core.CompleteEmulated(abort.IsWrite ? null : value);
        at = lease.Core.Now;
        return true;
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
