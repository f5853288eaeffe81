using ActorTrace.Actors.Scenarios;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Service;

/// <summary>The runs of the service: those that are simulated now and those that are stored.</summary>
public interface IRuns
{
    /// <summary>All runs, the latest first.</summary>
    IReadOnlyList<RunStatus> List();

    /// <summary>A run; null where there is none of that id.</summary>
    RunStatus? Find(string id);

    /// <summary>Starts a run; it is listed after a crash from the moment this is done.</summary>
    /// <param name="scenario">What to simulate.</param>
    /// <param name="paused">True to wait at time 0 for <see cref="ContinueAsync"/>.</param>
    /// <exception cref="RunProblemException">There are too many runs, or the scenario asks for more than a run may have.</exception>
    Task<RunStatus> StartAsync(Scenario scenario, bool paused);

    /// <summary>Goes on with a run: a paused one, or one that was cut off, which is first executed again up to what is stored.</summary>
    /// <exception cref="RunProblemException">There is no such run, it is over, or there are too many.</exception>
    Task<RunStatus> ContinueAsync(string id);

    /// <summary>Halts simulated time at the end of the present window.</summary>
    /// <exception cref="RunProblemException">There is no such run, or it is not being simulated.</exception>
    Task<RunStatus> PauseAsync(string id);

    /// <summary>Goes on for so long and pauses; done when it has paused, or the run is over.</summary>
    /// <param name="id">The run; paused.</param>
    /// <param name="nanoseconds">Simulated time.</param>
    /// <exception cref="RunProblemException">There is no such run, or it is not paused.</exception>
    Task<RunStatus> StepAsync(string id, ulong nanoseconds);

    /// <summary>Ends a run at the end of the present window; done when it is stored to its end.</summary>
    /// <exception cref="RunProblemException">There is no such run, or it is not being simulated.</exception>
    Task<RunStatus> StopAsync(string id);

    /// <summary>Removes a run and all that is stored of it; one that is being simulated is ended first.</summary>
    /// <exception cref="RunProblemException">There is no such run.</exception>
    Task DeleteAsync(string id);

    /// <summary>Writes a file of the profiler's control tree; done when the command is stored with the time from which it waits for the GPOS.</summary>
    /// <param name="id">The run; being simulated, or paused.</param>
    /// <param name="file">Path in the control tree, e.g. trace/enable.</param>
    /// <param name="value">What is written.</param>
    /// <returns>The time, in simulated nanoseconds. What the write comes to is a record of the control stream.</returns>
    /// <exception cref="RunProblemException">There is no such run, it is over, or has no guest with the profiler.</exception>
    Task<ulong> WriteControlAsync(string id, string file, string value);

    /// <summary>What the run was made from.</summary>
    /// <exception cref="RunProblemException">There is no such run, or it was imported.</exception>
    Scenario ScenarioOf(string id);

    /// <summary>The records of a run as far as they are stored now.</summary>
    /// <exception cref="RunProblemException">There is no such run.</exception>
    IOpenRun Open(string id);

    /// <summary>The records of a run as they are stored: streams wait for more until the run is over. To be read on a thread of its own.</summary>
    /// <param name="id">The run.</param>
    /// <param name="stop">Ends the streams where they are.</param>
    /// <exception cref="RunProblemException">There is no such run.</exception>
    IOpenRun Follow(string id, CancellationToken stop);

    /// <summary>Writes a journal file that holds this run alone.</summary>
    /// <param name="id">The run; not being simulated.</param>
    /// <param name="path">The file; there is none yet.</param>
    /// <exception cref="RunProblemException">There is no such run, or it is being simulated.</exception>
    void CopyJournal(string id, string path);
}

/// <summary>The records of a run, open for reading.</summary>
public interface IOpenRun : ITraceSource, IDisposable;

/// <summary>Where a run is in its life.</summary>
public enum RunState
{
    /// <summary>It is being simulated.</summary>
    Running,

    /// <summary>Simulated time is halted.</summary>
    Paused,

    /// <summary>It was cut off and is executed again up to what is stored.</summary>
    Repeating,

    /// <summary>It has reached its duration.</summary>
    Completed,

    /// <summary>It ended early: nothing could happen any more.</summary>
    Idle,

    /// <summary>It was stopped.</summary>
    Interrupted,

    /// <summary>It broke; the reason says how.</summary>
    Failed,

    /// <summary>It was cut off: it can be continued.</summary>
    Unfinished,

    /// <summary>It was read from a trace file.</summary>
    Imported,
}

/// <summary>A run at a moment.</summary>
/// <param name="Id">Its id in the journal.</param>
/// <param name="Name">The scenario's name.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Reason">Why it failed; null otherwise.</param>
/// <param name="BegunAt">When it was begun, by the clock of this machine.</param>
/// <param name="SimulatedNs">Simulated time that it has reached, nanoseconds.</param>
/// <param name="DurationNs">Simulated time at which it will end, nanoseconds; 0 where it was imported.</param>
/// <param name="Cores">Cores of the board.</param>
/// <param name="Guests">Its guests in scenario order.</param>
/// <param name="Hash">The run hash, 64 hexadecimal digits; null until it is stored to its end.</param>
public sealed record RunStatus(
    string Id, string Name, RunState State, string? Reason, DateTimeOffset BegunAt, ulong SimulatedNs, ulong DurationNs,
    int Cores, IReadOnlyList<GuestStatus> Guests, string? Hash)
{
    /// <summary>True while it has actors.</summary>
    public bool IsLive => State is RunState.Running or RunState.Paused or RunState.Repeating;
}

/// <summary>A guest of a run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="FirstCpu">The CPU of the gpos view that its vCPU 0 is shown as.</param>
/// <param name="Vcpus">How many vCPUs it has; their CPUs follow.</param>
public sealed record GuestStatus(string Name, int FirstCpu, int Vcpus);

/// <summary>Why something cannot be done with a run.</summary>
public enum RunProblem
{
    /// <summary>There is no such run.</summary>
    NotFound,

    /// <summary>Not in the state that it is in.</summary>
    WrongState,

    /// <summary>As many runs as allowed are being simulated.</summary>
    TooMany,

    /// <summary>It asks for more than the limits of the service allow.</summary>
    OverLimit,
}

/// <summary>Something cannot be done with a run.</summary>
/// <param name="problem">Which kind.</param>
/// <param name="message">One line: what, and how to mend it.</param>
public sealed class RunProblemException(RunProblem problem, string message) : Exception(message)
{
    /// <summary>Which kind.</summary>
    public RunProblem Problem { get; } = problem;
}

/// <summary>What the service allows; settings of `actortrace serve`.</summary>
public sealed record ServiceLimits
{
    /// <summary>Runs that are simulated or paused at the same time.</summary>
    public int MaxRuns { get; init; } = 8;

    /// <summary>The longest simulated time of a run.</summary>
    public TimeSpan MaxSimulatedTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The longest real time that a run is simulated, pauses not counted: it is stopped then.</summary>
    public TimeSpan MaxRunTime { get; init; } = TimeSpan.FromHours(4);

    /// <summary>Bytes of guest memory that a run may have, all guests together.</summary>
    public long MaxMemoryBytes { get; init; } = 2L << 30;

    /// <summary>Bytes of one upload, all files together.</summary>
    public long MaxUploadBytes { get; init; } = 256L << 20;

    /// <summary>Readers that follow live events at the same time.</summary>
    public int MaxReaders { get; init; } = 256;
}
