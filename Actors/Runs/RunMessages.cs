using ActorTrace.Actors.Scenarios;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Runs;

/// <summary>Command: begin a run; the answer is <see cref="RunBegun"/> or <see cref="RunRefused"/>.</summary>
/// <param name="Scenario">What to simulate.</param>
/// <param name="Stored">What is stored of the run, where it is continued; null for a new one.</param>
/// <param name="Paused">True to halt before the first window.</param>
public sealed record BeginRun(Scenario Scenario, StoredRun? Stored, bool Paused);

/// <summary>Event: the run's inputs are stored and it goes on.</summary>
/// <param name="Run">The run.</param>
public sealed record RunBegun(LiveRun Run);

/// <summary>Event: a command cannot be carried out.</summary>
/// <param name="Refusal">Which kind of reason.</param>
/// <param name="Reason">One line.</param>
public sealed record RunRefused(RunRefusal Refusal, string Reason);

/// <summary>Why a command is refused.</summary>
public enum RunRefusal
{
    /// <summary>As many runs as allowed have actors.</summary>
    TooMany,

    /// <summary>The run has no actors (any more).</summary>
    NotLive,

    /// <summary>Not in what the run is doing.</summary>
    WrongPhase,

    /// <summary>The run broke before it began.</summary>
    Broken,
}

/// <summary>A command to one of the runs; it gets the answer of that run, or <see cref="RunRefused"/>.</summary>
/// <param name="Run">Which run.</param>
/// <param name="Command"><see cref="HaltRun"/>, <see cref="ReleaseRun"/>, <see cref="EndRun"/> or <see cref="Simulation.WriteControl"/>.</param>
public sealed record CommandRun(RunId Run, object Command);

/// <summary>Command: halt simulated time; the answer is <see cref="RunRests"/>.</summary>
public sealed record HaltRun;

/// <summary>Command: let simulated time go on; the answer is <see cref="RunGoesOn"/>, with a length <see cref="RunRests"/>.</summary>
/// <param name="For">Halt again after so many cycles; null to run to the end.</param>
public sealed record ReleaseRun(ulong? For);

/// <summary>Command: end the run; the answer is <see cref="RunRests"/> when it is stored to its end.</summary>
public sealed record EndRun;

/// <summary>Event: simulated time goes on.</summary>
public sealed record RunGoesOn;

/// <summary>Event: simulated time is halted, or over; all records of before are stored.</summary>
/// <param name="At">Where.</param>
public sealed record RunRests(VirtualInstant At);
