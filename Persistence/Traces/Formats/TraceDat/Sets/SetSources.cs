using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Formats.TraceDat.Sets;

/// <summary>A run as its host saw it: the cores' steps without the guests' lanes and processes.</summary>
internal sealed class HostSource(ITraceSource run) : ITraceSource
{
    /// <inheritdoc/>
    public RunManifest Manifest { get; } = run.Manifest with
    {
        Lanes = [],
        Guests = [.. run.Manifest.Guests.Select(guest => guest with { ProcessId = 0 })],
    };

    /// <summary>Whether the run has a host at all: a guest that runs without a hypervisor leaves no steps.</summary>
    public bool HasSteps =>
        Enumerable.Range(0, Manifest.Cores).Any(core => run.ReadStream(StreamNames.Core(core)).OfType<StepRecord>().Any());

    /// <inheritdoc/>
    public IEnumerable<TraceRecord> ReadStream(string streamName) => run.ReadStream(streamName);
}

/// <summary>A run as one of its guests saw it: its own lanes, its CPUs from 0 on.</summary>
internal sealed class GuestSource : ITraceSource
{
    private readonly ITraceSource _run;
    private readonly HashSet<string> _lanes;

    /// <summary>A guest of a run.</summary>
    public GuestSource(ITraceSource run, GuestId guest)
    {
        _run = run;
        _lanes = [.. Enumerable.Range(0, run.Manifest.Lanes.Count).Where(lane => run.Manifest.Lanes[lane].Vcpu.Guest == guest).Select(StreamNames.Lane)];

        // Records name their guest by its place in the list: the others stay there, without CPUs.
        Manifest = run.Manifest with
        {
            Guests = [.. run.Manifest.Guests.Select((other, index) => other with
            {
                FirstLinuxCpu = 0,
                VcpuCores = index == guest.Index ? other.VcpuCores : [],
            })],
        };
    }

    /// <inheritdoc/>
    public RunManifest Manifest { get; }

    /// <inheritdoc/>
    public IEnumerable<TraceRecord> ReadStream(string streamName) => _lanes.Contains(streamName) ? _run.ReadStream(streamName) : [];
}
