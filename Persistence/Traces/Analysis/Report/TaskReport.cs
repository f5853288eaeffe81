namespace ActorTrace.Traces.Analysis.Report;

/// <summary>What a task did. All times are nanoseconds.</summary>
/// <remarks>
/// A job is the work from a release to the switch-out in which the task sleeps. For every job
/// response = latency of its start + execution + preemption + blocking.
/// </remarks>
public sealed record TaskReport
{
    /// <summary>Linux pid, not 0.</summary>
    public required int Pid { get; init; }

    /// <summary>Its last name.</summary>
    public required string Comm { get; init; }

    /// <summary>Its last priority, kernel scale: 0..99 real time (0 highest), 100..139 normal.</summary>
    public required int Priority { get; init; }

    /// <summary>Where it ran, by CPU.</summary>
    public required IReadOnlyList<TaskCpu> Cpus { get; init; }

    /// <summary>How often it was switched in.</summary>
    public required ulong Runs { get; init; }

    /// <summary>Jobs that the figures count: complete, begun and ended in the window, no loss in between.</summary>
    public required ulong Jobs { get; init; }

    /// <summary>Jobs left out because events are missing inside them.</summary>
    public required ulong CutByLoss { get; init; }

    /// <summary>Jobs left out because they began before the window (or before the trace) or did not end in it.</summary>
    public required ulong CutByWindow { get; init; }

    /// <summary>CPU time of a job.</summary>
    public required Distribution Execution { get; init; }

    /// <summary>From release to completion of a job; jobs whose release was seen.</summary>
    public required Distribution Response { get; init; }

    /// <summary>From a wake-up until the task runs.</summary>
    public required Distribution Latency { get; init; }

    /// <summary>Of a job, once it has run: time in which it was runnable, but a task of equal or higher priority, or none, ran.</summary>
    public required Distribution Preemption { get; init; }

    /// <summary>Of a job, once it has run: time in uninterruptible sleep, or runnable while a task of lower priority ran.</summary>
    public required Distribution Blocking { get; init; }

    /// <summary>Each single wait of a preempted task, from its switch-out to its switch-in.</summary>
    public required Distribution PreemptedWait { get; init; }

    /// <summary>Deviation of the time between successive releases from the next multiple of the period; none without a period.</summary>
    public required Distribution Jitter { get; init; }

    /// <summary>The period found in the releases; null where they have none.</summary>
    public required ulong? Period { get; init; }

    /// <summary>How it kept its deadline; null where it has none.</summary>
    public required DeadlineReport? Deadline { get; init; }

    /// <summary>CPU time.</summary>
    public ulong RunTime => Cpus.Aggregate(0ul, (sum, cpu) => sum + cpu.RunTime);

    /// <summary>CPUs that it kept busy: 1 is a whole one.</summary>
    public double Load => Cpus.Sum(cpu => cpu.Load);
}

/// <summary>A task's part of a CPU.</summary>
/// <param name="Cpu">The CPU.</param>
/// <param name="RunTime">CPU time there, nanoseconds.</param>
/// <param name="Load">Part of that CPU's observed time, 0..1.</param>
public sealed record TaskCpu(int Cpu, ulong RunTime, double Load);

/// <summary>How a task kept its deadline, counted from each release.</summary>
/// <param name="Deadline">Longest allowed response time, nanoseconds.</param>
/// <param name="Checked">Jobs that could be judged: their release was seen.</param>
/// <param name="Misses">Of those, late ones; a job that is unfinished at the end of the window and late by then is one.</param>
/// <param name="Worst">The latest ones, latest first.</param>
public sealed record DeadlineReport(ulong Deadline, ulong Checked, ulong Misses, IReadOnlyList<DeadlineMiss> Worst);

/// <summary>A missed deadline.</summary>
/// <param name="Released">When the job was released, nanoseconds.</param>
/// <param name="Completed">When it ended; null where it did not in the window.</param>
/// <param name="Response">From release to completion, or to the end of the window.</param>
/// <param name="Late">By how much it missed the deadline.</param>
public sealed record DeadlineMiss(ulong Released, ulong? Completed, ulong Response, ulong Late);
