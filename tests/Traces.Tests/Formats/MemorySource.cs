using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Tests.Formats;

/// <summary>A run held in memory: a GPOS on core 0 (lane 0) and an RTOS on core 1 (lane 1).</summary>
internal sealed class MemorySource : ITraceSource
{
    public static readonly VcpuId Gpos = new(new GuestId(0), 0);
    public static readonly VcpuId Rtos = new(new GuestId(1), 0);

    private readonly Dictionary<string, List<TraceRecord>> _streams = new(StringComparer.Ordinal);

    public RunManifest Manifest { get; init; } = new(
        1, "test", new ClockRates(1_000_000_000, 62_500_000, 64), 2,
        [new GuestManifest("android", 0, [new CoreId(0)], 0), new GuestManifest("rtos", 1, [new CoreId(1)], 2000)],
        [new LaneManifest(Gpos, new CoreId(0), -1), new LaneManifest(Rtos, new CoreId(0), 0)],
        string.Empty, []);

    public static VcpuId VcpuOf(int cpu) => cpu == 0 ? Gpos : Rtos;

    public IEnumerable<TraceRecord> ReadStream(string streamName) =>
        _streams.TryGetValue(streamName, out List<TraceRecord>? records) ? records : [];

    public MemorySource Add(string stream, params IEnumerable<TraceRecord> records)
    {
        if (!_streams.TryGetValue(stream, out List<TraceRecord>? list))
        {
            _streams.Add(stream, list = []);
        }

        list.AddRange(records);
        return this;
    }

    public MemorySource AddLane(int lane, params IEnumerable<TraceRecord> records) => Add(StreamNames.Lane(lane), records);

    public static SwitchRecord Switch(int cpu, ulong at, TaskReference previous, uint state, TaskReference next) =>
        new(default, new VirtualInstant(at), new VirtualInstant(at), VcpuOf(cpu), new CoreId((byte)cpu), previous, state, next);

    public static WakeupRecord Wakeup(int cpu, ulong at, TaskReference current, TaskReference task) =>
        new(default, new VirtualInstant(at), new VirtualInstant(at), VcpuOf(cpu), new CoreId((byte)cpu), current, task, Derived: false);

    public static MarkerRecord Marker(int cpu, ulong at, TaskReference current, string text) =>
        new(default, new VirtualInstant(at), new VirtualInstant(at), VcpuOf(cpu), new CoreId((byte)cpu), current, text);

    public static LostRecordsRecord Lost(int cpu, ulong at, ulong count) =>
        new(default, new VirtualInstant(at), new VirtualInstant(at), VcpuOf(cpu), new CoreId((byte)cpu), new TaskReference(0, "", 120), count);
}
