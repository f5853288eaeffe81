using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Formats.Reading;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Actors.Tests.Workload;

/// <summary>A trace file as a run in memory.</summary>
internal sealed class RecordedEvents : ITraceSource
{
    private readonly List<TraceRecord>[] lanes;

    public RecordedEvents(string path)
    {
        using TraceFile file = TraceFile.Open(path);
        CoreId[] cores = [.. Enumerable.Range(0, file.Cpus).Select(cpu => new CoreId((byte)cpu))];
        lanes = [.. cores.Select(_ => new List<TraceRecord>())];
        Manifest = new RunManifest(
            1, "recorded", new ClockRates(1_000_000_000, 1_000_000_000, 1), cores.Length, [new GuestManifest("linux", 0, cores, 0)],
            [.. cores.Select(core => new LaneManifest(new VcpuId(new GuestId(0), core.Index), core, -1))], string.Empty, [])
        {
            ImportedFrom = path,
        };
        file.Send(new EventRecords(cores.Length, record => lanes[record.Vcpu.Index].Add(record)), new EventTypes());
    }

    public RunManifest Manifest { get; }

    public IEnumerable<TraceRecord> ReadStream(string streamName) =>
        Enumerable.Range(0, lanes.Length).Where(lane => string.Equals(StreamNames.Lane(lane), streamName, StringComparison.Ordinal)).SelectMany(lane => lanes[lane]);
}
