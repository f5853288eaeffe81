using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.VirtualDevices;

/// <summary>
/// Emulates what stage 2 leaves unmapped: the guest's distributor, its interrupt interface on a board without GICV, its UART, and for the GPOS the trace control device.
/// Any other address is a synchronous external abort to the guest, as a bus without a device answers.
/// </summary>
/// <param name="core">Which core.</param>
public sealed class VirtualDevicesState(CoreId core) : IPart
{
    /// <summary>DFSR/IFSR status of a synchronous external abort in the short-descriptor format (ARM DDI 0406 B3.13.3).</summary>
    private const uint SynchronousExternalAbort = 0b01000;

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
                outbox.Send(Address.Of(Role.Router, core), new ServiceDone(work.At, work.Lease, null, Present(work)));
                break;
            default:
                throw new ProtocolViolationException(Address, "waiting for traps", message);
        }
    }

    /// <summary>The guest came to the core, or something is typed at its console now.</summary>
    private static IReadOnlyList<HypervisorWork> Present(DoWork work) =>
        work.Lease.Guest is { } guest ? DeviceBus.FollowUart(work.Lease, guest, work.At, work.Work.Cause) : [];

    private void HandleTrap(HandleTrap trap, IOutbox outbox)
    {
        CoreLease lease = trap.Lease;
        GuestLease guest = lease.Guest ?? throw new InvalidOperationException("A stage-2 abort without a guest.");
        DataAbort abort = new(trap.Exit);
        Ipa address = trap.Exit.FaultIpa;
        if (trap.Exit.Kind == CoreExitKind.Stage2PrefetchAbort)
        {
            Refuse(trap, outbox);
        }
        else if (abort.IsValid && PlatformMap.IsTraceControl(address) && guest.Spec.Profiler && abort.Size == sizeof(uint))
        {
            uint offset = (uint)(address.Value - PlatformMap.TraceControl);
            ControlAccessWork access = new(trap.Cause, offset, abort.IsWrite ? (uint)trap.Exit.Value : null);
            outbox.Send(Address.Of(Role.Router, core), new ServiceDone(trap.At, lease, null, [access]));
        }
        else if (new PlatformMap(guest.Spec.Platform).IsDevice(address))
        {
            ServiceDone? done = abort.IsValid ? Emulate(trap, abort, guest) : EmulateByDecoding(trap, guest);
            if (done is null)
            {
                Refuse(trap, outbox);
            }
            else
            {
                outbox.Send(Address.Of(Role.Router, core), done);
            }
        }
        else
        {
            Refuse(trap, outbox);
        }
    }

    /// <summary>A single load or store, which the syndrome describes.</summary>
    private static ServiceDone? Emulate(HandleTrap trap, DataAbort abort, GuestLease guest)
    {
        CoreLease lease = trap.Lease;
        VirtualInstant at = trap.At + Cycles(trap, guest);
        DeviceBus bus = new(trap.Cause, lease, guest, at + lease.Scenario.Board.Clock.CyclesPerInstruction);
        uint value = (uint)trap.Exit.Value;
        if (!bus.TryAccess(trap.Exit.FaultIpa, abort.Size, abort.IsWrite, ref value))
        {
            return null;
        }

        Charge(trap, at, value, abort.IsWrite);
        lease.Core.AdvanceTo(at);
        lease.Core.CompleteEmulated(abort.IsWrite ? null : value);
        return new ServiceDone(lease.Core.Now, lease, null, bus.FollowUp);
    }

    /// <summary>Any other load or store (several registers, writeback): the hypervisor decodes it, and does all its accesses.</summary>
    private static ServiceDone? EmulateByDecoding(HandleTrap trap, GuestLease guest)
    {
        CoreLease lease = trap.Lease;
        VirtualInstant at = trap.At + Cycles(trap, guest);
        DeviceBus bus = new(trap.Cause, lease, guest, at + lease.Scenario.Board.Clock.CyclesPerInstruction);
        bool write = new DataAbort(trap.Exit).IsWrite;
        uint last = 0;
        lease.Core.AdvanceTo(at);
        CoreExit? exit = lease.Core.ExecuteEmulated((Ipa address, int size, bool isWrite, ref uint value) =>
        {
            bool done = bus.TryAccess(address, size, isWrite, ref value);
            last = value;
            return done;
        });
        if (exit is { Kind: CoreExitKind.Stage2DataAbort })
        {
            return null;
        }

        Charge(trap, at, last, write);
        return new ServiceDone(lease.Core.Now, lease, null, bus.FollowUp);
    }

    private static ulong Cycles(HandleTrap trap, GuestLease guest) =>
        new PlatformMap(guest.Spec.Platform).IsInterruptController(trap.Exit.FaultIpa)
            ? trap.Lease.Scenario.Board.InterruptControllerCycles
            : trap.Lease.Costs.Mmio;

    private static void Charge(HandleTrap trap, VirtualInstant end, uint value, bool write) => trap.Lease.Charge(
        trap.Cause, StepKind.Mmio, CostCategory.Mmio, trap.At, end - trap.At, trap.Exit.Pc.Value, trap.Exit.FaultIpa.Value,
        value | (write ? 1UL << 32 : 0));

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
