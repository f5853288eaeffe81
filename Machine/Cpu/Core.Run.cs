using ActorTrace.Machine.Cpu.Execution;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu;

/// <content>Running: the loop around the engine, interrupts, sleep.</content>
public sealed partial class Core
{
    /// <summary>Exceptions without a completed instruction between them after which a guest counts as dead.</summary>
    private const int MaxExceptionsInARow = 64;

    private enum Delivery
    {
        None,
        ToHypervisor,
        Irq,
        Fiq,
    }

    /// <summary>Runs instructions while <see cref="Now"/> is earlier than a limit.</summary>
    /// <param name="limit">The last instruction may end after it: by up to its own cycles and those of its device accesses.</param>
    /// <returns>Why it stopped. At an instruction boundary always.</returns>
    /// <exception cref="InvalidOperationException">No vCPU is on the core.</exception>
    public CoreExit RunUntil(VirtualInstant limit)
    {
        VcpuContext own = Vcpu;
        stopAt = limit;
        while (true)
        {
            if (own.Dead)
            {
                return Exit(CoreExitKind.GuestDead);
            }

            if (Now >= stopAt)
            {
                return Exit(CoreExitKind.LimitReached);
            }

            peripherals.AdvanceTo(Now);
            if (own.Sleeping && !Wakes())
            {
                AdvanceTo(VirtualInstant.Min(stopAt, peripherals.NextDeadline), idle: true);
                continue;
            }

            (own.Sleeping, own.WaitsForEvent) = (false, false);
            switch (PendingInterrupt())
            {
                case Delivery.ToHypervisor:
                    return Exit(CoreExitKind.PhysicalInterrupt);
                case Delivery.Irq:
                    TakeException(GuestException.Irq);
                    continue;
                case Delivery.Fiq:
                    TakeException(GuestException.Fiq);
                    continue;
                default:
                    break;
            }

            if (Step(VirtualInstant.Min(stopAt, peripherals.NextDeadline)) is { } exit && PassWatched(own, exit) is { } reason)
            {
                return reason;
            }
        }
    }

    /// <summary>Runs one instruction at R15 with other bits than those fetched; no interrupt is looked at before it.</summary>
    /// <param name="instruction">
    /// In A32 state a word. In T32 state a 16-bit instruction as it is, one of 32 bits with its first halfword in bits 31:16.
    /// Of the first halfword of a 32-bit instruction alone the second one is fetched from behind R15.
    /// Its condition is what it is at R15: by its own field, or by ITSTATE.
    /// </param>
    /// <returns>Null where it completed or took an exception of the guest, else the exit it caused.</returns>
    public CoreExit? ExecuteDisplaced(uint instruction) => RunInPlace(instruction);

    private CoreExit? RunInPlace(uint? instruction)
    {
        if (Vcpu.Dead)
        {
            return Exit(CoreExitKind.GuestDead);
        }

        peripherals.AdvanceTo(Now);
        mmu.Refresh();
        if (!engine.TryComplete(ref instruction))
        {
            CoreExit? refused = Conclude(mmu.Fault.Outcome);
            return Vcpu.Dead ? Exit(CoreExitKind.GuestDead) : refused;
        }

        displaced = instruction;
        CoreExit? exit = RunAlone(instruction);
        return Vcpu.Dead ? Exit(CoreExitKind.GuestDead) : exit;
    }

    /// <summary>
    /// Runs the instruction of the last trap, which stage 2 refused, once more with its accesses to unmapped addresses served: a
    /// hypervisor's way to emulate a load or store that the syndrome does not describe.
    /// </summary>
    /// <param name="devices">Serves them.</param>
    /// <returns>Null where it completed or took an exception of the guest, else the exit it caused.</returns>
    public CoreExit? ExecuteEmulated(DeviceAccess devices)
    {
        mmu.Emulated = devices;
        peripherals.AdvanceTo(Now);
        mmu.Refresh();
        CoreExit? exit = displaced is { } instruction ? RunAlone(instruction) : FetchAlone();
        mmu.Emulated = null;
        return Vcpu.Dead ? Exit(CoreExitKind.GuestDead) : exit;
    }

    /// <summary>Runs until an instant or until something is to be decided; null to go on.</summary>
    private CoreExit? Step(VirtualInstant end)
    {
        mmu.Refresh();
        displaced = null;
        if (engine.InsideIfThen)
        {
            // Decoded blocks begin outside IT blocks.
            return StepAlone();
        }

        mmu.Alone = false;
        engine.Now = Now;
        ulong cycles = end.Cycles - Now.Cycles;
        ulong budget = (cycles / rates.CyclesPerInstruction) + (cycles % rates.CyclesPerInstruction == 0 ? 0UL : 1);
        Outcome outcome = engine.Run((long)Math.Min(budget, long.MaxValue));
        Charge((ulong)engine.Executed);
        return outcome == Outcome.Alone ? StepAlone() : Conclude(outcome);
    }

    /// <summary>Runs the instruction at R15 on its own.</summary>
    private CoreExit? StepAlone()
    {
        if (engine.IsGate(Vcpu[15]))
        {
            return Exit(CoreExitKind.Gate);
        }

        return FetchAlone();
    }

    /// <summary>The same where it has been reached already.</summary>
    private CoreExit? FetchAlone() => engine.TryFetch(out uint instruction) ? RunAlone(instruction) : Conclude(mmu.Fault.Outcome);

    /// <summary>Where a watched place is what stopped the core: tells who watches it, and runs the instruction there. Null to go on.</summary>
    private CoreExit? PassWatched(VcpuContext own, CoreExit exit)
    {
        if (exit.Kind != CoreExitKind.Gate || own.Watch is not { } watch || !watch.Sees(exit.Pc.Value))
        {
            return exit;
        }

        watch.Tell(this);
        return engine.IsGateOfProgram(exit.Pc.Value) ? exit : FetchAlone();
    }

    /// <summary>Runs a given instruction, or where none is given the last one that trapped.</summary>
    private CoreExit? RunAlone(uint? instruction)
    {
        mmu.Alone = true;
        mmu.Completes = Now + rates.CyclesPerInstruction;
        mmu.Waited = 0;
        engine.Now = Now;
        Outcome outcome = instruction is { } given ? engine.RunSingle(given) : engine.RunAgain();
        Charge((ulong)engine.Executed);
        Now += mmu.Waited;
        DeviceCycles += mmu.Waited;
        return Conclude(outcome);
    }

    private void Charge(ulong instructions)
    {
        Instructions += instructions;
        Now += instructions * rates.CyclesPerInstruction;
    }

    private CoreExit? Conclude(Outcome outcome)
    {
        switch (outcome)
        {
            case Outcome.Limit or Outcome.Recheck:
                return null;
            case Outcome.Sleep:
                Vcpu.Sleeping = true;
                return null;
            case Outcome.Gate:
                return Exit(CoreExitKind.Gate);
            case Outcome.Undefined:
                Undefined();
                return null;
            case Outcome.SupervisorCall:
                Charge(1);
                engine.AdvanceIfThen();
                TakeException(GuestException.SupervisorCall);
                return null;
            case Outcome.Breakpoint:
                Vcpu.Cp15.Ifsr = FaultStatus(new MmuFault { Outcome = Outcome.PrefetchAbort, Reason = new MemoryFault(FaultKind.Debug, 0) });
                TakeException(GuestException.PrefetchAbort);
                Charge(1);
                return null;
            case Outcome.PrefetchAbort or Outcome.DataAbort:
                Abort(outcome == Outcome.PrefetchAbort, FaultStatus(mmu.Fault), mmu.Fault.Address);
                return null;
            default:
                return LeaveGuest(outcome);
        }
    }

    private void Undefined()
    {
        TakeException(GuestException.Undefined);
        Charge(1);
        Vcpu.ExceptionsSince = Instructions;
    }

    private void Abort(bool prefetch, uint status, uint address)
    {
        Cp15 cp15 = Vcpu.Cp15;
        if (prefetch)
        {
            (cp15.Ifsr, cp15.Ifar) = (status, address);
        }
        else
        {
            (cp15.Dfsr, cp15.Dfar) = (status, address);
        }

        TakeException(prefetch ? GuestException.PrefetchAbort : GuestException.DataAbort);
    }

    private void TakeException(GuestException exception)
    {
        VcpuContext own = Vcpu;
        own.ExceptionsInARow = own.ExceptionsSince == Instructions ? own.ExceptionsInARow + 1 : 1;
        own.ExceptionsSince = Instructions;
        own.Dead = own.ExceptionsInARow > MaxExceptionsInARow;
        (own.Sleeping, own.WaitsForEvent) = (false, false);
        ExceptionEntry.Take(own, exception);
    }

    private Delivery PendingInterrupt()
    {
        InterruptLines lines = peripherals.Lines;
        bool routed = Vcpu.Hyp.RouteIrq;
        if (routed && (lines & (InterruptLines.Irq | InterruptLines.Fiq)) != InterruptLines.None)
        {
            return Delivery.ToHypervisor;
        }

        uint cpsr = Vcpu.Cpsr;
        if ((lines & (routed ? InterruptLines.VirtualFiq : InterruptLines.Fiq)) != InterruptLines.None && (cpsr & Psr.MaskFiq) == 0)
        {
            return Delivery.Fiq;
        }

        return (lines & (routed ? InterruptLines.VirtualIrq : InterruptLines.Irq)) != InterruptLines.None && (cpsr & Psr.MaskIrq) == 0
            ? Delivery.Irq
            : Delivery.None;
    }

    /// <summary>Any line that could reach this vCPU ends its sleep in WFI, masked or not; in WFE an event, and what is not masked.</summary>
    private bool Wakes() => Vcpu.WaitsForEvent
        ? Vcpu.EventRegister || PendingInterrupt() != Delivery.None
        : (peripherals.Lines & (Vcpu.Hyp.RouteIrq
        ? InterruptLines.Irq | InterruptLines.Fiq | InterruptLines.VirtualIrq | InterruptLines.VirtualFiq
        : InterruptLines.Irq | InterruptLines.Fiq)) != InterruptLines.None;

    private CoreExit Exit(CoreExitKind kind) => new(kind, new GuestVa(Vcpu[15]), 0, default, default, 0);
}
