namespace ActorTrace.Traces.Formats.Reading;

/// <summary>What was counted while a trace file was read.</summary>
/// <param name="Events">Events handed over.</param>
/// <param name="Lost">Events that the tracer lost, as far as it says how many.</param>
/// <param name="LossMarks">Places at which it says so.</param>
/// <param name="BackwardTimes">Events earlier than the one handed over before; they were moved to its time.</param>
/// <param name="First">Nanoseconds of the first event; 0 where there is none.</param>
/// <param name="Last">Nanoseconds of the last event; 0 where there is none.</param>
/// <param name="Lines">Lines of a text; 0 for a binary file.</param>
public sealed record TraceFileCounts(
    long Events, ulong Lost, long LossMarks, long BackwardTimes, ulong First, ulong Last, long Lines);
