namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Judges the jobs of a task by its deadline.</summary>
/// <param name="deadline">Longest allowed response time, nanoseconds.</param>
internal sealed class DeadlineFigures(ulong deadline)
{
    private readonly Longest<DeadlineMiss> _worst = new();
    private ulong _checked;
    private ulong _misses;

    public ulong Deadline { get; } = deadline;

    /// <summary>A job is complete.</summary>
    public void Completed(ulong released, ulong completed) => Judge(released, completed, completed - released);

    /// <summary>A job goes on where the window ends: only a miss says something.</summary>
    public void Unfinished(ulong released, ulong end)
    {
        if (end - released > Deadline)
        {
            Judge(released, completed: null, end - released);
        }
    }

    public DeadlineReport Report() => new(Deadline, _checked, _misses, _worst.Items());

    private void Judge(ulong released, ulong? completed, ulong response)
    {
        _checked++;
        if (response > Deadline)
        {
            _misses++;
            ulong late = response - Deadline;
            _worst.Add(late, new DeadlineMiss(released, completed, response, late));
        }
    }
}
