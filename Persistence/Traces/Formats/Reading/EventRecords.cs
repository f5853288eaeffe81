using System.Text;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Formats.Reading;

/// <summary>Makes lane records of events: the way back from <see cref="EventMapper"/>, at one cycle a nanosecond.</summary>
/// <remarks>
/// <code>
///  sched_switch                 SwitchRecord
///  sched_waking, sched_wakeup   WakeupRecord; a wake-up that a waking of the same task went before is left out: they are one record
///  sched_stat_runtime           left out: it is derived again from the switches
///  irq_*, softirq_*, ipi_*, cpu_idle, print, rtos:SYMBOL   the records they are made of
///  whatever else                ForeignRecord with its fields as text
/// </code>
/// What a record cannot hold is changed: names are cut to 15 ASCII characters, a CPU that the trace does not have is none.
/// </remarks>
public sealed class EventRecords : ITraceEventSink
{
    private const int CommCharacters = RecordLimits.CommCharacters;
    private const int MostPending = 1 << 16;
    private const int NormalPriority = 120;

    private readonly VcpuId[] _vcpus;
    private readonly Action<LaneRecord> _take;
    private readonly TaskReference[] _running;
    private readonly HashSet<int> _waking = [];
    private readonly Dictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly EventLine _line = new();
    private ulong _sequence;

    /// <summary>A maker of records of one guest.</summary>
    /// <param name="cpus">Number of CPUs; at most <see cref="MostCpus"/>.</param>
    /// <param name="take">Takes the records, in order of time; lane = vCPU = core = CPU of the event.</param>
    public EventRecords(int cpus, Action<LaneRecord> take)
        : this([.. Enumerable.Range(0, cpus).Select(cpu => new VcpuId(new GuestId(0), (byte)cpu))], take)
    {
    }

    /// <summary>A maker of records.</summary>
    /// <param name="vcpus">Whose each CPU is; at most <see cref="MostCpus"/>.</param>
    /// <param name="take">Takes the records, of each CPU in order of time; lane = core = CPU of the event.</param>
    public EventRecords(IReadOnlyList<VcpuId> vcpus, Action<LaneRecord> take)
    {
        ArgumentNullException.ThrowIfNull(vcpus);
        if (vcpus.Count > MostCpus)
        {
            throw new ArgumentException($"{vcpus.Count} CPUs", nameof(vcpus));
        }

        (_vcpus, _take) = ([.. vcpus], take);
        _running = new TaskReference[_vcpus.Length];
    }

    /// <summary>The most CPUs that a journal has.</summary>
    public const int MostCpus = 256;

    /// <summary>Records made.</summary>
    public long Records { get; private set; }

    /// <summary>Wake-ups left out because the waking is there.</summary>
    public long PairedWakeups { get; private set; }

    /// <summary>sched_stat_runtime events left out.</summary>
    public long DerivedRuntimes { get; private set; }

    /// <summary>Numbers of events that became foreign records, by SYSTEM:NAME in ordinal order.</summary>
    public SortedDictionary<string, long> Foreign { get; } = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public void Write(in TraceEvent next)
    {
        if (ReferenceEquals(next.Type, EventCatalogue.SchedStatRuntime))
        {
            DerivedRuntimes++;
        }
        else if (ReferenceEquals(next.Type, EventCatalogue.SchedWakeup) && _waking.Remove((int)next.Number(0)))
        {
            PairedWakeups++;
        }
        else
        {
            Take(Make(next));
        }
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count)
    {
        var at = new VirtualInstant(nanoseconds);
        _running[cpu] = default;
        Take(new LostRecordsRecord(Cause(at), at, at, _vcpus[cpu], new CoreId((byte)cpu), new TaskReference(0, string.Empty, NormalPriority), count));
    }

    private Stamp Cause(VirtualInstant at) => new(at, SourceId.Outside, _sequence++);

    private void Take(LaneRecord record)
    {
        Records++;
        _take(record);
    }

    private LaneRecord Make(in TraceEvent next)
    {
        var at = new VirtualInstant(next.Nanoseconds);
        (Stamp cause, VcpuId vcpu, var core) = (Cause(at), _vcpus[next.Cpu], new CoreId((byte)next.Cpu));
        EventType type = next.Type;
        if (ReferenceEquals(type, EventCatalogue.SchedSwitch))
        {
            TaskReference previous = Task(next.Number(0), next.Text0, next.Number(1));
            _running[next.Cpu] = Task(next.Number(3), next.Text1, next.Number(4));
            return new SwitchRecord(cause, at, at, vcpu, core, previous, (uint)next.Number(2), _running[next.Cpu]);
        }

        TaskReference current = Current(next);
        if (ReferenceEquals(type, EventCatalogue.SchedWaking) || ReferenceEquals(type, EventCatalogue.SchedWakeup))
        {
            return new WakeupRecord(cause, at, at, vcpu, core, current, Woken(next), Derived: false) { TargetCpu = Target(next) };
        }

        if (type.System is "rtos" && Probe(next) is { } symbol)
        {
            return IsReturn(type)
                ? new FunctionReturnRecord(
                    cause, at, at, vcpu, core, current, symbol, (uint)next.Number(0), (uint)next.Number(1), (uint)next.Number(2),
                    new VirtualInstant(next.Nanoseconds - Math.Min(next.Nanoseconds, next.Number(3))))
                : new FunctionHitRecord(cause, at, at, vcpu, core, current, symbol, (uint)next.Number(0), (uint)next.Number(1), (uint)next.Number(2))
                {
                    Stack = new StackTop((uint)next.Number(3), (uint)next.Number(4), (uint)next.Number(5), (uint)next.Number(6)),
                };
        }

        return Kernel(next, cause, at, vcpu, core, current) ?? Other(next, cause, at, vcpu, core, current);
    }

    private static LaneRecord? Kernel(in TraceEvent next, Stamp cause, VirtualInstant at, VcpuId vcpu, CoreId core, TaskReference current)
    {
        EventType type = next.Type;
        string text = RecordLimits.Text(next.Text(0));
        if (ReferenceEquals(type, EventCatalogue.Print))
        {
            return new MarkerRecord(cause, at, at, vcpu, core, current, text);
        }

        if (ReferenceEquals(type, EventCatalogue.IrqHandlerEntry) || ReferenceEquals(type, EventCatalogue.IrqHandlerExit))
        {
            return new IrqRecord(
                cause, at, at, vcpu, core, current, (int)next.Number(0), text, IsEntry: ReferenceEquals(type, EventCatalogue.IrqHandlerEntry));
        }

        if (ReferenceEquals(type, EventCatalogue.CpuIdle))
        {
            return new CpuIdleRecord(cause, at, at, vcpu, core, current, (uint)next.Number(0));
        }

        return SoftirqPhase(type) is { } phase ? new SoftirqRecord(cause, at, at, vcpu, core, current, (uint)next.Number(0), phase)
            : IpiPhase(type) is { } ipi
                ? new IpiRecord(cause, at, at, vcpu, core, current, text, ipi == InterruptPhase.Raise ? next.Number(0) : 0, ipi)
                : null;
    }

    private ForeignRecord Other(in TraceEvent next, Stamp cause, VirtualInstant at, VcpuId vcpu, CoreId core, TaskReference current)
    {
        string kind = $"{next.Type.System}:{next.Type.Name}";
        Foreign[kind] = Foreign.GetValueOrDefault(kind) + 1;
        string text = next.Type.Fields is [{ Name: "fields" }] ? next.Text0 : _line.Of(next);
        return new ForeignRecord(cause, at, at, vcpu, core, current, next.Type.System, next.Type.Name, RecordLimits.Text(text));
    }

    private static InterruptPhase? SoftirqPhase(EventType type) =>
        ReferenceEquals(type, EventCatalogue.SoftirqRaise) ? InterruptPhase.Raise
        : ReferenceEquals(type, EventCatalogue.SoftirqEntry) ? InterruptPhase.Entry
        : ReferenceEquals(type, EventCatalogue.SoftirqExit) ? InterruptPhase.Exit : null;

    private static InterruptPhase? IpiPhase(EventType type) =>
        ReferenceEquals(type, EventCatalogue.IpiRaise) ? InterruptPhase.Raise
        : ReferenceEquals(type, EventCatalogue.IpiEntry) ? InterruptPhase.Entry
        : ReferenceEquals(type, EventCatalogue.IpiExit) ? InterruptPhase.Exit : null;

    /// <summary>The symbol of a hit or return; null for another event of system rtos.</summary>
    private static string? Probe(in TraceEvent next) =>
        Array.Exists(next.Type.Fields, field => field.Name is "caller" or "duration") ? RecordLimits.Text(next.Text0) : null;

    private static bool IsReturn(EventType type) => Array.Exists(type.Fields, field => field.Name is "duration");

    private TaskReference Woken(in TraceEvent next)
    {
        if (ReferenceEquals(next.Type, EventCatalogue.SchedWaking))
        {
            if (_waking.Count == MostPending)
            {
                _waking.Clear();
            }

            _waking.Add((int)next.Number(0));
        }

        return Task(next.Number(0), next.Text0, next.Number(1));
    }

    private int? Target(in TraceEvent next) =>
        next.Number(2) < (ulong)_vcpus.Length && next.Number(2) != (ulong)next.Cpu ? (int)next.Number(2) : null;

    /// <summary>The current task; its priority is known where it came by a switch.</summary>
    private TaskReference Current(in TraceEvent next)
    {
        TaskReference running = _running[next.Cpu];
        int priority = running.Comm is not null && running.Pid == next.Pid ? running.Priority : NormalPriority;
        return new TaskReference(next.Pid, Name(next.Comm), priority);
    }

    private TaskReference Task(ulong pid, string comm, ulong priority) => new((int)pid, Name(comm), (int)priority);

    private string Name(string comm)
    {
        if (!_names.TryGetValue(comm, out string? name))
        {
            var letters = new StringBuilder(CommCharacters);
            foreach (char letter in comm.AsSpan(0, Math.Min(comm.Length, CommCharacters)))
            {
                letters.Append(letter is >= ' ' and <= '~' ? letter : '?');
            }

            name = letters.ToString();
            if (_names.Count < MostPending)
            {
                _names.Add(comm, name);
            }
        }

        return name;
    }
}
