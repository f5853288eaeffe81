using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Computes what events tell of tasks, CPUs and interrupts, in one pass and in memory that grows with tasks only.</summary>
/// <remarks>
/// Events before the window are followed too, so that it is known what each task does when the window begins; they count for
/// nothing. Events that contradict each other are a gap without a mark.
/// </remarks>
internal sealed class TaskAnalysis : ITraceEventSink
{
    private readonly ReportOptions _options;
    private readonly CpuFigures[] _cpus;
    private readonly Dictionary<int, TaskFigures> _tasks = [];
    private readonly Samples _inversions = new();
    private readonly Longest<Inversion> _longestInversions = new();
    private readonly Samples _interrupts = new();
    private readonly Longest<InterruptStretch> _longestInterrupts = new();
    private ulong? _first;
    private ulong _last;
    private bool _open;
    private bool _closed;

    /// <summary>An analysis of a trace.</summary>
    /// <param name="cpus">Number of its CPUs.</param>
    /// <param name="options">The window, and the deadlines.</param>
    public TaskAnalysis(int cpus, ReportOptions options) =>
        (_options, _cpus) = (options, [.. Enumerable.Range(0, cpus).Select(cpu => new CpuFigures(cpu, options.From))]);

    /// <inheritdoc/>
    public void Write(in TraceEvent next)
    {
        if (!Advance(next.Nanoseconds))
        {
            return;
        }

        CpuFigures cpu = _cpus[next.Cpu];
        cpu.Events += _open ? 1ul : 0;
        if (ReferenceEquals(next.Type, EventCatalogue.SchedSwitch))
        {
            Switch(cpu, next);
        }
        else if (ReferenceEquals(next.Type, EventCatalogue.SchedWakeup))
        {
            Wakeup(next);
        }
        else if (ReferenceEquals(next.Type, EventCatalogue.IrqHandlerEntry))
        {
            cpu.Interrupts.Enter(next.Nanoseconds, (int)next.Number(0), next.Text(0));
        }
        else if (ReferenceEquals(next.Type, EventCatalogue.IrqHandlerExit)
            && cpu.Interrupts.Leave(next.Nanoseconds) is { } interrupt && interrupt.From >= _options.From)
        {
            _interrupts.Add(interrupt.Nanoseconds);
            _longestInterrupts.Add(interrupt.Nanoseconds, interrupt);
        }
    }

    /// <inheritdoc/>
    public void Lost(int cpu, ulong nanoseconds, ulong count)
    {
        if (Advance(nanoseconds))
        {
            _cpus[cpu].Lost += _open ? count : 0;
            Gap(_cpus[cpu]);
        }
    }

    /// <summary>What was found.</summary>
    /// <param name="name">Of what.</param>
    /// <param name="guests">For each CPU the guest whose vCPU it is.</param>
    /// <param name="hypervisor">What is known of the hypervisor.</param>
    public TraceReport Report(string name, IReadOnlyList<string> guests, HypervisorReport? hypervisor)
    {
        Close(_last);
        ulong[] observed = [.. _cpus.Select(cpu => cpu.Observed)];
        CpuReport[] cpus = [.. _cpus.Select((cpu, number) => cpu.Report(number < guests.Count ? guests[number] : string.Empty))];
        return new TraceReport
        {
            Name = name,
            From = _options.From > 0 ? _options.From : _first ?? 0,
            Until = Math.Max(_last, _options.From),
            Events = cpus.Aggregate(0ul, (sum, cpu) => sum + cpu.Events),
            Cpus = cpus,
            Tasks =
            [
                .. _tasks.Values.Select(task => task.Report(observed)).OfType<TaskReport>()
                    .OrderBy(task => task.Cpus.Count == 0 ? int.MaxValue : task.Cpus[0].Cpu).ThenBy(task => task.Pid),
            ],
            Inversions = new InversionReport(_inversions.Distribution(), _longestInversions.Items()),
            Interrupts = new InterruptReport(_interrupts.Distribution(), _longestInterrupts.Items()),
            Hypervisor = hypervisor,
        };
    }

    /// <summary>Time goes on.</summary>
    /// <returns>Whether the window has not ended yet.</returns>
    private bool Advance(ulong at)
    {
        if (_closed || at >= _options.Until)
        {
            Close(_options.Until);
            return false;
        }

        if (!_open && at >= _options.From)
        {
            _open = true;
            foreach (TaskFigures task in _tasks.Values)
            {
                Touch(task);
                task.OpenWindow();
            }
        }

        _first ??= at;
        _last = at;
        return true;
    }

    private void Close(ulong at)
    {
        if (_closed)
        {
            return;
        }

        (_closed, _last) = (true, at);
        foreach (CpuFigures cpu in _cpus)
        {
            cpu.Charge(at);
        }

        foreach (TaskFigures task in _tasks.Values)
        {
            Touch(task);
            task.CloseWindow(at);
        }
    }

    private void Switch(CpuFigures cpu, in TraceEvent change)
    {
        ulong at = change.Nanoseconds;
        cpu.Switches += _open ? 1ul : 0;
        TaskFigures? previous = Task(change.Cpu, (int)change.Number(0), change.Text(0), (int)change.Number(1));
        TaskFigures? next = Task(change.Cpu, (int)change.Number(3), change.Text(1), (int)change.Number(4));
        if (cpu.Contradicts(previous))
        {
            Gap(cpu);
        }

        cpu.Charge(at);
        if (previous is not null)
        {
            Leave(previous, cpu, change.Cpu, at, (uint)change.Number(2));
        }

        if (next is not null)
        {
            Come(next, change.Cpu, at);
        }

        cpu.Run(next, (int)change.Number(4), at);
        Inversion(cpu, at);
    }

    private void Leave(TaskFigures task, CpuFigures cpu, int number, ulong at, uint state)
    {
        Touch(task);
        if (!task.IsUnknown && (!task.IsRunning || task.Cpu != number))
        {
            Displace(task, at);
        }

        Move(task, number);
        task.SwitchOut(at, state);
        if (task.IsWaiting)
        {
            cpu.BeginWait(task, at);
        }
    }

    private void Come(TaskFigures task, int number, ulong at)
    {
        Touch(task);
        if (task.IsRunning)
        {
            Displace(task, at);
        }

        ulong lower = task.IsWaiting ? _cpus[task.Cpu].EndWait(task, at) : 0;
        int waitedOn = task.Cpu;
        Move(task, number);
        task.SwitchIn(at, lower);
        if (waitedOn != number)
        {
            Inversion(_cpus[waitedOn], at);
        }
    }

    private void Wakeup(in TraceEvent wakeup)
    {
        int target = (int)wakeup.Number(2);
        target = target >= 0 && target < _cpus.Length ? target : wakeup.Cpu;
        if (Task(target, (int)wakeup.Number(0), wakeup.Text(0), (int)wakeup.Number(1)) is not { } task)
        {
            return;
        }

        Touch(task);
        bool waited = task.IsWaiting;
        task.Wake(wakeup.Nanoseconds);
        if (!waited && task.IsWaiting)
        {
            Move(task, target);
            _cpus[task.Cpu].BeginWait(task, wakeup.Nanoseconds);
            Inversion(_cpus[task.Cpu], wakeup.Nanoseconds);
        }
    }

    private void Inversion(CpuFigures cpu, ulong at)
    {
        if (cpu.CheckInversion(at, _tasks) is { } inversion && inversion.From >= _options.From)
        {
            _inversions.Add(inversion.Nanoseconds);
            _longestInversions.Add(inversion.Nanoseconds, inversion);
        }
    }

    /// <summary>The task of a pid; null for idle.</summary>
    private TaskFigures? Task(int cpu, int pid, string comm, int priority)
    {
        if (pid == 0)
        {
            return null;
        }

        if (!_tasks.TryGetValue(pid, out TaskFigures? task))
        {
            _tasks.Add(pid, task = new TaskFigures(pid, comm, _options) { Cpu = cpu });
        }

        task.Describe(comm, priority);
        return task;
    }

    private void Gap(CpuFigures cpu)
    {
        cpu.Forget();
        cpu.GapsInWindow += _open ? 1ul : 0;
    }

    /// <summary>A gap of its CPU reaches a task when it is next looked at.</summary>
    private void Touch(TaskFigures task)
    {
        if (task.Gaps != _cpus[task.Cpu].Gaps)
        {
            task.Gaps = _cpus[task.Cpu].Gaps;
            task.Forget();
        }
    }

    /// <summary>A task is elsewhere than it was thought to be: what is known of it is wrong.</summary>
    private void Displace(TaskFigures task, ulong at)
    {
        if (task.IsWaiting)
        {
            _cpus[task.Cpu].EndWait(task, at);
        }

        task.Forget();
    }

    private void Move(TaskFigures task, int cpu) => (task.Cpu, task.Gaps) = (cpu, _cpus[cpu].Gaps);
}
