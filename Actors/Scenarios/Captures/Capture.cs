namespace ActorTrace.Actors.Scenarios.Captures;

/// <summary>What one CPU of a capture did, and what was found in reading it.</summary>
/// <param name="Bursts">
/// In order and without gaps. The first one has no length: it is the task that ran when the capture began, of which only its
/// leaving is known. The last one lasts until the capture's last event.
/// </param>
/// <param name="Report">What was counted.</param>
public sealed record Capture(IReadOnlyList<CapturedBurst> Bursts, CaptureReport Report);

/// <summary>What was counted while a capture was read.</summary>
/// <param name="Lines">Lines of a text; 0 for a trace.dat.</param>
/// <param name="Events">Events of all CPUs.</param>
/// <param name="Switches">sched_switch events of the CPU that was asked for: the number of bursts less one.</param>
/// <param name="BackwardTimes">Of those, events with a time before their predecessor's; they were moved to its time.</param>
/// <param name="Mismatches">Switches whose previous task is not the next task of the event before (events lost between).</param>
/// <param name="LossMarks">Places at which the tracer says that it lost events.</param>
/// <param name="FirstNanoseconds">Time of the first of the switches, which becomes 0.</param>
public sealed record CaptureReport(
    long Lines, long Events, long Switches, long BackwardTimes, long Mismatches, long LossMarks, ulong FirstNanoseconds);
