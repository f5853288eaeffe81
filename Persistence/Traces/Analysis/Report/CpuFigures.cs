namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Collects the figures of one CPU: whose time it was, and who waited for whom.</summary>
/// <param name="cpu">Its number.</param>
/// <param name="from">First instant of the window.</param>
internal sealed class CpuFigures(int cpu, ulong from)
{
    private const int Priorities = 140;
    private const int RealTime = 100;

    private readonly ulong[] _runTimes = new ulong[Priorities];
    private readonly SortedSet<(int Priority, int Pid)> _waiting = [];
    private readonly InversionTracker _inversions = new(cpu);
    private bool _known;
    private TaskFigures? _running;
    private int _priority;
    private ulong _since;
    private ulong _busy;

    public ulong Events { get; set; }

    public ulong Switches { get; set; }

    public ulong Lost { get; set; }

    /// <summary>Gaps inside the window.</summary>
    public ulong GapsInWindow { get; set; }

    /// <summary>All gaps up to now.</summary>
    public ulong Gaps { get; private set; }

    public ulong Observed { get; private set; }

    /// <summary>Follows its interrupt handlers.</summary>
    public InterruptTracker Interrupts { get; } = new(cpu);

    /// <summary>Whether a switch from this task contradicts what is known.</summary>
    public bool Contradicts(TaskFigures? previous) => _known && !ReferenceEquals(_running, previous);

    /// <summary>Events are missing: nothing is known any more of this CPU and of the tasks on it.</summary>
    public void Forget()
    {
        Gaps++;
        _known = false;
        _running = null;
        _waiting.Clear();
        _inversions.Forget();
        Interrupts.Forget();
    }

    /// <summary>The time since the last switch belongs to the task that ran.</summary>
    public void Charge(ulong at)
    {
        if (!_known)
        {
            return;
        }

        ulong inWindow = at - Math.Min(at, Math.Max(_since, from));
        Observed += inWindow;
        if (_running is not null)
        {
            _busy += inWindow;
            _runTimes[_priority] += at - _since;
            if (inWindow > 0)
            {
                _running.Charge(cpu, inWindow);
            }
        }

        _since = at;
    }

    /// <summary>A task, or idle (null), runs from now on.</summary>
    public void Run(TaskFigures? next, int priority, ulong at) => (_known, _running, _priority, _since) = (true, next, Limited(priority), at);

    /// <summary>A task begins to wait for this CPU.</summary>
    public void BeginWait(TaskFigures task, ulong at)
    {
        task.WaitPriority = Limited(task.Priority);
        task.LowerBefore = LowerRun(task.WaitPriority, at);
        if (task.WaitPriority < RealTime)
        {
            _waiting.Add((task.WaitPriority, task.Pid));
        }
    }

    /// <summary>A task's wait for this CPU ends.</summary>
    /// <returns>Of the wait, time in which a task of lower priority ran.</returns>
    public ulong EndWait(TaskFigures task, ulong at)
    {
        _waiting.Remove((task.WaitPriority, task.Pid));
        return LowerRun(task.WaitPriority, at) - task.LowerBefore;
    }

    /// <summary>Looks whether the task that runs is of lower priority than one that waits.</summary>
    /// <returns>The stretch of priority inversion that ends here; null where none does.</returns>
    public Inversion? CheckInversion(ulong at, IReadOnlyDictionary<int, TaskFigures> tasks)
    {
        if (_running is null || _waiting.Count == 0 || _waiting.Min.Priority >= _priority)
        {
            return _inversions.End(at);
        }

        _inversions.Continue(at, tasks[_waiting.Min.Pid].Name, _running.Name with { Priority = _priority });
        return null;
    }

    public CpuReport Report(string guest) => new(cpu, guest, Events, Switches, Lost, GapsInWindow, Observed, _busy);

    /// <summary>Time that tasks of lower priority than a real-time one have run; for others priorities are weights, none is lower.</summary>
    private ulong LowerRun(int priority, ulong at)
    {
        if (priority >= RealTime)
        {
            return 0;
        }

        ulong sum = _known && _running is not null && _priority > priority ? at - _since : 0;
        for (int lower = priority + 1; lower < Priorities; lower++)
        {
            sum += _runTimes[lower];
        }

        return sum;
    }

    private static int Limited(int priority) => Math.Clamp(priority, 0, Priorities - 1);
}
