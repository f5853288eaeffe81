using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Formats.TraceDat.Sets;

/// <summary>Maps the hypervisor's steps to what a Linux host with KVM would have traced: its tasks are the threads of the virtual CPUs.</summary>
/// <remarks>
/// <code>
///  Trap        kvm:kvm_exit, then as in the board view
///  Resume      as in the board view, then kvm:kvm_entry
///  VcpuSwitch  as in the board view, then sched_switch, between the threads of the two, with what belongs to it
///  others      as in the board view (<see cref="StepMapper"/>)
/// </code>
/// What the guests' own tasks do is left to the guests' files.
/// </remarks>
internal sealed class HostMapper : IRecordMapper
{
    private const int IdlePriority = 120;
    private const uint Preempted = 0;
    private const uint Sleeping = 1;

    // Detail2 of a VcpuSwitch.
    private const ulong GaveUp = 2;

    private readonly EventSender _sender;
    private readonly SwitchMapper _switches;
    private readonly StepMapper _steps;
    private readonly VcpuThreads _threads;
    private readonly TaskReference[] _running;
    private readonly VmxExit[] _exits;
    private int _cpu;

    /// <summary>A mapper for one pass over a run.</summary>
    /// <param name="manifest">Of the run as its host saw it.</param>
    /// <param name="types">Gets the types that come up; has those of <see cref="KvmEvents"/>.</param>
    /// <param name="sink">Takes the events.</param>
    public HostMapper(RunManifest manifest, EventTypes types, ITraceEventSink sink)
    {
        _threads = new VcpuThreads(manifest.Guests);
        _running = [.. Enumerable.Range(0, manifest.Cores).Select(core => new TaskReference(0, string.Empty, IdlePriority))];
        _exits = new VmxExit[manifest.Cores];
        _sender = new EventSender(manifest, types, sink, manifest.Cores);
        _switches = new SwitchMapper(_sender, manifest.Cores, derivesIdle: true);

        // The thread on the core, whichever vCPU a step is about; so the step mapper sees no switches of tasks.
        _steps = new StepMapper(_sender, _switches, _ => _running[_cpu], manifest.Cores);
    }

    /// <inheritdoc/>
    public void Map(in MergedRecord merged)
    {
        if (merged.Record is not StepRecord step)
        {
            return;
        }

        _cpu = merged.Cpu;
        ulong at = _sender.Nanoseconds(merged.At);
        _steps.Pass(at);
        if (step.Step == StepKind.Trap)
        {
            VmxExit exit = KvmEvents.ReasonOf(step);
            _exits[_cpu] = exit;
            _sender.Send(Begin(KvmEvents.Exit, at, step.Vcpu), [(ulong)exit, step.Pc, KvmEvents.Isa, step.Detail, step.Detail2]);
        }

        _steps.Map(_cpu, at, step);
        if (step.Step == StepKind.Resume)
        {
            _sender.Send(Begin(KvmEvents.Entry, at, step.Vcpu), [step.Vcpu.Index, step.Pc]);
        }
        else if (step.Step == StepKind.VcpuSwitch)
        {
            Switch(at, step);
        }
    }

    /// <inheritdoc/>
    public void Complete() => _steps.Pass(ulong.MaxValue);

    private void Switch(ulong at, StepRecord step)
    {
        TaskReference previous = _running[_cpu];
        TaskReference next = _threads.Of(step.Vcpu);
        if (previous.Pid != next.Pid)
        {
            // Its time slice was over, or it gave up its turn by WFE and could go on at once; else it waits for something.
            uint state = step.Detail2 == GaveUp && _exits[_cpu] != VmxExit.Pause ? Sleeping : Preempted;
            _switches.Switch(_cpu, at, step.Vcpu, previous, state, next);
            _running[_cpu] = next;
        }
    }

    private TraceEvent Begin(EventType type, ulong at, VcpuId vcpu) => _sender.Begin(type, _cpu, at, vcpu, _running[_cpu]);
}
