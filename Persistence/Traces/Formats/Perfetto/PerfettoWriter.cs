namespace ActorTrace.Traces.Formats.Perfetto;

/// <summary>Writes a Perfetto trace: packets with a bundle of events of one CPU each, at the end the tree of processes.</summary>
/// <remarks>docs/formats/perfetto.md. Field numbers of protos/perfetto/trace/trace_packet.proto and of the ftrace and ps messages.</remarks>
internal sealed class PerfettoWriter : ITraceEventSink
{
    private const int Packet = 1;
    private const int EventsOfABundle = 512;

    private readonly Stream _output;
    private readonly Bundle[] _bundles;
    private readonly ProtoBuffer _packet = new();
    private readonly SortedDictionary<int, (int Group, string Name)> _tasks = [];
    private readonly int[] _lastPid;

    /// <summary>Begins a trace.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="cpus">Number of CPUs.</param>
    public PerfettoWriter(Stream output, int cpus)
    {
        _output = output;
        _bundles = [.. Enumerable.Range(0, cpus).Select(_ => new Bundle())];
        _lastPid = new int[cpus];
        Head();
    }

    /// <inheritdoc/>
    public void Write(in TraceEvent next)
    {
        if (next.Pid != 0 && next.Pid != _lastPid[next.Cpu])
        {
            _lastPid[next.Cpu] = next.Pid;
            _tasks[next.Pid] = (next.Tgid, next.Comm);
        }

        Bundle bundle = _bundles[next.Cpu];
        int entry = bundle.Events.Begin(BundleField.Event);
        bundle.Events.Varint(1, next.Nanoseconds);
        bundle.Events.Varint(2, (ulong)next.Pid);
        PerfettoEvents.Write(bundle.Events, next);
        bundle.Events.End(entry);
        if (++bundle.Count == EventsOfABundle)
        {
            Flush(next.Cpu);
        }
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count)
    {
        Flush(cpu);
        _bundles[cpu].AfterLoss = true;
    }

    /// <summary>Writes what is left.</summary>
    public void Complete()
    {
        for (int cpu = 0; cpu < _bundles.Length; cpu++)
        {
            Flush(cpu);
        }

        Processes();
        _output.Flush();
    }

    private void Flush(int cpu)
    {
        Bundle bundle = _bundles[cpu];
        if (bundle.Count == 0)
        {
            return;
        }

        int packet = Begin();
        int events = _packet.Begin(PacketField.FtraceEvents);
        _packet.Varint(BundleField.Cpu, (ulong)cpu);
        if (bundle.AfterLoss)
        {
            _packet.Varint(BundleField.LostEvents, 1);
        }

        _packet.Append(bundle.Events);
        _packet.End(events);
        End(packet);
        bundle.Events.Clear();
        (bundle.Count, bundle.AfterLoss) = (0, false);
    }

    /// <summary>The clock that events are stamped with, and what kernel it was.</summary>
    private void Head()
    {
        const int bootTime = 6;
        int packet = Begin();
        int snapshot = _packet.Begin(PacketField.ClockSnapshot);
        int clock = _packet.Begin(1);
        _packet.Varint(1, bootTime);
        _packet.Varint(2, 0);
        _packet.End(clock);
        _packet.End(snapshot);
        End(packet);

        packet = Begin();
        int system = _packet.Begin(PacketField.SystemInfo);
        int uname = _packet.Begin(1);
        _packet.Text(1, "Linux");
        _packet.Text(2, "ActorTrace");
        _packet.Text(3, "6.1.0");
        _packet.Text(4, "armv7l");
        _packet.End(uname);
        _packet.End(system);
        End(packet);
    }

    /// <summary>Tasks by their groups; a group is named after the task that leads it, else after its first.</summary>
    private void Processes()
    {
        int packet = Begin();
        int tree = _packet.Begin(PacketField.ProcessTree);
        foreach (IGrouping<int, KeyValuePair<int, (int Group, string Name)>> group in _tasks.GroupBy(t => t.Value.Group < 0 ? t.Key : t.Value.Group))
        {
            int process = _packet.Begin(1);
            _packet.Varint(1, (ulong)group.Key);
            _packet.Varint(2, 1);
            _packet.Text(3, _tasks.TryGetValue(group.Key, out (int Group, string Name) leader) ? leader.Name : group.First().Value.Name, PlainText.CommBytes);
            _packet.End(process);
        }

        foreach ((int pid, (int group, string name)) in _tasks)
        {
            int thread = _packet.Begin(2);
            _packet.Varint(1, (ulong)pid);
            _packet.Text(2, name, PlainText.CommBytes);
            _packet.Varint(3, (ulong)(group < 0 ? pid : group));
            _packet.End(thread);
        }

        _packet.End(tree);
        End(packet);
    }

    private int Begin()
    {
        _packet.Clear();
        int packet = _packet.Begin(Packet);
        _packet.Varint(PacketField.SequenceId, 1);
        return packet;
    }

    private void End(int packet)
    {
        _packet.End(packet);
        _output.Write(_packet.Written);
    }

    private static class PacketField
    {
        public const int FtraceEvents = 1;
        public const int ProcessTree = 2;
        public const int ClockSnapshot = 6;
        public const int SequenceId = 10;
        public const int SystemInfo = 45;
    }

    private static class BundleField
    {
        public const int Cpu = 1;
        public const int Event = 2;
        public const int LostEvents = 3;
    }

    private sealed class Bundle
    {
        public ProtoBuffer Events { get; } = new();

        public int Count { get; set; }

        public bool AfterLoss { get; set; }
    }
}
