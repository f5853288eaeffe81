using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Service.Tests.Doubles;

/// <summary>A run of the paper's scenario that was simulated once in memory, for all tests.</summary>
internal sealed class MadeRun : ITraceSource
{
    private static readonly Lazy<MadeRun> Shared = new(() => new MadeRun());

    private readonly Dictionary<string, TraceRecord[]> _streams = new(StringComparer.Ordinal);

    private MadeRun()
    {
        string path = Checkout.PathOf("scenarios/arndale.yaml");
        Scenario = ScenarioLoader.LoadFile(path, new ScenarioChanges("300ms", NoTrace: false));
        var journal = new MemoryJournal();
        RunOutcome outcome = SimulationHost.RunInMemoryAsync(SimulatedBoard.Build(Scenario), journal, 2, null, CancellationToken.None).GetAwaiter().GetResult();
        Assert.Null(outcome.Failure);
        Manifest = journal.Manifest();
        string[] names =
        [
            StreamNames.Control, .. Enumerable.Range(0, Manifest.Cores).Select(StreamNames.Core), .. Enumerable.Range(0, Manifest.Lanes.Count).Select(StreamNames.Lane),
        ];
        foreach (string name in names)
        {
            _streams.Add(name, [.. journal.Read(name)]);
        }
    }

    public static MadeRun Instance => Shared.Value;

    public Scenario Scenario { get; }

    public RunManifest Manifest { get; }

    public IEnumerable<string> Streams => _streams.Keys;

    public IReadOnlyList<TraceRecord> Records(string stream) => _streams.TryGetValue(stream, out TraceRecord[]? records) ? records : [];

    public IEnumerable<TraceRecord> ReadStream(string streamName) => Records(streamName);
}
