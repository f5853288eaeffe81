using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Formats;

/// <summary>Makes events of a run and hands them on: what all of the mapping shares.</summary>
internal sealed class EventSender
{
    private const int NoGroup = -1;

    private readonly RunManifest _manifest;
    private readonly ITraceEventSink _sink;
    private readonly string[] _idleNames;

    /// <summary>A sender for one pass over a run.</summary>
    public EventSender(RunManifest manifest, EventTypes types, ITraceEventSink sink, int cpus)
    {
        (_manifest, Types, _sink) = (manifest, types, sink);
        _idleNames = [.. Enumerable.Range(0, cpus).Select(cpu => $"swapper/{cpu}")];
    }

    /// <summary>Gets the types that come up.</summary>
    public EventTypes Types { get; }

    /// <summary>An instant as events have it.</summary>
    public ulong Nanoseconds(VirtualInstant at) => _manifest.Clock.ToNanoseconds(at);

    /// <summary>An event without arguments.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="cpu">CPU of the view.</param>
    /// <param name="at">Nanoseconds.</param>
    /// <param name="vcpu">Whose event it is.</param>
    /// <param name="current">The task that was current.</param>
    public TraceEvent Begin(EventType type, int cpu, ulong at, VcpuId vcpu, TaskReference current) => new()
    {
        Type = type,
        Nanoseconds = at,
        Cpu = cpu,
        Pid = current.Pid,
        Comm = Name(cpu, current),
        Tgid = Group(vcpu, current.Pid),
    };

    /// <summary>An event with numeric arguments.</summary>
    public static TraceEvent With(in TraceEvent next, ReadOnlySpan<ulong> numbers)
    {
        var stored = new EventNumbers();
        numbers.CopyTo(stored);
        return next with { Numbers = stored };
    }

    /// <summary>Hands an event on with its numeric arguments.</summary>
    public void Send(in TraceEvent next, ReadOnlySpan<ulong> numbers) => Send(With(next, numbers));

    /// <summary>Hands an event on.</summary>
    public void Send(in TraceEvent next) => _sink.Write(next);

    /// <summary>Hands the mark of a loss on.</summary>
    public void Lost(int cpu, ulong at, ulong count) => _sink.Lost(cpu, at, count);

    /// <summary>A task's name; the idle task's is that of its CPU.</summary>
    public string Name(int cpu, TaskReference task) => task.Pid == 0 ? _idleNames[cpu] : task.Comm;

    private int Group(VcpuId vcpu, int pid)
    {
        if (pid == 0)
        {
            return NoGroup;
        }

        int process = vcpu.Guest.Index < _manifest.Guests.Count ? _manifest.Guests[vcpu.Guest.Index].ProcessId : 0;
        return process == 0 ? pid : process;
    }
}
