using ActorTrace.Machine.Values;
using Akka.Actor;

namespace ActorTrace.Actors.Simulation;

/// <summary>Command: begin the run; the answer is <see cref="RunFinished"/>.</summary>
public sealed record StartRun
{
    /// <summary>
    /// Is told how the run goes on: <see cref="InputsStored"/>, <see cref="TimeAdvanced"/>, <see cref="RecordsStored"/>,
    /// <see cref="ClockPaused"/>, <see cref="JournalRepeated"/>; null where nobody is.
    /// </summary>
    public IActorRef? Observer { get; init; }

    /// <summary>True to halt before the first window: the first order to halt or go on.</summary>
    public bool Paused { get; init; }
}

/// <summary>Event: the journal holds what the run is made from; from now on it is listed, whatever happens.</summary>
public sealed record InputsStored;

/// <summary>Command: halt simulated time at the next window boundary; the observer is told <see cref="ClockPaused"/>.</summary>
/// <param name="Order">Counts the orders to halt and to go on.</param>
public sealed record PauseRun(long Order);

/// <summary>Command: let simulated time go on.</summary>
/// <param name="Order">Counts the orders to halt and to go on.</param>
/// <param name="For">Halt again after so many cycles; null to run to the end.</param>
public sealed record ContinueRun(long Order, ulong? For);

/// <summary>Command: write to a file of the profiler's control tree; the answer is <see cref="ControlStored"/> or <see cref="ControlRefused"/>.</summary>
/// <param name="File">Path in the control tree, e.g. trace/enable.</param>
/// <param name="Value">What is written.</param>
public sealed record WriteControl(string File, string Value);

/// <summary>Event: a write is stored and waits for the task sh. What it comes to is a record of the control stream.</summary>
/// <param name="At">From when on it waits.</param>
public sealed record ControlStored(VirtualInstant At);

/// <summary>Command: end the run at the next window boundary.</summary>
public sealed record StopRun;

/// <summary>Event: the run is over and the journal is complete.</summary>
/// <param name="Outcome">How it ended.</param>
public sealed record RunFinished(RunOutcome Outcome);

/// <summary>Event of the journal: everything is stored.</summary>
/// <param name="Hash">The run's hash as the journal computed it from what it stored; null where it computes none.</param>
public sealed record JournalCompleted(string? Hash);

/// <summary>Command to the journal: no more batches come.</summary>
public sealed record CompleteJournal;

/// <summary>Event: an actor of the run failed.</summary>
/// <param name="Actor">Which.</param>
/// <param name="Cause">Why.</param>
public sealed record PartFailed(IActorRef Actor, Exception Cause);

/// <summary>Event: a write came too late, the run is over.</summary>
public sealed record ControlRefused;
