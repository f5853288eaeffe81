using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Formats;

/// <summary>The one mapping of journal records to Linux events, used by every format.</summary>
/// <remarks>
/// <code>
///  SwitchRecord       sched_switch, before it sched_stat_runtime: tools disagree where they take CPU time from
///  WakeupRecord       sched_waking, sched_wakeup (tools disagree which one they read)
///  FunctionHitRecord  rtos:SYMBOL
///  FunctionReturnRecord  rtos:SYMBOL_return
///  IrqRecord          irq_handler_entry, irq_handler_exit
///  MarkerRecord       print
///  LostRecordsRecord  the format's own mark of lost events
///  StepRecord         hyp:hyp_*; a vCPU switch also as sched_switch between the tasks that are current on the two
/// </code>
/// The idle task is pid 0, named swapper/CPU, on every CPU.
/// </remarks>
public sealed class EventMapper : IRecordMapper
{
    private static readonly TaskReference Unknown = new(0, string.Empty, 120);

    private readonly RunManifest _manifest;
    private readonly ITraceEventSink _sink;
    private readonly EventTypes _types;
    private readonly string[] _idleNames;
    private readonly Dictionary<VcpuId, TaskReference> _current = [];
    private readonly HashSet<VcpuId> _afterLoss = [];
    private readonly VcpuId?[] _running;
    private readonly ulong?[] _switchedIn;

    /// <summary>A mapper for one pass over a run.</summary>
    /// <param name="source">The run; the head of its lanes is read to know which task each vCPU begins with.</param>
    /// <param name="view">The view that the records were merged for.</param>
    /// <param name="types">Gets the types that come up.</param>
    /// <param name="sink">Takes the events.</param>
    public EventMapper(ITraceSource source, TraceView view, EventTypes types, ITraceEventSink sink)
    {
        _manifest = source.Manifest;
        _types = types;
        _sink = sink;
        int cpus = TraceMerger.CpuCount(_manifest, view);
        _idleNames = [.. Enumerable.Range(0, cpus).Select(cpu => $"swapper/{cpu}")];
        _running = new VcpuId?[cpus];
        _switchedIn = new ulong?[cpus];
        if (view == TraceView.Board)
        {
            FindFirstTasks(source);
        }
    }

    /// <summary>Maps a record and hands its events to the sink.</summary>
    public void Map(in MergedRecord merged)
    {
        ulong at = _manifest.Clock.ToNanoseconds(merged.At);

        // The first record behind a loss tells which task came meanwhile.
        if (_afterLoss.Count > 0 && merged.Record is LaneRecord first and not LostRecordsRecord && _afterLoss.Remove(first.Vcpu))
        {
            _current[first.Vcpu] = first.Current;
        }

        switch (merged.Record)
        {
            case SwitchRecord record:
                _current[record.Vcpu] = record.Next;
                Switch(merged.Cpu, at, record.Vcpu, record.Current, record.PreviousState, record.Next);
                break;
            case WakeupRecord record: Wakeup(merged.Cpu, at, record); break;
            case FunctionHitRecord record: Hit(merged.Cpu, at, record); break;
            case FunctionReturnRecord record: Return(merged.Cpu, at, record); break;
            case IrqRecord record: Irq(merged.Cpu, at, record); break;
            case MarkerRecord record:
                TraceEvent marker = Begin(EventCatalogue.Print, merged.Cpu, at, record.Vcpu, record.Current) with { Text0 = record.Text };
                Send(marker, [MarkerFunctionAddress]);
                break;
            case LostRecordsRecord record:
                _sink.Lost(merged.Cpu, at, record.Count);
                _afterLoss.Add(record.Vcpu);
                _switchedIn[merged.Cpu] = null;
                break;
            case StepRecord record: Step(merged.Cpu, at, record); break;
            default: break;
        }
    }

    /// <summary>Where kallsyms of the binary formats has the function that writes markers.</summary>
    internal const ulong MarkerFunctionAddress = 0xFFFF_FFFF_8100_0000;

    private void FindFirstTasks(ITraceSource source)
    {
        var firstAt = new Dictionary<VcpuId, VirtualInstant>();
        for (int lane = 0; lane < _manifest.Lanes.Count; lane++)
        {
            LaneRecord? first = source.ReadStream(StreamNames.Lane(lane)).OfType<LaneRecord>().FirstOrDefault(r => r is not LostRecordsRecord);
            if (first is not null && (!firstAt.TryGetValue(first.Vcpu, out VirtualInstant earlier) || first.At < earlier))
            {
                firstAt[first.Vcpu] = first.At;
                _current[first.Vcpu] = first.Current;
            }
        }
    }

    private void Switch(int cpu, ulong at, VcpuId vcpu, TaskReference previous, uint state, TaskReference next)
    {
        if (_switchedIn[cpu] is { } start && previous.Pid != 0)
        {
            TraceEvent runtime = Begin(EventCatalogue.SchedStatRuntime, cpu, at, vcpu, previous) with { Text0 = previous.Comm };
            Send(runtime, [(ulong)previous.Pid, at - start]);
        }

        _switchedIn[cpu] = at;
        TraceEvent change = Begin(EventCatalogue.SchedSwitch, cpu, at, vcpu, previous) with
        {
            Text0 = Name(cpu, previous),
            Text1 = Name(cpu, next),
        };
        Send(change, [(ulong)previous.Pid, (ulong)previous.Priority, state, (ulong)next.Pid, (ulong)next.Priority]);
    }

    private void Wakeup(int cpu, ulong at, WakeupRecord record)
    {
        TraceEvent waking = With(
            Begin(EventCatalogue.SchedWaking, cpu, at, record.Vcpu, record.Current) with { Text0 = Name(cpu, record.Task) },
            [(ulong)record.Task.Pid, (ulong)record.Task.Priority, (ulong)cpu]);
        _sink.Write(waking);
        _sink.Write(waking with { Type = EventCatalogue.SchedWakeup });
    }

    private void Hit(int cpu, ulong at, FunctionHitRecord record)
    {
        TraceEvent hit = Begin(_types.OfHit(record.Symbol), cpu, at, record.Vcpu, record.Current) with { Text0 = record.Symbol };
        Send(hit, [record.Pc, record.Caller, record.StackPointer]);
    }

    private void Return(int cpu, ulong at, FunctionReturnRecord record)
    {
        ulong duration = at - Math.Min(at, _manifest.Clock.ToNanoseconds(record.EnteredAt));
        TraceEvent back = Begin(_types.OfReturn(record.Symbol), cpu, at, record.Vcpu, record.Current) with { Text0 = record.Symbol };
        Send(back, [record.Pc, record.Function, record.StackPointer, duration]);
    }

    private void Irq(int cpu, ulong at, IrqRecord record)
    {
        EventType type = record.IsEntry ? EventCatalogue.IrqHandlerEntry : EventCatalogue.IrqHandlerExit;
        TraceEvent irq = Begin(type, cpu, at, record.Vcpu, record.Current) with { Text0 = record.Name };

        // ret is IRQ_HANDLED at an exit; an entry has no second number.
        Send(irq, [(ulong)record.Irq, 1]);
    }

    private void Step(int cpu, ulong at, StepRecord record)
    {
        EventType? type = EventCatalogue.OfStep(record.Step);
        if (type is null)
        {
            return;
        }

        TraceEvent step = Begin(type, cpu, at, record.Vcpu, _current.GetValueOrDefault(record.Vcpu, Unknown));
        Send(step, [record.Vcpu.Guest.Index, record.Vcpu.Index, record.Pc, record.End - record.Start, record.Detail, record.Detail2]);
        if (record.Step == StepKind.VcpuSwitch)
        {
            VcpuSwitch(cpu, at, record.Vcpu);
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

        TaskReference previous = _current.GetValueOrDefault(left, Unknown);
        TaskReference next = _current.GetValueOrDefault(comes, Unknown);

        // Two idle guests: for a Linux tool the CPU stays idle.
        if (previous.Pid != next.Pid)
        {
            Switch(cpu, at, left, previous, 0, next);
        }
    }

    private TraceEvent Begin(EventType type, int cpu, ulong at, VcpuId vcpu, TaskReference current) => new()
    {
        Type = type,
        Nanoseconds = at,
        Cpu = cpu,
        Pid = current.Pid,
        Comm = Name(cpu, current),
        Tgid = Group(vcpu, current.Pid),
    };

    private void Send(in TraceEvent next, ReadOnlySpan<ulong> numbers) => _sink.Write(With(next, numbers));

    private static TraceEvent With(in TraceEvent next, ReadOnlySpan<ulong> numbers)
    {
        var stored = new EventNumbers();
        numbers.CopyTo(stored);
        return next with { Numbers = stored };
    }

    private string Name(int cpu, TaskReference task) => task.Pid == 0 ? _idleNames[cpu] : task.Comm;

    private int Group(VcpuId vcpu, int pid)
    {
        if (pid == 0)
        {
            return -1;
        }

        int process = vcpu.Guest.Index < _manifest.Guests.Count ? _manifest.Guests[vcpu.Guest.Index].ProcessId : 0;
        return process == 0 ? pid : process;
    }
}
