using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Simulation;

/// <summary>Command: begin the run.</summary>
public sealed record StartClock;

/// <summary>Command: end the run at the next window boundary.</summary>
/// <param name="Reason">What the journal says: interrupted.</param>
public sealed record StopClock(string Reason);

/// <summary>Command: halt simulated time at the next window boundary. The answer is <see cref="ClockPaused"/>.</summary>
/// <param name="Order">Counts the orders to halt and to go on.</param>
public sealed record PauseClock(long Order);

/// <summary>Command: let simulated time go on.</summary>
/// <param name="Order">Counts the orders to halt and to go on.</param>
/// <param name="Until">Halt again before anything of this instant or later happens; Never to run to the end.</param>
public sealed record ContinueClock(long Order, VirtualInstant Until);

/// <summary>Command: somebody outside writes to a control file. The answer is <see cref="CommandStored"/>.</summary>
/// <param name="Ticket">Names the command in the answer.</param>
/// <param name="File">Path in the control tree.</param>
/// <param name="Value">What is written.</param>
public sealed record StampCommand(long Ticket, string File, string Value);

/// <summary>Event of the journal: the next command is stored.</summary>
public sealed record CommandBatchStored;

/// <summary>Event of the journal: all that is stored of a run that is continued has come again.</summary>
public sealed record JournalRepeated;

/// <summary>Event: a command is stored, and takes its place in simulated time before that goes on.</summary>
/// <param name="Ticket">Which.</param>
/// <param name="At">From when on it waits for the task sh.</param>
public sealed record CommandStored(long Ticket, VirtualInstant At);

/// <summary>Event: simulated time is halted and all of before is stored.</summary>
/// <param name="At">Where.</param>
/// <param name="Order">The last order that it follows.</param>
public sealed record ClockPaused(VirtualInstant At, long Order);

/// <summary>Event: what was recorded is stored; a reader of the journal finds all records of before an instant.</summary>
/// <param name="Before">The instant. A record that was drained late may still follow.</param>
public sealed record RecordsStored(VirtualInstant Before);

/// <summary>Event of the journal: batches are stored and need no more memory.</summary>
/// <param name="Count">How many; those of the inputs and of commands do not count.</param>
public sealed record BatchesStored(int Count);

/// <summary>Event: simulated time went on.</summary>
/// <param name="At">All cores have reached it.</param>
public sealed record TimeAdvanced(VirtualInstant At);

/// <summary>Event: no window will be granted any more.</summary>
/// <param name="At">The end of simulated time.</param>
/// <param name="Reason">completed, idle, or interrupted.</param>
public sealed record ClockStopped(VirtualInstant At, string Reason);
