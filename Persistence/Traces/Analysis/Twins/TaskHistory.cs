using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Analysis.Twins;

/// <summary>A stretch in which a task had the CPU.</summary>
/// <param name="Pid">The task.</param>
/// <param name="Job">Which of its jobs, from 0.</param>
/// <param name="Number">Which stretch of that job, from 0.</param>
public readonly record struct TaskPiece(int Pid, int Job, int Number);

/// <summary>A job that was completed; times in cycles.</summary>
/// <param name="IsWhole">Its begin was seen: Began and Execution hold.</param>
/// <param name="IsReleased">The begin is a wake-up.</param>
/// <param name="Began">Its release, or its first switch-in where no wake-up was seen.</param>
/// <param name="Execution">CPU time.</param>
/// <param name="Completed">The switch-out in which the task sleeps, with the counters of the core.</param>
public readonly record struct TwinJob(bool IsWhole, bool IsReleased, ulong Began, ulong Execution, CoreReading Completed)
{
    /// <summary>From its begin to its completion.</summary>
    public ulong Response => Completed.At.Cycles - Began;
}

/// <summary>The jobs of one task. A job's number is how often the task has gone to sleep before: the same work in every twin.</summary>
/// <param name="pid">Its Linux pid.</param>
public sealed class TaskHistory(int pid)
{
    private readonly List<TwinJob> _jobs = [];
    private int _piece;

    /// <summary>Its Linux pid.</summary>
    public int Pid => pid;

    /// <summary>Its name, the last it had.</summary>
    public string Comm { get; internal set; } = string.Empty;

    /// <summary>Its completed jobs; index = number.</summary>
    public IReadOnlyList<TwinJob> Jobs => _jobs;

    internal JobTracker Tracker { get; } = new();

    internal TaskPiece Come(VirtualInstant at)
    {
        Tracker.SwitchIn(at.Cycles);
        return new TaskPiece(pid, _jobs.Count, _piece++);
    }

    internal void Leave(CoreReading at, uint previousState)
    {
        Job? ended = Tracker.SwitchOut(at.At.Cycles, previousState);
        if (Tracker.IsAsleep)
        {
            Job job = ended ?? default;
            _jobs.Add(new TwinJob(ended is not null, job.IsReleased, job.Began, job.Execution, at));
            _piece = 0;
        }
    }
}
