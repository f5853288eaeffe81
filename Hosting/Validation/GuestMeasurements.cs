using System.Globalization;
using System.Text.RegularExpressions;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Hosting.Cli;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Hosting.Validation;

/// <summary>What the measuring guest of a scenario printed.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Cycles">For each measurement the cycles of one operation.</param>
internal sealed partial record GuestMeasurements(Scenario Scenario, IReadOnlyDictionary<string, double> Cycles)
{
    private const string Done = "done";

    /// <summary>Runs a scenario that comes with the tool.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="stop">Ends the run.</param>
    /// <exception cref="CliFailureException">The guest did not come to its end.</exception>
    public static async Task<GuestMeasurements> RunAsync(string name, CancellationToken stop)
    {
        Scenario scenario = ScenarioLoader.LoadFile(
            Path.Combine(AppContext.BaseDirectory, "scenarios", "validate", name + ".yaml"), ScenarioChanges.None);
        MemoryJournal journal = new();
        RunOutcome outcome = await SimulationHost.RunInMemoryAsync(
            SimulatedBoard.Build(scenario), journal, JournalArguments.CheckThreads(null), null, stop);
        stop.ThrowIfCancellationRequested();
        if (outcome.Failure is { } failure)
        {
            throw new CliFailureException($"{name}: {failure.Message} (please report it)");
        }

        string console = string.Concat(
            Enumerable.Range(0, scenario.Board.Cores).SelectMany(core => journal.Read(StreamNames.Core(core))).OfType<ConsoleRecord>().Select(c => c.Text));
        return new GuestMeasurements(scenario, Read(name, console));
    }

    private static Dictionary<string, double> Read(string name, string console)
    {
        if (!console.Contains(": " + Done + "\n", StringComparison.Ordinal))
        {
            throw new CliFailureException($"{name}: the guest did not finish its measurements (its console: {console.ReplaceLineEndings(" | ")})");
        }

        return Line().Matches(console).ToDictionary(
            m => m.Groups["name"].Value, m => Number(m, "cycles") / Number(m, "operations"), StringComparer.Ordinal);
    }

    private static double Number(Match line, string group) => double.Parse(line.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("^[a-z]+: (?<name>[a-z0-9-]+) operations=(?<operations>[1-9][0-9]*) cycles=(?<cycles>[0-9]+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 30_000)]
    private static partial Regex Line();
}
