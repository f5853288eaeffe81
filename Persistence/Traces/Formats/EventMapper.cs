using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Formats;

/// <summary>The one mapping of journal records to Linux events, used by every format (docs/formats/events.md).</summary>
/// <remarks>
/// <code>
///  SwitchRecord       sched_switch with what belongs to it (SwitchMapper)
///  WakeupRecord       sched_waking, sched_wakeup (tools disagree which one they read)
///  FunctionHitRecord  rtos:SYMBOL
///  FunctionReturnRecord  rtos:SYMBOL_return
///  IrqRecord          irq_handler_entry, irq_handler_exit
///  SoftirqRecord, IpiRecord, CpuIdleRecord  softirq_*, ipi_*, cpu_idle
///  MarkerRecord       print
///  ForeignRecord      the catalogue's event of its name, else one with its fields as one text (ForeignMapper)
///  LostRecordsRecord  the format's own mark of lost events
///  StepRecord         hyp:* and ipi:* (StepMapper)
/// </code>
/// The idle task is pid 0, named swapper/CPU, on every CPU.
/// </remarks>
public sealed class EventMapper : IRecordMapper
{
    /// <summary>Where kallsyms of the binary formats has the function that writes markers.</summary>
    internal const ulong MarkerFunctionAddress = 0xFFFF_FFFF_8100_0000;

    private static readonly TaskReference Unknown = new(0, string.Empty, 120);

    private readonly RunManifest _manifest;
    private readonly EventSender _sender;
    private readonly SwitchMapper _switches;
    private readonly StepMapper _steps;
    private readonly ForeignMapper _foreign;
    private readonly Dictionary<VcpuId, TaskReference> _current = [];
    private readonly HashSet<VcpuId> _afterLoss = [];

    /// <summary>A mapper for one pass over a run.</summary>
    /// <param name="source">The run; the head of its lanes is read to know which task each vCPU begins with.</param>
    /// <param name="view">The view that the records were merged for.</param>
    /// <param name="types">Gets the types that come up.</param>
    /// <param name="sink">Takes the events.</param>
    public EventMapper(ITraceSource source, TraceView view, EventTypes types, ITraceEventSink sink)
    {
        _manifest = source.Manifest;
        int cpus = TraceMerger.CpuCount(_manifest, view);
        _sender = new EventSender(_manifest, types, sink, cpus);
        _switches = new SwitchMapper(_sender, cpus, derivesIdle: _manifest.ImportedFrom is null);
        _steps = new StepMapper(_sender, _switches, vcpu => _current.GetValueOrDefault(vcpu, Unknown), cpus);
        _foreign = new ForeignMapper(_sender);
        if (view == TraceView.Board)
        {
            FindFirstTasks(source);
        }
    }

    /// <summary>Maps a record and hands its events to the sink.</summary>
    public void Map(in MergedRecord merged)
    {
        (int cpu, ulong at) = (merged.Cpu, _sender.Nanoseconds(merged.At));
        _steps.Pass(at);

        // The first record behind a loss tells which task came meanwhile.
        if (_afterLoss.Count > 0 && merged.Record is LaneRecord first and not LostRecordsRecord && _afterLoss.Remove(first.Vcpu))
        {
            _current[first.Vcpu] = first.Current;
        }

        switch (merged.Record)
        {
            case SwitchRecord record:
                _current[record.Vcpu] = record.Next;
                _switches.Switch(cpu, at, record.Vcpu, record.Current, record.PreviousState, record.Next);
                break;
            case WakeupRecord record: Wakeup(cpu, at, record); break;
            case FunctionHitRecord record: Hit(cpu, at, record); break;
            case FunctionReturnRecord record: Return(cpu, at, record); break;
            case IrqRecord record: Irq(cpu, at, record); break;
            case SoftirqRecord record: Softirq(cpu, at, record); break;
            case IpiRecord record: Ipi(cpu, at, record); break;
            case CpuIdleRecord record: _sender.Send(Begin(EventCatalogue.CpuIdle, cpu, at, record), [record.State, (ulong)cpu]); break;
            case MarkerRecord record:
                _sender.Send(Begin(EventCatalogue.Print, cpu, at, record) with { Text0 = record.Text }, [MarkerFunctionAddress]);
                break;
            case ForeignRecord record: _foreign.Map(cpu, at, record); break;
            case LostRecordsRecord record:
                _sender.Lost(cpu, at, record.Count);
                _afterLoss.Add(record.Vcpu);
                _switches.Forget(cpu);
                break;
            case StepRecord record: _steps.Map(cpu, at, record); break;
            default: break;
        }
    }

    /// <summary>Hands on what follows the last record.</summary>
    public void Complete() => _steps.Pass(ulong.MaxValue);

    private void FindFirstTasks(ITraceSource source)
    {
        var firstAt = new Dictionary<VcpuId, VirtualInstant>();
        for (int lane = 0; lane < _manifest.Lanes.Count; lane++)
        {
            // Of a run that is followed only what is there: its first record may be a long time off.
            LaneRecord? first = source.ReadStream(StreamNames.Lane(lane)).TakeWhile(r => r is not HorizonRecord)
                .OfType<LaneRecord>().FirstOrDefault(r => r is not LostRecordsRecord);
            if (first is not null && (!firstAt.TryGetValue(first.Vcpu, out VirtualInstant earlier) || first.At < earlier))
            {
                firstAt[first.Vcpu] = first.At;
                _current[first.Vcpu] = first.Current;
            }
        }
    }

    private void Wakeup(int cpu, ulong at, WakeupRecord record)
    {
        TraceEvent waking = EventSender.With(
            Begin(EventCatalogue.SchedWaking, cpu, at, record) with { Text0 = _sender.Name(cpu, record.Task) },
            [(ulong)record.Task.Pid, (ulong)record.Task.Priority, (ulong)(record.TargetCpu ?? cpu)]);
        _sender.Send(waking);
        _sender.Send(waking with { Type = EventCatalogue.SchedWakeup });
    }

    private void Hit(int cpu, ulong at, FunctionHitRecord record)
    {
        StackTop stack = record.Stack;
        _sender.Send(
            Begin(_sender.Types.OfHit(record.Symbol), cpu, at, record) with { Text0 = record.Symbol },
            [record.Pc, record.Caller, record.StackPointer, stack.Word0, stack.Word1, stack.Word2, stack.Word3]);
    }

    private void Return(int cpu, ulong at, FunctionReturnRecord record)
    {
        ulong duration = at - Math.Min(at, _sender.Nanoseconds(record.EnteredAt));
        _sender.Send(
            Begin(_sender.Types.OfReturn(record.Symbol), cpu, at, record) with { Text0 = record.Symbol },
            [record.Pc, record.Function, record.StackPointer, duration]);
    }

    private void Irq(int cpu, ulong at, IrqRecord record)
    {
        EventType type = record.IsEntry ? EventCatalogue.IrqHandlerEntry : EventCatalogue.IrqHandlerExit;

        // ret is IRQ_HANDLED at an exit; an entry has no second number.
        _sender.Send(Begin(type, cpu, at, record) with { Text0 = record.Name }, [(ulong)record.Irq, 1]);
    }

    private void Softirq(int cpu, ulong at, SoftirqRecord record)
    {
        EventType type = record.Phase switch
        {
            InterruptPhase.Raise => EventCatalogue.SoftirqRaise,
            InterruptPhase.Entry => EventCatalogue.SoftirqEntry,
            _ => EventCatalogue.SoftirqExit,
        };
        _sender.Send(Begin(type, cpu, at, record), [record.Vector]);
    }

    private void Ipi(int cpu, ulong at, IpiRecord record)
    {
        ulong reason = _sender.Types.AddressOf(record.Reason);
        switch (record.Phase)
        {
            case InterruptPhase.Raise:
                _sender.Send(Begin(EventCatalogue.IpiRaise, cpu, at, record) with { Text0 = record.Reason }, [record.Targets, reason]);
                break;
            case InterruptPhase.Entry:
                _sender.Send(Begin(EventCatalogue.IpiEntry, cpu, at, record) with { Text0 = record.Reason }, [reason]);
                break;
            default:
                _sender.Send(Begin(EventCatalogue.IpiExit, cpu, at, record) with { Text0 = record.Reason }, [reason]);
                break;
        }
    }

    private TraceEvent Begin(EventType type, int cpu, ulong at, LaneRecord record) => _sender.Begin(type, cpu, at, record.Vcpu, record.Current);
}
