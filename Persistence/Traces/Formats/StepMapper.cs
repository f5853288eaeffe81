using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Formats;

/// <summary>The hypervisor's steps in the board view: an event each, and beside it what Linux calls the same thing.</summary>
/// <remarks>
/// <code>
///  Trap        hyp_enter; for an HVC also host_hcall, for a stage-2 abort also host_mem_abort
///  SgiSend     hyp_sgi_send, ipi_raise
///  SgiTake     hyp_sgi_take, ipi_entry, and where the step ends ipi_exit
///  VcpuSwitch  hyp_vcpu_switch, and sched_switch between the tasks that are current on the two vCPUs
/// </code>
/// </remarks>
internal sealed class StepMapper(EventSender sender, SwitchMapper switches, Func<VcpuId, TaskReference> current, int cpus)
{
    private const string IpiReason = "Hypervisor SGI";

    // HSR (ARM DDI 0406C, B3.13.6): EC 31:26; the immediate of an HVC is ISS 15:0; IFSC 5:0, 0x22 = debug event.
    private const int ClassShift = 26;
    private const ulong ClassHvc = 0x12;
    private const ulong ClassPrefetchAbort = 0x20;
    private const ulong ClassDataAbort = 0x24;
    private const ulong FaultStatus = 0x3F;
    private const ulong DebugEvent = 0x22;

    private readonly ulong[] _reasons = new ulong[cpus];
    private readonly VcpuId?[] _running = new VcpuId?[cpus];
    private readonly TraceEvent?[] _ipiExits = new TraceEvent?[cpus];
    private int _ipisOpen;

    /// <summary>Maps a step.</summary>
    /// <param name="cpu">The core.</param>
    /// <param name="at">Nanoseconds at which it is shown.</param>
    /// <param name="record">The step.</param>
    public void Map(int cpu, ulong at, StepRecord record)
    {
        EventType? type = HypervisorEvents.OfStep(record.Step);
        if (type is null)
        {
            return;
        }

        TaskReference task = current(record.Vcpu);
        TraceEvent step = sender.Begin(type, cpu, at, record.Vcpu, task);
        if (record.Step == StepKind.Trap)
        {
            _reasons[cpu] = EventSymbols.ReasonOf(record.Detail);
        }

        ReadOnlySpan<ulong> numbers =
        [
            record.Vcpu.Guest.Index, record.Vcpu.Index, record.Pc, record.End - record.Start, record.Detail, record.Detail2, _reasons[cpu],
        ];
        sender.Send(step, HypervisorEvents.HasReason(record.Step) ? numbers : numbers[..^1]);
        switch (record.Step)
        {
            case StepKind.Trap: Trap(step, record); break;
            case StepKind.SgiSend: IpiRaise(step, record); break;
            case StepKind.SgiTake: IpiTake(step, record); break;
            case StepKind.VcpuSwitch: VcpuSwitch(cpu, at, record.Vcpu); break;
            default: break;
        }
    }

    /// <summary>Sends what has ended by an instant; nothing later may have been sent.</summary>
    /// <param name="at">Nanoseconds.</param>
    public void Pass(ulong at)
    {
        while (_ipisOpen > 0)
        {
            int first = -1;
            for (int cpu = 0; cpu < _ipiExits.Length; cpu++)
            {
                if (_ipiExits[cpu] is { } exit && exit.Nanoseconds <= at && (first < 0 || exit.Nanoseconds < _ipiExits[first]!.Value.Nanoseconds))
                {
                    first = cpu;
                }
            }

            if (first < 0)
            {
                return;
            }

            SendExit(first);
        }
    }

    private void Trap(in TraceEvent step, StepRecord record)
    {
        ulong kind = record.Detail >> ClassShift;
        if (kind == ClassHvc)
        {
            sender.Send(step with { Type = HypervisorEvents.HostHcall }, [(ushort)record.Detail, 0]);
        }
        else if (kind == ClassDataAbort || (kind == ClassPrefetchAbort && (record.Detail & FaultStatus) != DebugEvent))
        {
            sender.Send(step with { Type = HypervisorEvents.HostMemAbort }, [record.Detail, record.Detail2]);
        }
    }

    private void IpiRaise(in TraceEvent step, StepRecord record) =>
        sender.Send(Ipi(step, EventCatalogue.IpiRaise), [1UL << (int)record.Detail2, sender.Types.AddressOf(IpiReason)]);

    private void IpiTake(in TraceEvent step, StepRecord record)
    {
        SendExit(step.Cpu);
        ReadOnlySpan<ulong> reason = [sender.Types.AddressOf(IpiReason)];
        sender.Send(Ipi(step, EventCatalogue.IpiEntry), reason);
        ulong end = Math.Max(step.Nanoseconds, sender.Nanoseconds(record.End));
        _ipiExits[step.Cpu] = EventSender.With(Ipi(step, EventCatalogue.IpiExit) with { Nanoseconds = end }, reason);
        _ipisOpen++;
    }

    private static TraceEvent Ipi(in TraceEvent step, EventType type) => step with { Type = type, Text0 = IpiReason };

    private void SendExit(int cpu)
    {
        if (_ipiExits[cpu] is { } exit)
        {
            sender.Send(exit);
            _ipiExits[cpu] = null;
            _ipisOpen--;
        }
    }

    private void VcpuSwitch(int cpu, ulong at, VcpuId comes)
    {
        VcpuId? leaves = _running[cpu];
        _running[cpu] = comes;
        if (leaves is not { } left || left == comes)
        {
            return;
        }

        TaskReference previous = current(left);
        TaskReference next = current(comes);

        // Two idle guests: for a Linux tool the CPU stays idle.
        if (previous.Pid != next.Pid)
        {
            switches.Switch(cpu, at, left, previous, 0, next);
        }
    }
}
