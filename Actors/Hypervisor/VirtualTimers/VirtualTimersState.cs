using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.VirtualTimers;

/// <summary>
/// Emulates CNTP, the physical timer that a guest sees (CNTHCTL lets no access of it through). While its vCPU is on the core
/// an entry of the hypervisor's own timer stands for the compare value; what comes due while it is off is found at its return.
/// </summary>
/// <remarks>
/// The output is a level. The interrupt that it raises is linked to PPI 30, which is left pending there as long as the output
/// is asserted: a guest that ends the interrupt without moving the timer on gets it again, as on the board.
/// </remarks>
/// <param name="core">Which core.</param>
public sealed class VirtualTimersState(CoreId core) : IPart
{
    /// <inheritdoc/>
    public Address Address { get; } = Address.Of(Role.VirtualTimers, core);

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        ServiceDone done = message switch
        {
            HandleTrap trap => Access(trap),
            DoWork { Work: TimerWork or PhysicalTimerWork or VcpuPlacedWork } work => Look(work),
            _ => throw new ProtocolViolationException(Address, "waiting", message),
        };
        outbox.Send(Address.Of(Role.Router, core), done);
    }

    private static ServiceDone Access(HandleTrap trap)
    {
        CoreLease lease = trap.Lease;
        VcpuLease vcpu = lease.Guest?.Present ?? throw new InvalidOperationException("A trapped register access without a guest.");
        SystemRegisterAccess access = new(trap.Exit);
        TimerRegister register = access.PhysicalTimer ?? throw new InvalidOperationException($"{trap.Exit} is no access to the physical timer.");
        VirtualInstant at = trap.At + lease.Scenario.Board.PhysicalTimerCycles;
        ulong count = lease.Scenario.Board.Clock.CountAt(at + lease.Scenario.Board.Clock.CyclesPerInstruction);
        ulong value = access.IsRead ? Read(vcpu, register, count) : trap.Exit.Value;
        lease.Charge(
            trap.Cause, StepKind.SystemRegister, CostCategory.SystemRegister, trap.At, at - trap.At, trap.Exit.Pc.Value, trap.Exit.Syndrome, value);
        lease.Core.AdvanceTo(at);
        if (!access.IsRead)
        {
            Write(vcpu, register, value, count);
        }

        Complete(lease.Core, access, value);
        at = lease.Core.Now;
        return new ServiceDone(at, lease, null, Drive(lease, vcpu, at, trap.Cause));
    }

    private static void Complete(Core processor, SystemRegisterAccess access, ulong value)
    {
        if (access is { IsRead: true, IsWide: true })
        {
            processor.CompleteEmulated64(value);
        }
        else
        {
            processor.CompleteEmulated(access.IsRead ? (uint)value : null);
        }
    }

    private static ulong Read(VcpuLease vcpu, TimerRegister register, ulong count) => register switch
    {
        TimerRegister.PhysicalCount => count,
        TimerRegister.PhysicalCompare => vcpu.PhysicalTimer.Compare,
        TimerRegister.PhysicalTimerValue => vcpu.PhysicalTimer.ReadTimerValue(count),
        _ => vcpu.PhysicalTimer.ReadControl(count),
    };

    private static void Write(VcpuLease vcpu, TimerRegister register, ulong value, ulong count)
    {
        switch (register)
        {
            case TimerRegister.PhysicalCompare:
                vcpu.PhysicalTimer.Compare = value;
                break;
            case TimerRegister.PhysicalTimerValue:
                vcpu.PhysicalTimer.WriteTimerValue((uint)value, count);
                break;
            case TimerRegister.PhysicalControl:
                vcpu.PhysicalTimer.ControlBits = (uint)value;
                break;
            default:
                break;
        }
    }

    /// <summary>An entry of the timer is due, the interrupt was let through, or another vCPU came: the output is looked at anew.</summary>
    private static ServiceDone Look(DoWork work)
    {
        bool mine = work.Lease.Guest is { } guest && (work.Work is not TimerWork due || due.Entry.Vcpu == guest.Vcpu.Id);
        return mine
            ? new ServiceDone(work.At, work.Lease, null, Drive(work.Lease, work.Lease.Guest!.Present, work.At, work.Work.Cause))
            : new ServiceDone(work.At, work.Lease);
    }

    /// <summary>Tells the interrupt controller the output as it is now, and the hypervisor's timer when it changes next.</summary>
    private static IReadOnlyList<HypervisorWork> Drive(CoreLease lease, VcpuLease vcpu, VirtualInstant at, Stamp cause)
    {
        ClockRates rates = lease.Scenario.Board.Clock;
        ulong count = rates.CountAt(at);
        bool asserted = vcpu.PhysicalTimer.Output(count);
        lease.Timers.Cancel(HypTimerPurpose.PhysicalTimer, vcpu.Id);
        VirtualInstant next = vcpu.PhysicalTimer.NextChange(count, 0, rates);
        if (next != VirtualInstant.Never)
        {
            lease.Timers.Add(new HypTimerEntry(next, HypTimerPurpose.PhysicalTimer, vcpu.Id, 0, cause));
        }

        bool wasAsserted = vcpu.PhysicalTimerAsserted;
        vcpu.PhysicalTimerAsserted = asserted;
        lease.Peripherals.DrivePhysicalTimer(asserted);
        if (asserted && !lease.Peripherals.PhysicalTimerHeld)
        {
            lease.Peripherals.HoldPhysicalTimer();
            return [new InterruptWork(cause, vcpu.Id, InterruptNumbers.PhysicalTimer, InterruptNumbers.PhysicalTimer)];
        }

        return wasAsserted && !asserted ? [new WithdrawWork(cause, vcpu.Id, InterruptNumbers.PhysicalTimer, InterruptNumbers.PhysicalTimer)] : [];
    }
}
