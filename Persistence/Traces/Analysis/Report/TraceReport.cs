namespace ActorTrace.Traces.Analysis.Report;

/// <summary>What a real-time engineer asks of a trace; docs/REPORT.md defines every figure. All times are nanoseconds.</summary>
/// <remarks>Instants count from the switching on of the board (of a trace file: on the file's clock).</remarks>
public sealed record TraceReport
{
    /// <summary>The scenario, or the trace file's name.</summary>
    public required string Name { get; init; }

    /// <summary>First instant of the window that was asked for; the first event where none was.</summary>
    public required ulong From { get; init; }

    /// <summary>End of the window: where the last event is, or the first instant behind what was asked for.</summary>
    public required ulong Until { get; init; }

    /// <summary>Events in the window.</summary>
    public required ulong Events { get; init; }

    /// <summary>Each CPU, by number.</summary>
    public required IReadOnlyList<CpuReport> Cpus { get; init; }

    /// <summary>Each task that was seen in the window, idle left out; by first CPU and pid.</summary>
    public required IReadOnlyList<TaskReport> Tasks { get; init; }

    /// <summary>Lower-priority tasks that ran before higher ones.</summary>
    public required InversionReport Inversions { get; init; }

    /// <summary>Interrupt handlers: stretches with interrupts off.</summary>
    public required InterruptReport Interrupts { get; init; }

    /// <summary>The hypervisor; null where the source does not tell of it (a trace file).</summary>
    public required HypervisorReport? Hypervisor { get; init; }

    /// <summary>Events lost in the window, over all CPUs.</summary>
    public ulong Lost => Cpus.Aggregate(0ul, (sum, cpu) => sum + cpu.Lost);

    /// <summary>Jobs that no figure counts, over all tasks.</summary>
    public ulong LeftOut => Tasks.Aggregate(0ul, (sum, task) => sum + task.CutByLoss + task.CutByWindow);
}

/// <summary>A CPU of the view: a vCPU.</summary>
/// <param name="Cpu">Its number.</param>
/// <param name="Guest">The guest whose vCPU it is; empty where that is not known (a trace file).</param>
/// <param name="Events">Its events.</param>
/// <param name="Switches">Context switches.</param>
/// <param name="Lost">Events lost.</param>
/// <param name="Gaps">Places where events are missing, also those of which it is not known how many.</param>
/// <param name="Observed">Time in which it is known which task ran.</param>
/// <param name="Busy">Of that, time of tasks other than idle; the hypervisor's time is in it.</param>
public sealed record CpuReport(int Cpu, string Guest, ulong Events, ulong Switches, ulong Lost, ulong Gaps, ulong Observed, ulong Busy)
{
    /// <summary>Of the observed time, that of the idle task.</summary>
    public ulong Idle => Observed - Busy;

    /// <summary>Busy part of the observed time, 0..1.</summary>
    public double Load => Observed == 0 ? 0 : (double)Busy / Observed;
}

/// <summary>Stretches in which a task of lower priority ran while one of higher real-time priority was runnable on that CPU.</summary>
/// <param name="Durations">Their lengths.</param>
/// <param name="Longest">The longest ones, longest first.</param>
public sealed record InversionReport(Distribution Durations, IReadOnlyList<Inversion> Longest);

/// <summary>A stretch of priority inversion.</summary>
/// <param name="Cpu">Where.</param>
/// <param name="From">When it began.</param>
/// <param name="Nanoseconds">How long it was.</param>
/// <param name="Victim">The task of highest priority that waited when it began.</param>
/// <param name="Culprit">The task of lower priority that ran longest in it.</param>
public sealed record Inversion(int Cpu, ulong From, ulong Nanoseconds, TaskName Victim, TaskName Culprit);

/// <summary>A task by name.</summary>
/// <param name="Pid">Linux pid.</param>
/// <param name="Comm">Its name.</param>
/// <param name="Priority">Kernel scale: 0..99 real time (0 highest), 100..139 normal.</param>
public readonly record struct TaskName(int Pid, string Comm, int Priority);

/// <summary>Stretches in which a CPU was in hard interrupt handlers: interrupts are off.</summary>
/// <param name="Durations">Their lengths.</param>
/// <param name="Longest">The longest ones, longest first.</param>
public sealed record InterruptReport(Distribution Durations, IReadOnlyList<InterruptStretch> Longest);

/// <summary>A stretch in interrupt handlers.</summary>
/// <param name="Cpu">Where.</param>
/// <param name="From">When the outermost handler began.</param>
/// <param name="Nanoseconds">Until it ended.</param>
/// <param name="Irq">Number of the outermost interrupt.</param>
/// <param name="Name">Its handler.</param>
public sealed record InterruptStretch(int Cpu, ulong From, ulong Nanoseconds, int Irq, string Name);
