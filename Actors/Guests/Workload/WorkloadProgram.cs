using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>
/// The workload guest: a kernel of machine code (guests/gpos) whose tasks are a model. Boot, interrupt entry and exit, context
/// switches and device accesses are executed by the core; between them the core rests at a gate and the model lets time pass.
/// </summary>
/// <remarks>
/// A task's work is the time that the core rests in it plus the instructions of the switch to it. Interrupts and the hypervisor
/// take time that is nobody's work. Sites run with interrupts masked, as a kernel's do; an interrupt is taken at rest.
/// No step depends on where the caller's limits fall: what takes time is cut at a limit and goes on at the next call.
/// </remarks>
public sealed class WorkloadProgram : IGuestProgram
{
    private const uint MaskIrq = 1u << 7;
    private readonly WorkloadContext context;
    private readonly KernelImage kernel;
    private readonly TaskTable tasks;
    private readonly uint[] gates;
    private readonly MachineCode code;
    private readonly ISchedule schedule;
    private readonly KernelEvents events;
    private readonly TraceInterrupt traceInterrupt;
    private readonly ControllerTask controller;
    private readonly List<TaskReference> woken = [];
    private Phase phase = Phase.Booting;
    private SiteCall? site;
    private IEnumerator<ulong>? handler;
    private ulong handlerWaits;
    private VirtualInstant interruptTaken;
    private VirtualInstant interruptHandled;
    private bool traceInterruptTaken;

    /// <summary>Creates the guest at power on; its kernel is to be loaded into RAM before it runs.</summary>
    /// <param name="context">What it is made from.</param>
    /// <exception cref="ArgumentException">The image is no kernel of a workload guest.</exception>
    public WorkloadProgram(WorkloadContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        this.context = context;
        kernel = new KernelImage(context.Guest.Image, context.Ram, context.Guest.Platform.RamStart);
        gates = kernel.Gates;
        code = new MachineCode(context.Scenario.Board.Clock.CyclesPerInstruction);
        tasks = new TaskTable(kernel);
        schedule = CreateSchedule(context);
        events = new KernelEvents(context);
        traceInterrupt = new TraceInterrupt(context);
        controller = new ControllerTask(context);
    }

    private enum Phase
    {
        Booting,
        Resting,
        InSite,
        InInterrupt,
    }

    /// <summary>How the guest deviates from the capture that drives it; null where tasks are modelled.</summary>
    public CaptureAccount? Capture => (schedule as CaptureSchedule)?.Account;

    /// <summary>What its log converter counted of a probe.</summary>
    public DrainTally DrainTallyOf(ushort probe) => traceInterrupt.TallyOf(probe);

    /// <summary>To be called once when the run is over: tells of losses after the last record of each ring.</summary>
    public void Finish(VirtualInstant at) => traceInterrupt.Finish(at);

    /// <inheritdoc/>
    public CoreExit RunUntil(Core core, VirtualInstant limit)
    {
        ArgumentNullException.ThrowIfNull(core);
        core.SetGates(gates);
        code.Resume(core);
        while (true)
        {
            CoreExit? exit = phase == Phase.Resting ? Rest(core, limit)
                : handler is not null ? Handle(core, limit)
                : Execute(core, limit);
            if (exit is { } leaves)
            {
                return leaves;
            }
        }
    }

    /// <inheritdoc/>
    public VirtualInstant NextActivity(Core core)
    {
        ArgumentNullException.ThrowIfNull(core);
        VirtualInstant now = core.Now;
        if (handler is not null)
        {
            return VirtualInstant.Max(now, VirtualInstant.Min(now + handlerWaits, context.Peripherals.NextDeadline));
        }

        if (core.InterruptDeliverable)
        {
            return now;
        }

        if (phase != Phase.Resting)
        {
            return core.Sleeping ? VirtualInstant.Max(now, context.Peripherals.NextDeadline) : now;
        }

        return VirtualInstant.Max(now, VirtualInstant.Min(NextModelEvent(now), context.Peripherals.NextDeadline));
    }

    private static ISchedule CreateSchedule(WorkloadContext context)
    {
        const ulong SlicesPerSecond = 250;

        // Assumed: a microsecond from a wake-up in an interrupt to the switch, as small as a kernel of the time gets.
        const ulong WakeLatenciesPerSecond = 1_000_000;
        TaskReference idle = LinuxTask.IdleOf(context.Vcpu);
        TaskReference shell = ControllerTask.Choose(context.Scenario);
        return context.Workload.Bursts.Count > 0
            ? new CaptureSchedule(context.Workload.Bursts, idle, shell)
            : new ModelledSchedule(
                context.Workload.Tasks, idle, shell, context.Scenario.Board.Clock.CoreHz / SlicesPerSecond,
                context.Scenario.Board.Clock.CoreHz / WakeLatenciesPerSecond);
    }

    private static CoreExit LimitReached(Core core) =>
        new(CoreExitKind.LimitReached, new GuestVa(core[15]), 0, default, default, 0);

    /// <summary>The core rests at the gate of the running task: model time passes, interrupts are taken, tasks are switched.</summary>
    private CoreExit? Rest(Core core, VirtualInstant limit)
    {
        VirtualInstant now = core.Now;
        if (now >= limit)
        {
            return LimitReached(core);
        }

        events.Begin(now);
        bool masked = events.IsMasked(now);
        core.Cpsr = masked ? core.Cpsr | MaskIrq : core.Cpsr & ~MaskIrq;
        if (core.InterruptDeliverable)
        {
            phase = Phase.InInterrupt;
            return null;
        }

        if (masked)
        {
            Pass(core, VirtualInstant.Min(limit, events.Next(now)));
            return null;
        }

        if (controller.Wake(now))
        {
            schedule.WakeController();
        }

        if (Decide(core, now) || (schedule.ControllerRuns && RunController(core)))
        {
            return null;
        }

        Pass(core, VirtualInstant.Min(limit, NextModelEvent(now)));
        return null;
    }

    private VirtualInstant NextModelEvent(VirtualInstant now)
    {
        VirtualInstant next = events.Next(now);
        if (events.IsMasked(now))
        {
            return next;
        }

        next = VirtualInstant.Min(next, VirtualInstant.Min(controller.NextWake, schedule.NextDecision(now)));
        return schedule.ControllerRuns ? VirtualInstant.Min(next, now + controller.Waiting) : next;
    }

    /// <summary>Lets time pass in the running task, no further than to the next change of an interrupt line.</summary>
    private void Pass(Core core, VirtualInstant target)
    {
        VirtualInstant now = core.Now;
        target = VirtualInstant.Min(target, context.Peripherals.NextDeadline);
        if (target <= now)
        {
            return;
        }

        core.AdvanceTo(target, idle: schedule.Current.Pid == 0);
        schedule.Worked(target - now);
        if (schedule.ControllerRuns && !events.IsMasked(now))
        {
            controller.Waited(target - now);
        }
    }

    /// <summary>Lets the scheduler decide; true where a switch has begun.</summary>
    private bool Decide(Core core, VirtualInstant now)
    {
        woken.Clear();
        TaskReference running = schedule.Current;
        TaskSwitch? made = schedule.Decide(now, woken);
        foreach (TaskReference task in woken)
        {
            context.Sink.Lane(context.Lane, new WakeupRecord(
                context.NewStamp(now), now, now, context.Vcpu, context.Core, running, task, Derived: false));
        }

        if (made is not { } change)
        {
            return false;
        }

        context.Sink.Lane(context.Lane, new SwitchRecord(
            context.NewStamp(now), now, now, context.Vcpu, context.Core, change.Previous, change.PreviousState, change.Next));
        uint previous = tasks.Place(change.Previous);
        uint next = tasks.Place(change.Next);
        tasks.SetState(previous, change.PreviousState);
        tasks.SetState(next, 0);
        Enter(core, kernel.SwitchTo, previous, next, null);
        return true;
    }

    /// <summary>Lets the controller task go on; true where a device access has begun or the task has changed its mind about time.</summary>
    private bool RunController(Core core)
    {
        if (controller.Waiting > 0)
        {
            return false;
        }

        if (!controller.MoveNext(core.Now))
        {
            schedule.SleepController();
            return true;
        }

        if (controller.Access is { } access)
        {
            uint address = WorkloadContext.TraceControlAddress + access.Offset;
            Enter(core, access.Value is null ? kernel.ControlRead : kernel.ControlWrite, address, access.Value ?? 0, access);
        }

        return true;
    }

    /// <summary>Begins a site: the core will run the kernel's code until it returns.</summary>
    private void Enter(Core core, uint entry, uint r0, uint r1, DeviceAccess? access)
    {
        core.Cpsr |= MaskIrq;
        core[0] = r0;
        core[1] = r1;
        core[14] = kernel.SiteReturn;
        core[15] = entry;
        site = new SiteCall(access);
        code.Begin();
        phase = Phase.InSite;
    }

    /// <summary>Machine code runs.</summary>
    private CoreExit? Execute(Core core, VirtualInstant limit)
    {
        if (phase == Phase.InInterrupt && AtRestGate(core[15]))
        {
            interruptTaken = core.Now;
            code.Begin();
        }

        CoreExit exit = code.Run(core, limit);
        if (exit.Kind != CoreExitKind.Gate)
        {
            return exit;
        }

        uint gate = exit.Pc.Value;
        switch (phase)
        {
            case Phase.Booting when gate == kernel.ModelIdle:
                FinishBoot(core);
                break;
            case Phase.InSite when gate == kernel.SiteReturn:
                FinishSite(core);
                break;
            case Phase.InInterrupt when gate == kernel.HandleIrq:
                BeginHandler(core);
                break;
            case Phase.InInterrupt when AtRestGate(gate):
                LeaveInterrupt(core);
                break;
            default:
                throw new InvalidOperationException($"The workload kernel is at gate 0x{gate:x8} while {phase}.");
        }

        return null;
    }

    private bool AtRestGate(uint address) => address == kernel.ModelIdle || address == kernel.ModelTask;

    /// <summary>
    /// The boot code was the work of whoever runs at power on. The kernel has booted as its idle task; where another task is said to
    /// run from the beginning, the kernel goes over to it, which no tracer sees.
    /// </summary>
    private void FinishBoot(Core core)
    {
        schedule.Worked(code.Spent);
        uint idle = tasks.Place(LinuxTask.IdleOf(context.Vcpu));
        if (schedule.Current.Pid == 0)
        {
            GoToRest(core);
            return;
        }

        Enter(core, kernel.SwitchTo, idle, tasks.Place(schedule.Current), null);
    }

    private void FinishSite(Core core)
    {
        SiteCall ended = site ?? throw new InvalidOperationException("A site returned that was not entered.");
        schedule.Worked(code.Spent);
        if (schedule.ControllerRuns)
        {
            controller.Executed(code.Spent, ended.Access is { Value: null } ? core[0] : null);
        }

        site = null;
        GoToRest(core);
    }

    private void GoToRest(Core core)
    {
        core[15] = schedule.Current.Pid == 0 ? kernel.ModelIdle : kernel.ModelTask;
        phase = Phase.Resting;
    }

    private void BeginHandler(Core core)
    {
        if (traceInterruptTaken)
        {
            // Taken again on the way out of the one before, which so goes without a step of its own.
            interruptTaken = interruptHandled;
        }

        traceInterruptTaken = core[0] == WorkloadContext.TraceInterruptId;
        handler = traceInterruptTaken ? traceInterrupt.Handle(interruptTaken, code.Spent, schedule.Current).GetEnumerator() : Enumerable.Empty<ulong>().GetEnumerator();
        handlerWaits = 0;
    }

    /// <summary>The interrupt handler, which is a model, goes on.</summary>
    private CoreExit? Handle(Core core, VirtualInstant limit)
    {
        if (core.Now >= limit)
        {
            return LimitReached(core);
        }

        // Interrupts are masked here, but the hypervisor's own reach it all the same.
        if (core.InterruptDeliverable)
        {
            return core.RunUntil(limit);
        }

        VirtualInstant now = core.Now;
        if (handlerWaits > 0)
        {
            core.AdvanceTo(VirtualInstant.Min(VirtualInstant.Min(limit, now + handlerWaits), context.Peripherals.NextDeadline));
            handlerWaits -= core.Now - now;
            return null;
        }

        traceInterrupt.Now = now;
        if (handler!.MoveNext())
        {
            handlerWaits = handler.Current;
            return null;
        }

        handler.Dispose();
        handler = null;
        interruptHandled = now;
        code.Begin();
        core[15] = core[14];
        return null;
    }

    private void LeaveInterrupt(Core core)
    {
        if (traceInterruptTaken)
        {
            traceInterrupt.Leave(interruptHandled, code.Spent);
            traceInterruptTaken = false;
        }

        phase = Phase.Resting;
    }

    private readonly record struct SiteCall(DeviceAccess? Access);
}
