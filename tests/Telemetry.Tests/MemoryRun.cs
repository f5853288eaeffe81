using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Telemetry.Tests;

/// <summary>A run of two guests on two cores at 1 GHz, of records in memory.</summary>
/// <param name="streams">The records by stream.</param>
internal sealed class MemoryRun(Dictionary<string, List<TraceRecord>> streams) : ITraceSource
{
    public static readonly VcpuId Gpos = new(new GuestId(0), 0);
    public static readonly VcpuId Rtos = new(new GuestId(1), 0);
    public static readonly CoreId Core0 = new(0);
    public static readonly CoreId Core1 = new(1);

    public RunManifest Manifest { get; } = new(
        1, "test", new ClockRates(1_000_000_000, 1, 1), 2,
        [new GuestManifest("android", 0, [Core0], 0), new GuestManifest("ucos", 1, [Core1], 2000)],
        [new LaneManifest(Rtos, Core0, 0)], string.Empty, []);

    public IEnumerable<TraceRecord> ReadStream(string streamName) => streams.TryGetValue(streamName, out List<TraceRecord>? records) ? records : [];
}
