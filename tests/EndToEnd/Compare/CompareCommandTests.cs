using System.Text.Json.Nodes;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Cli;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Machine.Boards;
using ActorTrace.Traces.Analysis.Twins;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd.Compare;

/// <summary>`actortrace compare` on the paper's scenario.</summary>
public sealed class CompareCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = Workspace.Temporary();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_probe_the_twins_are_the_run_that_the_reference_engine_makes()
    {
        (int code, string output, _) = Compare("--for", "80ms", "--probe", "ucos:OSSchedLock", "--json");
        Assert.Equal(0, code);
        JsonNode identity = JsonNode.Parse(output)!["identity"]!;
        Scenario scenario = ScenarioLoader.LoadFile(Workspace.Scenario("arndale"), new ScenarioChanges("80ms", NoTrace: false));
        string expected = SimulatedRun.Sequentially(scenario with { Control = [] }).Outcome.Hash;
        Assert.True((bool)identity["identical"]!);
        Assert.Equal((expected, expected), ((string)identity["observedHash"]!, (string)identity["unobservedHash"]!));
    }

    [Fact]
    public void What_a_hit_takes_is_what_the_cost_table_says_of_its_steps_and_all_of_it_is_in_the_difference()
    {
        string page = _folder.File("page.html");
        (int code, string output, _) = Compare("--for", "200ms", "--probes", "ucos:switch", "--deadline", "RTOS-Task4=15100us", "--json", "--html", page);
        Assert.Equal(0, code);
        JsonNode variant = JsonNode.Parse(output)!["variants"]![0]!;
        CostTable costs = CostTable.Arndale;
        foreach (JsonNode? probe in variant["overheads"]![0]!["probes"]!.AsArray())
        {
            ulong hits = (ulong)probe!["hits"]!;
            JsonNode cycles = probe["cycles"]!;
            Assert.Equal(hits, (ulong)variant["probes"]!.AsArray().Single(p => (int)p!["probe"]! == (int)probe["probe"]!)!["hits"]!);
            Assert.Equal(
                (hits * costs.TrapEntry, hits * costs.TrapExit, hits * costs.RingWrite, hits * costs.SgiSend),
                ((ulong)cycles["trap entry"]!, (ulong)cycles["trap exit"]!, (ulong)cycles["ring write"]!, (ulong)cycles["SGI send"]!));
            Assert.Equal(0u, (ulong)cycles["TCB read"]! % costs.TcbWord);
        }

        JsonNode work = variant["guests"]![0]!["sameWork"]!;
        Assert.True((long)work["difference"]! > 0);
        Assert.Equal((long)work["difference"]!, (long)work["explained"]!);
        JsonNode deadline = variant["guests"]![0]!["tasks"]!.AsArray().Single(t => (string)t!["comm"]! is "RTOS-Task4")!["deadline"]!;
        Assert.Equal(0, (int)deadline["untracedMisses"]!);
        Assert.Equal((int)deadline["tracedMisses"]!, (int)deadline["lost"]!);
        Assert.True((int)deadline["lost"]! > 0);

        string html = File.ReadAllText(page);
        Assert.Contains("default-src 'none'", html, StringComparison.Ordinal);
        Assert.DoesNotContain("://", html, StringComparison.Ordinal);
        Assert.Contains((string)variant["hash"]!, html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_shift_of_a_response_is_the_one_that_the_guests_own_ring_shows()
    {
        Scenario scenario = SimulatedRun.Load("arndale", ("duration: 2s", "duration: 240ms"));
        SimulatedRun untraced = SimulatedRun.ByActors(scenario with { Control = [] }, 2);
        SimulatedRun traced = SimulatedRun.ByActors(scenario, 2);
        GuestHistory off = Observed(scenario with { Control = [] });
        GuestHistory on = Observed(scenario);
        int pidBase = traced.Guest("ucos").Spec.PidBase;
        ulong words = Assert.Single(traced.Records<StepRecord>(StreamNames.Core(1))
            .Where(s => s.Step == StepKind.Extraction && s.Detail == 1).Select(s => s.Detail2).Distinct());

        // The ring's entry is written behind the probe, the observer looks in front of it: the hit of the switch itself lies between.
        CostTable costs = CostTable.Arndale;
        ulong hit = costs.TrapEntry + costs.TrapExit + costs.RingWrite + costs.SgiSend + (costs.TcbWord * words);
        double count = (double)scenario.Board.Clock.CoreHz / scenario.Board.Clock.TimerHz;
        int compared = 0;
        for (int priority = 4; priority <= 7; priority++)
        {
            double[] ring = [.. Responses(untraced, priority).Zip(Responses(traced, priority), (first, second) => (second - first) * count)];
            TwinJob[] first = [.. off.Tasks.Single(t => t.Pid == pidBase + priority).Jobs.Where(j => j.IsReleased)];
            TwinJob[] second = [.. on.Tasks.Single(t => t.Pid == pidBase + priority).Jobs.Where(j => j.IsReleased)];
            for (int i = 1; i <= Math.Min(ring.Length, Math.Min(first.Length, second.Length)) - 1; i++)
            {
                double ours = (double)second[^i].Response - first[^i].Response;
                Assert.InRange(ring[^i] - (ours == 0 ? 0 : ours + hit), -2 * count, 2 * count);
                compared += ours > 0 ? 1 : 0;
            }
        }

        Assert.True(compared > 20, $"{compared} jobs were late");
    }

    [Theory]
    [InlineData("--probe", "ucos", "write GUEST:PLACE")]
    [InlineData("--probe", "ucos:OSCtxSwitch", "has no symbol 'OSCtxSwitch'")]
    [InlineData("--probe", "nobody:OSCtxSw", "there is no guest 'nobody'")]
    [InlineData("--probes", "ucos:all", "possible: switch, switch+wakeup")]
    [InlineData("--probes", ":switch", "write GUEST:SET")]
    [InlineData("--every", "1", "a whole number from 2 on")]
    [InlineData("--every", "10", "there is no probe to filter")]
    [InlineData("--html", "no-such-folder/page.html", "in a folder that exists")]
    public void A_probe_that_cannot_be_is_one_line_and_nothing_is_run(string option, string value, string told)
    {
        (int code, string output, string error) = Compare(option, value);
        Assert.Equal((2, string.Empty), (code, output));
        Assert.Contains(told, Assert.Single(error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
    }

    /// <summary>Counts from being made ready to leaving the CPU, of each job of a task, by the guest's own ring.</summary>
    private static IEnumerable<double> Responses(SimulatedRun run, int priority)
    {
        ulong? ready = null;
        foreach (TruthEntry entry in TruthRing.Read(run.Guest("ucos")))
        {
            if (!entry.IsSwitch && entry.To == priority)
            {
                ready = entry.Counter;
            }
            else if (entry.IsSwitch && entry.From == priority && ready is { } since)
            {
                yield return entry.Counter - since;
                ready = null;
            }
        }
    }

    private static GuestHistory Observed(Scenario scenario) =>
        Assert.Single(Actors.Twins.TwinRunner.RunAsync("twin", scenario, observed: true, 2, null, CancellationToken.None).GetAwaiter().GetResult().Run.Observed);

    private static (int Code, string Out, string Error) Compare(params string[] options)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var context = new CliContext(output, error, new SimulationEngine(), new JournalFiles(), CancellationToken.None);
        int code = CommandLine.RunAsync(["compare", Workspace.Scenario("arndale"), .. options], context).GetAwaiter().GetResult();
        return (code, output.ToString(), error.ToString());
    }
}
