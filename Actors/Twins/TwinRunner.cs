using ActorTrace.Actors.Observation;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Analysis.Twins;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Actors.Twins;

/// <summary>A twin that has run.</summary>
/// <param name="Run">What is compared; its counters are empty where the run failed.</param>
/// <param name="Outcome">How it ended.</param>
public sealed record FinishedTwin(TwinRun Run, RunOutcome Outcome);

/// <summary>Runs the twins of a comparison: one scenario with several lists of control writes. What is recorded stays in memory.</summary>
public static class TwinRunner
{
    /// <summary>Runs one.</summary>
    /// <param name="name">What tells it from the others.</param>
    /// <param name="scenario">The scenario with the control writes of this twin.</param>
    /// <param name="observed">Observers watch the tasks of its machine-code guests.</param>
    /// <param name="threads">Host threads for the actors; they change the speed and nothing else.</param>
    /// <param name="progress">Told how far simulated time has come.</param>
    /// <param name="stop">Ends the run at the next window boundary.</param>
    public static async Task<FinishedTwin> RunAsync(
        string name, Scenario scenario, bool observed, int threads, IProgress<VirtualInstant>? progress, CancellationToken stop)
    {
        SimulatedBoard board = SimulatedBoard.Build(scenario);
        IReadOnlyList<TaskObserver> observers = observed ? board.Observe() : [];
        MemoryJournal journal = new();
        RunOutcome outcome = await SimulationHost.RunInMemoryAsync(board, journal, threads, progress, stop);
        return new FinishedTwin(
            new TwinRun(
                name, outcome.Hash, new MemoryRun(journal), [.. observers.Select(o => o.History)],
                [.. outcome.Leases.Select(lease => new CoreReading(lease.Core.Now, lease.Core.Instructions, lease.Core.IdleCycles, lease.Core.DeviceCycles))]),
            outcome);
    }

    private sealed class MemoryRun(MemoryJournal journal) : ITraceSource
    {
        public RunManifest Manifest { get; } = journal.Manifest();

        public IEnumerable<TraceRecord> ReadStream(string streamName) => journal.Read(streamName);
    }
}
