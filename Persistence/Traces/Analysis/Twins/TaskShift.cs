namespace ActorTrace.Traces.Analysis.Twins;

/// <summary>What tracing did to one task: its n-th job in the one twin against its n-th job in the other.</summary>
/// <param name="Pid">Its Linux pid.</param>
/// <param name="Comm">Its name.</param>
/// <param name="UntracedJobs">Jobs completed in the untraced twin.</param>
/// <param name="TracedJobs">Jobs completed in the traced twin.</param>
/// <param name="Execution">Shift of the CPU time of a job.</param>
/// <param name="Response">Shift of the time from a job's begin to its completion.</param>
/// <param name="Completion">Shift of the instant of completion.</param>
/// <param name="Deadline">What became of its deadline; null where it has none.</param>
public sealed record TaskShift(
    int Pid, string Comm, int UntracedJobs, int TracedJobs,
    ShiftFigures Execution, ShiftFigures Response, ShiftFigures Completion, DeadlineShift? Deadline)
{
    /// <summary>Compares the jobs of a task.</summary>
    /// <param name="untraced">Its history in the untraced twin.</param>
    /// <param name="traced">Its history in the traced twin.</param>
    /// <param name="deadline">The longest response allowed, in cycles; null where there is none.</param>
    public static TaskShift Compare(TaskHistory untraced, TaskHistory traced, ulong? deadline)
    {
        JobPair[] both = [.. untraced.Jobs.Zip(traced.Jobs, (off, on) => (off, on)).Select((pair, number) => new JobPair(number, pair.off, pair.on))];
        JobPair[] whole = [.. both.Where(pair => pair.Off.IsWhole && pair.On.IsWhole)];
        return new TaskShift(
            untraced.Pid, traced.Comm, untraced.Jobs.Count, traced.Jobs.Count,
            ShiftFigures.Of(whole.Select(pair => Shift(pair.Off.Execution, pair.On.Execution))),
            ShiftFigures.Of(whole.Select(pair => Shift(pair.Off.Response, pair.On.Response))),
            ShiftFigures.Of(both.Select(pair => Shift(pair.Off.Completed.At.Cycles, pair.On.Completed.At.Cycles))),
            deadline is { } allowed ? DeadlineShift.Of(allowed, whole) : null);
    }

    internal static long Shift(ulong untraced, ulong traced) => checked((long)traced - (long)untraced);
}

/// <summary>What became of a deadline.</summary>
/// <param name="Cycles">The longest response allowed.</param>
/// <param name="Checked">Jobs compared.</param>
/// <param name="UntracedMisses">Missed in the untraced twin.</param>
/// <param name="TracedMisses">Missed in the traced twin.</param>
/// <param name="Lost">Kept untraced and missed traced.</param>
/// <param name="FirstLost">The number of the first job lost, from 0; null where none is.</param>
public sealed record DeadlineShift(ulong Cycles, int Checked, int UntracedMisses, int TracedMisses, int Lost, int? FirstLost)
{
    internal static DeadlineShift Of(ulong allowed, IReadOnlyList<JobPair> jobs)
    {
        JobPair[] lost = [.. jobs.Where(pair => pair.Off.Response <= allowed && pair.On.Response > allowed)];
        return new DeadlineShift(
            allowed, jobs.Count, jobs.Count(pair => pair.Off.Response > allowed), jobs.Count(pair => pair.On.Response > allowed),
            lost.Length, lost.Length > 0 ? lost[0].Number : null);
    }
}

/// <summary>The same job in both twins.</summary>
internal readonly record struct JobPair(int Number, TwinJob Off, TwinJob On);
