namespace ActorTrace.Traces.Analysis;

/// <summary>Follows one task through its switches and wake-ups and tells its jobs: the one notion of a job (docs/REPORT.md).</summary>
/// <remarks>
/// A job begins with the wake-up of a task that sleeps, or with its first switch-in after it slept where no wake-up was seen. It
/// ends with the switch-out in which the task sleeps. Uninterruptible sleep (prev_state D) is a wait inside the job: it blocks.
/// Times are in any unit, the same for all calls, and never decrease.
/// </remarks>
internal sealed class JobTracker
{
    private const uint StateBits = 0xFF;
    private const uint Uninterruptible = 2;

    private TaskState _state;
    private WaitKind _wait;
    private ulong _since;
    private Job _job;
    private bool _inJob;
    private bool _hasRun;
    private bool _afterLoss;
    private JobCut _cut;

    /// <summary>Jobs of which a piece was seen and that no figure counts, by reason.</summary>
    public ulong CutByLoss { get; private set; }

    /// <summary>Jobs whose begin was not seen because the trace begins later.</summary>
    public ulong CutByBegin { get; private set; }

    /// <summary>The job that goes on; null where there is none, or its begin was not seen.</summary>
    public Job? Current => _inJob ? _job : null;

    /// <summary>Whether it is not known what the task does.</summary>
    public bool IsUnknown => _state == TaskState.Unknown;

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => _state == TaskState.Running;

    /// <summary>Whether it waits for a CPU.</summary>
    public bool IsWaiting => _state == TaskState.Waiting;

    /// <summary>Whether it sleeps: its last job is completed.</summary>
    public bool IsAsleep => _state == TaskState.Asleep;

    /// <summary>A wake-up; of a task that runs or waits for a CPU it changes nothing.</summary>
    /// <returns>Whether it released a job.</returns>
    public bool Wake(ulong at)
    {
        switch (_state)
        {
            case TaskState.Blocked:
                _job.Blocking += at - _since;
                StartWaiting(at, WaitKind.Wakeup);
                return false;
            case TaskState.Asleep or TaskState.Unknown:
                Begin(at, released: true);
                StartWaiting(at, WaitKind.Wakeup);
                return true;
            default:
                return false;
        }
    }

    /// <summary>It gets a CPU.</summary>
    /// <param name="at">When.</param>
    /// <param name="lower">Of the wait that ends, time in which a task of lower priority ran.</param>
    /// <returns>The wait that ends; none where its begin was not seen.</returns>
    public CpuWait SwitchIn(ulong at, ulong lower = 0)
    {
        var wait = default(CpuWait);
        switch (_state)
        {
            case TaskState.Waiting:
                wait = new CpuWait(_wait, _since, at - _since);
                EndWait(wait.Length, lower);
                break;
            case TaskState.Blocked:
                _job.Blocking += at - _since;
                break;
            case TaskState.Asleep:
                Begin(at, released: false);
                break;
            case TaskState.Unknown:
                MissBegin();
                break;
            default:
                break;
        }

        if (!_hasRun)
        {
            (_hasRun, _job.Started) = (true, at);
        }

        (_state, _since) = (TaskState.Running, at);
        return wait;
    }

    /// <summary>It leaves its CPU.</summary>
    /// <param name="at">When.</param>
    /// <param name="previousState">Linux prev_state.</param>
    /// <returns>The job that this ends; null where it goes on, or its begin was not seen.</returns>
    public Job? SwitchOut(ulong at, uint previousState)
    {
        if (_state == TaskState.Running)
        {
            _job.Execution += at - _since;
        }
        else if (_state == TaskState.Unknown)
        {
            MissBegin();
        }

        _since = at;
        switch (previousState & StateBits)
        {
            case 0:
                StartWaiting(at, WaitKind.Preempted);
                return null;
            case Uninterruptible:
                _state = TaskState.Blocked;
                return null;
            default:
                _state = TaskState.Asleep;
                return End(at);
        }
    }

    /// <summary>Events are missing: whether it sleeps or works is not known any more.</summary>
    public void Forget()
    {
        if (_inJob)
        {
            (_inJob, _cut) = (false, JobCut.Loss);
        }

        (_state, _afterLoss) = (TaskState.Unknown, true);
    }

    /// <summary>Counts the piece of a job that a loss or the trace's begin cut, at the end of the trace.</summary>
    public void Finish() => CountCut();

    private void StartWaiting(ulong at, WaitKind kind) => (_state, _wait, _since) = (TaskState.Waiting, kind, at);

    private void EndWait(ulong length, ulong lower)
    {
        if (!_hasRun)
        {
            return;
        }

        _job.Blocking += lower;
        _job.Preemption += length - lower;
    }

    private void Begin(ulong at, bool released)
    {
        CountCut();
        _job = new Job { Began = at, IsReleased = released };
        (_inJob, _hasRun) = (true, false);
    }

    private void MissBegin()
    {
        if (_cut == JobCut.None)
        {
            _cut = _afterLoss ? JobCut.Loss : JobCut.Begin;
        }
    }

    private Job? End(ulong at)
    {
        CountCut();
        if (!_inJob)
        {
            return null;
        }

        _inJob = false;
        return _job with { Completed = at };
    }

    private void CountCut()
    {
        CutByLoss += _cut == JobCut.Loss ? 1ul : 0;
        CutByBegin += _cut == JobCut.Begin ? 1ul : 0;
        _cut = JobCut.None;
    }

    private enum TaskState
    {
        Unknown,
        Asleep,
        Waiting,
        Running,
        Blocked,
    }

    private enum JobCut
    {
        None,
        Loss,
        Begin,
    }
}

/// <summary>A job of a task. Where it was released, Completed - Began = (Started - Began) + Execution + Preemption + Blocking.</summary>
internal record struct Job
{
    /// <summary>Its release, or its first switch-in where no wake-up was seen.</summary>
    public ulong Began { get; set; }

    /// <summary>Whether the begin is a wake-up.</summary>
    public bool IsReleased { get; set; }

    /// <summary>First switch-in.</summary>
    public ulong Started { get; set; }

    /// <summary>The switch-out in which it sleeps.</summary>
    public ulong Completed { get; set; }

    /// <summary>CPU time.</summary>
    public ulong Execution { get; set; }

    /// <summary>Waits for a CPU after it had run, without what is blocking.</summary>
    public ulong Preemption { get; set; }

    /// <summary>Uninterruptible sleep, and waits for a CPU after it had run while a task of lower priority ran.</summary>
    public ulong Blocking { get; set; }
}

/// <summary>Why a task waited for a CPU.</summary>
internal enum WaitKind
{
    /// <summary>It did not, or it is not known since when.</summary>
    None,

    /// <summary>It was woken.</summary>
    Wakeup,

    /// <summary>It was switched out while runnable.</summary>
    Preempted,
}

/// <summary>A wait for a CPU.</summary>
/// <param name="Kind">Why.</param>
/// <param name="From">Since when.</param>
/// <param name="Length">How long.</param>
internal readonly record struct CpuWait(WaitKind Kind, ulong From, ulong Length);
