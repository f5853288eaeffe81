using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Service.Chains;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;
using ActorTrace.Traces.Spans;
using ActorTrace.Traces.Spans.Index;
using Xunit;

namespace ActorTrace.Telemetry.Tests;

/// <summary>The messages that are told of a chain are those that the actors sent.</summary>
public sealed class ChainMessagesTests
{
    private static readonly (string From, string To, string Message)[] RecordsWay =
    [
        ("core-0", "ring:1", "RingRecord"),
        ("ring:1", "core-0:isr", "RingRecord"),
        ("core-0:isr", "core-0:converter", "RingRecord"),
        ("core-0:converter", "lane:2", "SwitchRecord"),
    ];

    [Theory]
    [InlineData("arndale.yaml", "switch")]
    [InlineData("arndale.yaml", "switch+wakeup")]
    public async Task The_messages_of_a_hit_are_those_in_the_actors_mailboxes(string file, string probes)
    {
        (MemoryJournal journal, IReadOnlyList<Overheard> heard) = await Overhearing.RunAsync(Load(file, probes));
        var source = new SpanSource(new Kept(journal), "run", null);
        ILookup<Stamp, Overheard> byCause = Caused(heard);
        int hits = 0;
        foreach ((Stamp cause, IReadOnlyList<TraceRecord> records) in Hits(source))
        {
            IReadOnlyList<ChainMessage> messages = ChainMessages.Of(source.Records.Manifest, records);
            IEnumerable<ChainMessage> ofActors = messages.Where(m => Participants.IsActor(m.From) && Participants.IsActor(m.To));

            Assert.Equal(
                byCause[cause].Select(m => (m.From, m.To, m.Message)).GroupBy(Place).ToDictionary(g => g.Key, g => string.Join(", ", g), StringComparer.Ordinal),
                ofActors.Select(m => (m.From, m.To, m.Message)).GroupBy(Place).ToDictionary(g => g.Key, g => string.Join(", ", g), StringComparer.Ordinal));
            Assert.All(messages, m => Assert.True(m.StartNs <= m.EndNs));
            hits++;
        }

        Assert.InRange(hits, 10, int.MaxValue);
    }

    [Fact]
    public async Task A_hit_that_is_recorded_goes_through_ring_isr_and_converter_into_the_lane()
    {
        (MemoryJournal journal, _) = await Overhearing.RunAsync(Load("arndale.yaml", "switch"));
        var source = new SpanSource(new Kept(journal), "run", null);

        IReadOnlyList<ChainMessage> messages = Hits(source)
            .Select(hit => ChainMessages.Of(source.Records.Manifest, hit.Records)).First(m => m.Any(x => x.Message is nameof(SwitchRecord)));

        Assert.Equal(
            RecordsWay,
            messages.Where(m => m.Message is "RingRecord" or nameof(SwitchRecord)).Select(m => (m.From, m.To, m.Message)));
    }

    private static string Place((string From, string To, string Message) message) =>
        (message.From is Participants.Gic ? message.To : message.From) is var core && core.Contains('/', StringComparison.Ordinal) ? core[..core.IndexOf('/', StringComparison.Ordinal)]
        : message.From is Participants.Gic ? "to " + core : core;

    /// <summary>What does not say what began it belongs to what the core is doing.</summary>
    private static ILookup<Stamp, Overheard> Caused(IReadOnlyList<Overheard> heard)
    {
        var doing = new Dictionary<string, Stamp>(StringComparer.Ordinal);
        var caused = new List<(Stamp Cause, Overheard Message)>();
        foreach (Overheard message in heard)
        {
            string core = message.From[..(message.From.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? end : message.From.Length)];
            Stamp cause = message.Cause ?? doing.GetValueOrDefault(core);
            caused.Add((cause, message));
            doing[core] = message.Cause ?? cause;
        }

        return caused.ToLookup(m => m.Cause, m => m.Message);
    }

    private static IEnumerable<(Stamp Cause, IReadOnlyList<TraceRecord> Records)> Hits(SpanSource source)
    {
        var index = new TraceIndex();
        index.Read(source);
        foreach (TraceSegment segment in index.Chains(null))
        {
            foreach (SpanTrace trace in SegmentReader.Traces(source, index, segment).Where(t => t.Spans.Any(s => s.Parent == 0 && s.Name.StartsWith("hit ", StringComparison.Ordinal))))
            {
                IReadOnlyList<TraceRecord> records = SegmentReader.Chain(source, index, segment, trace.Id);
                yield return (records[0].Cause, records);
            }
        }
    }

    private static Scenario Load(string file, string probes)
    {
        string path = Path.Combine(Typed.Root, "scenarios", file);
        string text = File.ReadAllText(path).Replace("duration: 2s", "duration: 130ms", StringComparison.Ordinal).Replace("value: switch", $"value: {probes}", StringComparison.Ordinal);
        return ScenarioLoader.Load(path, text, DiskScenarioFiles.Beside(path));
    }

    private sealed class Kept(MemoryJournal journal) : ITraceSource
    {
        public RunManifest Manifest { get; } = journal.Manifest();

        public IEnumerable<TraceRecord> ReadStream(string streamName) => journal.Read(streamName);
    }
}
