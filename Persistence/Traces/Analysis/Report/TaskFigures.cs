using System.Globalization;

namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Collects the figures of one task.</summary>
internal sealed class TaskFigures
{
    private readonly ReportOptions _options;
    private readonly JobTracker _tracker = new();
    private readonly SortedDictionary<int, ulong> _runTimes = [];
    private PeriodFinder? _period;
    private Samples? _execution;
    private Samples? _response;
    private Samples? _latency;
    private Samples? _preemption;
    private Samples? _blocking;
    private Samples? _preemptedWait;
    private DeadlineFigures? _deadline;
    private bool _seen;
    private ulong _runs;
    private ulong _jobs;
    private ulong _cutByWindow;
    private ulong _cutByLossBefore;
    private ulong _cutByBeginBefore;

    /// <summary>A task of which nothing is known yet.</summary>
    /// <param name="pid">Its pid, not 0.</param>
    /// <param name="comm">Its name.</param>
    /// <param name="options">The window, and the deadlines.</param>
    public TaskFigures(int pid, string comm, ReportOptions options)
    {
        (Pid, Comm, _options) = (pid, comm, options);
        FindDeadline();
    }

    public int Pid { get; }

    public string Comm { get; private set; }

    public int Priority { get; private set; }

    /// <summary>The CPU it runs on, waits for or was last seen on.</summary>
    public int Cpu { get; set; }

    /// <summary>The number of gaps of that CPU up to which this task is known.</summary>
    public ulong Gaps { get; set; }

    /// <summary>Whether it is the task that runs on its CPU.</summary>
    public bool IsRunning => _tracker.IsRunning;

    /// <summary>Whether it waits for its CPU.</summary>
    public bool IsWaiting => _tracker.IsWaiting;

    /// <summary>Whether it is not known what it does.</summary>
    public bool IsUnknown => _tracker.IsUnknown;

    /// <summary>While it waits: its priority when the wait began.</summary>
    public int WaitPriority { get; set; }

    /// <summary>While it waits: time that tasks of lower priority had run on its CPU when the wait began.</summary>
    public ulong LowerBefore { get; set; }

    /// <summary>As events and reports name it.</summary>
    public TaskName Name => new(Pid, Comm, Priority);

    /// <summary>What an event tells of it.</summary>
    public void Describe(string comm, int priority)
    {
        Priority = priority;
        if (!string.Equals(Comm, comm, StringComparison.Ordinal))
        {
            Comm = comm;
            FindDeadline();
        }
    }

    /// <summary>A wake-up.</summary>
    public void Wake(ulong at)
    {
        _seen |= InWindow(at);
        if (_tracker.Wake(at) && InWindow(at))
        {
            (_period ??= new PeriodFinder()).Release(at);
        }
    }

    /// <summary>It gets a CPU.</summary>
    /// <param name="at">When.</param>
    /// <param name="lower">Of the wait that ends, time in which a task of lower priority ran.</param>
    public void SwitchIn(ulong at, ulong lower)
    {
        if (!_tracker.IsWaiting)
        {
            _period?.Break();
        }

        CpuWait wait = _tracker.SwitchIn(at, lower);
        if (!InWindow(at))
        {
            return;
        }

        (_seen, _runs) = (true, _runs + 1);
        if (wait.Kind != WaitKind.None && InWindow(wait.From))
        {
            (wait.Kind == WaitKind.Wakeup ? _latency ??= new Samples() : _preemptedWait ??= new Samples()).Add(wait.Length);
        }
    }

    /// <summary>It leaves its CPU.</summary>
    public void SwitchOut(ulong at, uint previousState)
    {
        Job? ended = _tracker.SwitchOut(at, previousState);
        if (!InWindow(at))
        {
            return;
        }

        _seen = true;
        if (ended is { } job)
        {
            End(job);
        }
    }

    /// <summary>CPU time inside the window.</summary>
    public void Charge(int cpu, ulong nanoseconds)
    {
        _seen = true;
        _runTimes[cpu] = _runTimes.GetValueOrDefault(cpu) + nanoseconds;
    }

    /// <summary>Events are missing.</summary>
    public void Forget()
    {
        _tracker.Forget();
        _period?.Break();
    }

    /// <summary>The window begins: what was left out before does not count.</summary>
    public void OpenWindow() => (_cutByLossBefore, _cutByBeginBefore) = (_tracker.CutByLoss, _tracker.CutByBegin);

    /// <summary>The window ends.</summary>
    public void CloseWindow(ulong at)
    {
        _tracker.Finish();
        if (_tracker.Current is { } job)
        {
            _cutByWindow++;
            if (job.IsReleased && InWindow(job.Began))
            {
                _deadline?.Unfinished(job.Began, at);
            }
        }
    }

    /// <summary>What was found; null where the task was not seen in the window.</summary>
    /// <param name="observed">Observed time of each CPU.</param>
    public TaskReport? Report(IReadOnlyList<ulong> observed)
    {
        if (!_seen)
        {
            return null;
        }

        (ulong? period, Distribution jitter) = _period?.Result() ?? (null, Distribution.None);
        return new TaskReport
        {
            Pid = Pid,
            Comm = Comm,
            Priority = Priority,
            Cpus = [.. _runTimes.Select(pair => new TaskCpu(pair.Key, pair.Value, observed[pair.Key] == 0 ? 0 : (double)pair.Value / observed[pair.Key]))],
            Runs = _runs,
            Jobs = _jobs,
            CutByLoss = _tracker.CutByLoss - _cutByLossBefore,
            CutByWindow = _cutByWindow + _tracker.CutByBegin - _cutByBeginBefore,
            Execution = Found(_execution),
            Response = Found(_response),
            Latency = Found(_latency),
            Preemption = Found(_preemption),
            Blocking = Found(_blocking),
            PreemptedWait = Found(_preemptedWait),
            Jitter = jitter,
            Period = period,
            Deadline = _deadline?.Report(),
        };
    }

    private void FindDeadline()
    {
        bool has = _options.Deadlines.TryGetValue(Comm, out ulong deadline)
            || _options.Deadlines.TryGetValue(Pid.ToString(CultureInfo.InvariantCulture), out deadline);
        if (has && _deadline?.Deadline != deadline)
        {
            _deadline = new DeadlineFigures(deadline);
        }
    }

    private bool InWindow(ulong at) => at >= _options.From;

    private void End(Job job)
    {
        if (!InWindow(job.Began))
        {
            _cutByWindow++;
            return;
        }

        _jobs++;
        (_execution ??= new Samples()).Add(job.Execution);
        (_preemption ??= new Samples()).Add(job.Preemption);
        (_blocking ??= new Samples()).Add(job.Blocking);
        if (job.IsReleased)
        {
            (_response ??= new Samples()).Add(job.Completed - job.Began);
            _deadline?.Completed(job.Began, job.Completed);
        }
    }

    private static Distribution Found(Samples? samples) => samples?.Distribution() ?? Distribution.None;
}
