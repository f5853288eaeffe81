using ActorTrace.Actors.Scenarios;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;

namespace ActorTrace.Hosting.Cli;

/// <summary>The simulation as the command line sees it.</summary>
public interface IEngine
{
    /// <summary>Runs a scenario into a journal.</summary>
    /// <param name="scenario">What to simulate.</param>
    /// <param name="options">Where to and how.</param>
    /// <param name="progress">Told the simulated time now and then.</param>
    /// <param name="stop">Ends the run at the next window boundary, with a valid journal.</param>
    Task<EngineResult> RunAsync(Scenario scenario, EngineOptions options, IProgress<VirtualInstant>? progress, CancellationToken stop);
}

/// <summary>How to run.</summary>
/// <param name="JournalPath">Journal file; created, or appended to.</param>
/// <param name="Threads">Worker threads, at least 1; no influence on any result.</param>
public sealed record EngineOptions(string JournalPath, int Threads)
{
    /// <summary>The run that is continued instead of a new one; null for a new one.</summary>
    public StoredRun? Resume { get; init; }

    /// <summary>Shows what a guest prints while it runs; null for none.</summary>
    public LiveConsole? Console { get; init; }
}

/// <summary>What a run came to.</summary>
/// <param name="RunId">Its id in the journal.</param>
/// <param name="RunHash">64 hex digits.</param>
/// <param name="EndedAt">The last instant simulated.</param>
/// <param name="Reason">completed, idle, interrupted, or failed: cause.</param>
public sealed record EngineResult(string RunId, string RunHash, VirtualInstant EndedAt, string Reason);
