using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.Router;

/// <summary>
/// The hypervisor's entry and exit on a core: acknowledges interrupts, finds the service for each exception class, collects the
/// work that arises, and gives the core back when all of it is done.
/// </summary>
/// <param name="core">Which core.</param>
public sealed class RouterState(CoreId core) : IPart
{
    private static readonly Dictionary<CoreExitKind, Role> Services = new()
    {
        [CoreExitKind.Hypercall] = Role.Instrumentation,
        [CoreExitKind.DebugTrap] = Role.Instrumentation,
        [CoreExitKind.SystemRegisterTrap] = Role.Instrumentation,
        [CoreExitKind.Stage2DataAbort] = Role.VirtualDevices,
        [CoreExitKind.Stage2PrefetchAbort] = Role.VirtualDevices,
        [CoreExitKind.WaitTrap] = Role.Scheduler,
        [CoreExitKind.GuestDead] = Role.Scheduler,
    };

    private readonly Queue<HypervisorWork> work = new();
    private Stamp? trap;
    private bool rescheduled;
    private DisplacedInstruction? displaced;

    /// <inheritdoc/>
    public Address Address { get; } = Address.Of(Role.Router, core);

    /// <inheritdoc/>
    public void Handle(object message, IOutbox outbox)
    {
        switch (message)
        {
            case TrapTaken taken when trap is null:
                Enter(taken, outbox);
                break;
            case ServiceDone done:
                Done(done, outbox);
                break;
            default:
                throw new ProtocolViolationException(Address, trap is null ? "in the guest" : "in a trap", message);
        }
    }

    private void Enter(TrapTaken taken, IOutbox outbox)
    {
        CoreLease lease = taken.Lease;
        trap = taken.Cause;
        uint pc = taken.Exit.Pc.Value;
        VirtualInstant at = lease.Charge(
            taken.Cause, StepKind.Trap, CostCategory.TrapEntry, taken.At, lease.Costs.TrapEntry, pc, taken.Exit.Syndrome, taken.Exit.FaultVa.Value);
        at = lease.Charge(taken.Cause, StepKind.Route, CostCategory.TrapEntry, at, lease.Costs.Route, pc, taken.Exit.ExceptionClass);
        if (taken.Exit.Kind == CoreExitKind.PhysicalInterrupt)
        {
            at = TakeInterrupts(lease, taken.Cause, at);
            Next(at, lease, outbox);
            return;
        }

        outbox.Send(Address.Of(ServiceFor(taken.Exit), core), new HandleTrap(at, taken.Cause, lease, taken.Exit) { OfDisplaced = taken.OfDisplaced });
    }

    private static Role ServiceFor(CoreExit exit)
    {
        if (exit.Kind == CoreExitKind.SystemRegisterTrap && new SystemRegisterAccess(exit).IsTimer)
        {
            return Role.VirtualTimers;
        }

        return Services.TryGetValue(exit.Kind, out Role service) ? service : throw new InvalidOperationException($"No service handles {exit}.");
    }

    private void Done(ServiceDone done, IOutbox outbox)
    {
        displaced ??= done.Displaced;
        foreach (HypervisorWork item in done.FollowUp)
        {
            work.Enqueue(item);
        }

        Next(done.At, done.Lease, outbox);
    }

    private void Next(VirtualInstant at, CoreLease lease, IOutbox outbox)
    {
        while (lease.Woken.TryDequeue(out VcpuId woken))
        {
            work.Enqueue(new WakeWork(trap ?? lease.NewStamp(at), woken));
        }

        if (work.Count == 0 && !rescheduled && lease.Guest?.Present is not { Runs: true })
        {
            rescheduled = true;
            work.Enqueue(new RescheduleWork(trap ?? lease.NewStamp(at)));
        }

        if (work.TryDequeue(out HypervisorWork? next))
        {
            outbox.Send(Address.Of(next.Service, core), new DoWork(at, lease, next));
            return;
        }

        Stamp cause = trap ?? lease.NewStamp(at);
        lease.Peripherals.SetHypTimer(lease.Timers.Earliest, at);
        uint pc = lease.Guest is null ? 0 : lease.Core[15];
        at = lease.Charge(cause, StepKind.Resume, CostCategory.TrapExit, at, lease.Costs.TrapExit, pc, pc);
        (trap, rescheduled) = (null, false);
        DisplacedInstruction? instruction = displaced;
        displaced = null;
        outbox.Send(Address.Of(Role.Core, core), new ResumeGuest(at, cause, lease, instruction));
    }

    private VirtualInstant TakeInterrupts(CoreLease lease, Stamp cause, VirtualInstant at)
    {
        while (true)
        {
            (int interrupt, int sender) = lease.Peripherals.AcknowledgePhysical(at);
            switch (interrupt)
            {
                case InterruptNumbers.Spurious:
                    return at;
                case <= 15:
                    at = lease.Charge(cause, StepKind.SgiTake, CostCategory.InterruptTake, at, lease.Costs.InterruptTake, 0, (ulong)interrupt, (ulong)sender);
                    Finish(lease, interrupt, at);
                    TakeMailbox(lease);
                    break;
                case InterruptNumbers.VirtualTimer:
                    at = lease.Charge(cause, StepKind.PpiTake, CostCategory.InterruptTake, at, lease.Costs.InterruptTake, 0, (ulong)interrupt);
                    lease.Peripherals.EndOfInterrupt(interrupt, at);
                    TakeVirtualTimer(lease, cause);
                    break;
                case InterruptNumbers.PhysicalTimer:
                    at = lease.Charge(cause, StepKind.PpiTake, CostCategory.InterruptTake, at, lease.Costs.InterruptTake, 0, (ulong)interrupt);
                    Finish(lease, interrupt, at);
                    work.Enqueue(new PhysicalTimerWork(cause));
                    break;
                case InterruptNumbers.Maintenance:
                    // The level stays asserted until the list registers are seen to: it stays active until then.
                    at = lease.Charge(cause, StepKind.PpiTake, CostCategory.InterruptTake, at, lease.Costs.InterruptTake, 0, (ulong)interrupt);
                    lease.Peripherals.EndOfInterrupt(interrupt, at);
                    work.Enqueue(new MaintenanceWork(cause));
                    break;
                case InterruptNumbers.HypervisorTimer:
                    at = lease.Charge(cause, StepKind.PpiTake, CostCategory.InterruptTake, at, lease.Costs.InterruptTake, 0, (ulong)interrupt);
                    TakeTimers(lease, cause, at);
                    Finish(lease, interrupt, at);
                    break;
                default:
                    throw new InvalidOperationException($"Interrupt {interrupt} is not one of the hypervisor's.");
            }
        }
    }

    private void TakeMailbox(CoreLease lease)
    {
        while (lease.Mailbox.TryDequeue(out (Stamp Stamp, Stamp Cause, MailboxItem Item) entry))
        {
            work.Enqueue(new MailboxWork(entry.Cause, entry.Item));
        }
    }

    /// <summary>The guest's own end-of-interrupt deactivates the physical timer interrupt, through the list register's HW link.</summary>
    private void TakeVirtualTimer(CoreLease lease, Stamp cause)
    {
        if (lease.Guest is { } guest)
        {
            work.Enqueue(new InterruptWork(cause, guest.Vcpu.Id, InterruptNumbers.VirtualTimer, InterruptNumbers.VirtualTimer));
        }
    }

    private void TakeTimers(CoreLease lease, Stamp cause, VirtualInstant at)
    {
        while (lease.Timers.TakeDue(at) is { } entry)
        {
            work.Enqueue(new TimerWork(entry.Purpose is HypTimerPurpose.StartProbe or HypTimerPurpose.DisarmProbe ? entry.Cause : cause, entry));
        }

        lease.Peripherals.SetHypTimer(lease.Timers.Earliest, at);
    }

    private static void Finish(CoreLease lease, int interrupt, VirtualInstant at)
    {
        lease.Peripherals.EndOfInterrupt(interrupt, at);
        lease.Peripherals.Deactivate(interrupt, at);
    }
}
