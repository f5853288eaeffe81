using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Formats.TraceDat.Sets;

/// <summary>Maps the hypervisor's steps to what a Linux host with KVM would have traced: its tasks are the virtual CPUs.</summary>
/// <remarks>
/// <code>
///  Trap        kvm:kvm_exit, then as in the board view
///  Resume      as in the board view, then kvm:kvm_entry
///  VcpuSwitch  as in the board view, then sched_stat_runtime, sched_switch between the threads of the two
///  others      as in the board view (<see cref="EventMapper"/>)
/// </code>
/// What the guests' own tasks do is left to the guests' files.
/// </remarks>
internal sealed class HostMapper : IRecordMapper
{
    private const int IdlePriority = 120;
    private const uint Preempted = 0;
    private const uint Sleeping = 1;

    private readonly RunManifest _manifest;
    private readonly VcpuThreads _threads;
    private readonly Core[] _cores;
    private readonly EventMapper _steps;
    private readonly ITraceEventSink _sink;

    /// <summary>A mapper for one pass over a run.</summary>
    /// <param name="source">The run, without what its guests recorded.</param>
    /// <param name="types">Gets the types that come up.</param>
    /// <param name="sink">Takes the events.</param>
    public HostMapper(ITraceSource source, EventTypes types, ITraceEventSink sink)
    {
        _manifest = source.Manifest;
        _threads = new VcpuThreads(_manifest.Guests);
        _cores = [.. Enumerable.Range(0, _manifest.Cores).Select(core => new Core(new TaskReference(0, $"swapper/{core}", IdlePriority)))];
        _sink = sink;
        _steps = new EventMapper(source, TraceView.Board, types, new ThreadSink(this));
    }

    /// <inheritdoc/>
    public void Map(in MergedRecord merged)
    {
        if (merged.Record is not StepRecord step)
        {
            return;
        }

        ulong at = _manifest.Clock.ToNanoseconds(merged.At);
        if (step.Step == StepKind.Trap)
        {
            _cores[merged.Cpu].Trap = KvmEvents.ReasonOf(step);
            Send(KvmEvents.Exit, merged.Cpu, at, [(ulong)_cores[merged.Cpu].Trap, step.Pc, KvmEvents.Isa, step.Detail, step.Detail2]);
        }

        _steps.Map(merged);
        if (step.Step == StepKind.Resume)
        {
            Send(KvmEvents.Entry, merged.Cpu, at, [step.Vcpu.Index, step.Pc]);
        }
        else if (step.Step == StepKind.VcpuSwitch)
        {
            Switch(merged.Cpu, at, step);
        }
    }

    private void Switch(int cpu, ulong at, StepRecord step)
    {
        Core core = _cores[cpu];
        TaskReference previous = core.Thread;
        TaskReference next = _threads.Of(step.Vcpu);
        if (previous.Pid == next.Pid)
        {
            return;
        }

        // It gives up its turn by WFE and can go on at once, or it waits for something; else its time slice was over.
        uint state = step.Detail2 == GaveUp && core.Trap != VmxExit.Pause ? Sleeping : Preempted;
        if (previous.Pid != 0)
        {
            Send(EventCatalogue.SchedStatRuntime, cpu, at, [(ulong)previous.Pid, at - core.SwitchedIn], previous.Comm);
        }

        Send(
            EventCatalogue.SchedSwitch, cpu, at,
            [(ulong)previous.Pid, (ulong)previous.Priority, state, (ulong)next.Pid, (ulong)next.Priority], previous.Comm, next.Comm);
        (core.Thread, core.SwitchedIn) = (next, at);
    }

    /// <summary>Detail2 of <see cref="StepKind.VcpuSwitch"/>.</summary>
    private const ulong GaveUp = 2;

    private void Send(EventType type, int cpu, ulong at, ReadOnlySpan<ulong> numbers, string text0 = "", string text1 = "")
    {
        var stored = new EventNumbers();
        numbers.CopyTo(stored);
        TaskReference thread = _cores[cpu].Thread;
        _sink.Write(new TraceEvent
        {
            Type = type,
            Nanoseconds = at,
            Cpu = cpu,
            Pid = thread.Pid,
            Comm = thread.Comm,
            Tgid = GroupOf(thread),
            Numbers = stored,
            Text0 = text0,
            Text1 = text1,
        });
    }

    private static int GroupOf(TaskReference thread) => thread.Pid == 0 ? -1 : thread.Pid;

    /// <summary>A core: the thread on it, since when, and why it came into the hypervisor last.</summary>
    private sealed class Core(TaskReference idle)
    {
        public TaskReference Thread { get; set; } = idle;

        public ulong SwitchedIn { get; set; }

        public VmxExit Trap { get; set; }
    }

    /// <summary>Gives the board view's events of steps to the thread on their core; the switches of that view are between guests' tasks.</summary>
    private sealed class ThreadSink(HostMapper host) : ITraceEventSink
    {
        public void Write(in TraceEvent next)
        {
            if (ReferenceEquals(next.Type, EventCatalogue.SchedSwitch) || ReferenceEquals(next.Type, EventCatalogue.SchedStatRuntime))
            {
                return;
            }

            TaskReference thread = host._cores[next.Cpu].Thread;
            host._sink.Write(next with { Pid = thread.Pid, Comm = thread.Comm, Tgid = GroupOf(thread) });
        }

        public void Lost(int cpu, ulong nanoseconds, ulong count) => host._sink.Lost(cpu, nanoseconds, count);
    }
}
