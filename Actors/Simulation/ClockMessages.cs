using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Simulation;

/// <summary>Command: begin the run.</summary>
public sealed record StartClock;

/// <summary>Command: end the run at the next window boundary.</summary>
/// <param name="Reason">What the journal says: interrupted.</param>
public sealed record StopClock(string Reason);

/// <summary>Event of the journal: batches are stored and need no more memory.</summary>
/// <param name="Count">How many.</param>
public sealed record BatchesStored(int Count);

/// <summary>Event: simulated time went on.</summary>
/// <param name="At">All cores have reached it.</param>
public sealed record TimeAdvanced(VirtualInstant At);

/// <summary>Event: no window will be granted any more.</summary>
/// <param name="At">The end of simulated time.</param>
/// <param name="Reason">completed, idle, or interrupted.</param>
public sealed record ClockStopped(VirtualInstant At, string Reason);
