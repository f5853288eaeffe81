using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Journal.Files;
using ActorTrace.Machine.Values;

namespace ActorTrace.Hosting.Cli;

/// <summary>The simulation: actors in a system of their own, a journal file.</summary>
public sealed class SimulationEngine : IEngine
{
    /// <inheritdoc/>
    public async Task<EngineResult> RunAsync(
        Scenario scenario, EngineOptions options, IProgress<VirtualInstant>? progress, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(options);
        SimulatedBoard board = SimulatedBoard.Build(scenario, options.Resume);
        if (options.Console is { } console)
        {
            board.GuestLeases.Single(g => string.Equals(g.Spec.Name, console.Guest, StringComparison.Ordinal)).Console.Observer = console.Show;
        }

        using JournalWriter writer = JournalWriter.Open(options.JournalPath);
        JournaledRun run = options.Resume is { } stored
            ? await SimulationHost.ResumeAsync(board, writer, stored, options.Threads, progress, stop)
            : await SimulationHost.RunIntoAsync(board, writer, options.Threads, progress, stop);
        return new EngineResult(run.Id.ToString(), run.Outcome.Hash, run.Outcome.EndedAt, run.Outcome.Reason);
    }
}
