using Akka.Actor;

namespace ActorTrace.Actors.Simulation;

/// <summary>Command: begin the run; the answer is <see cref="RunFinished"/>.</summary>
public sealed record StartRun;

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
