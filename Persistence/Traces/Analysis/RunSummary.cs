using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Analysis;

/// <summary>What a run did, in figures; computed by <see cref="RunSummarizer"/>.</summary>
public sealed record RunSummary
{
    /// <summary>Scenario name.</summary>
    public required string Name { get; init; }

    /// <summary>Simulated time in cycles: the end of the run, or its last record where the end is not recorded.</summary>
    public required VirtualInstant End { get; init; }

    /// <summary>Simulated time in nanoseconds.</summary>
    public required ulong Nanoseconds { get; init; }

    /// <summary>Why the run ended; null where the journal has no end.</summary>
    public required string? EndReason { get; init; }

    /// <summary>Instructions over all cores; 0 where the journal has no end.</summary>
    public required ulong Instructions { get; init; }

    /// <summary>Each CPU of the gpos view.</summary>
    public required IReadOnlyList<CpuSummary> Cpus { get; init; }

    /// <summary>Each task that was seen, by CPU and pid; idle included.</summary>
    public required IReadOnlyList<TaskSummary> Tasks { get; init; }

    /// <summary>Each core.</summary>
    public required IReadOnlyList<CoreSummary> Cores { get; init; }

    /// <summary>The loss equation of each probe.</summary>
    public required IReadOnlyList<ProbeCountsRecord> Probes { get; init; }

    /// <summary>Profiler commands and their results.</summary>
    public required IReadOnlyList<ControlRecord> Commands { get; init; }

    /// <summary>Displaced instructions: hits of probes.</summary>
    public ulong Hits => Total(StepKind.DisplacedInstruction);

    /// <summary>SGIs that the hypervisor sent to another core.</summary>
    public ulong Ipis => Total(StepKind.SgiSend);

    /// <summary>Virtual interrupts injected or queued.</summary>
    public ulong Injections => Total(StepKind.Injection);

    /// <summary>Lane records that tell of a loss: events lost.</summary>
    public ulong Lost => Cpus.Aggregate(0ul, (sum, cpu) => sum + cpu.Lost);

    /// <summary>True where the loss equation holds for every probe.</summary>
    public bool Balances => Probes.All(probe => probe.Balances);

    private ulong Total(StepKind step) => Cores.Aggregate(0ul, (sum, core) => sum + core.Steps.GetValueOrDefault(step));
}

/// <summary>A CPU of the gpos view.</summary>
/// <param name="Cpu">Its number.</param>
/// <param name="Guest">The guest whose vCPU it is.</param>
/// <param name="Events">Lane records.</param>
/// <param name="Switches">Context switches.</param>
/// <param name="Lost">Events lost.</param>
/// <param name="ObservedCycles">Time in which it is known which task ran: from the first switch on, gaps after losses left out.</param>
/// <param name="BusyCycles">Of that, time of tasks other than idle.</param>
public sealed record CpuSummary(int Cpu, string Guest, ulong Events, ulong Switches, ulong Lost, ulong ObservedCycles, ulong BusyCycles)
{
    /// <summary>Busy part of the observed time, 0..1.</summary>
    public double Load => ObservedCycles == 0 ? 0 : (double)BusyCycles / ObservedCycles;
}

/// <summary>A task on a CPU.</summary>
/// <remarks>
/// Jobs as <see cref="JobTracker"/> tells them: from a wake-up (or the first switch-in after the task slept) to the switch-out in
/// which it sleeps. The time of a job is its CPU time: its pieces added, waits left out. Jobs whose begin was not seen or that a
/// loss cut are not counted.
/// </remarks>
/// <param name="Cpu">CPU of the gpos view.</param>
/// <param name="Pid">Linux pid; 0 is idle.</param>
/// <param name="Comm">Its last name.</param>
/// <param name="Runs">How often it was switched in.</param>
/// <param name="Cycles">CPU time.</param>
/// <param name="Share">Part of the CPU's observed time, 0..1.</param>
/// <param name="Jobs">Complete jobs.</param>
/// <param name="MinNanoseconds">Shortest job; 0 where there is none.</param>
/// <param name="MeanNanoseconds">Mean job, rounded down; 0 where there is none.</param>
/// <param name="MaxNanoseconds">Longest job; 0 where there is none.</param>
public sealed record TaskSummary(
    int Cpu, int Pid, string Comm, ulong Runs, ulong Cycles, double Share,
    ulong Jobs, ulong MinNanoseconds, ulong MeanNanoseconds, ulong MaxNanoseconds);

/// <summary>A core.</summary>
/// <param name="Core">Which.</param>
/// <param name="Steps">How often each step was taken; steps never taken are not there.</param>
/// <param name="Cycles">Cycles charged by category; categories without charge are not there.</param>
public sealed record CoreSummary(
    CoreId Core, IReadOnlyDictionary<StepKind, ulong> Steps, IReadOnlyDictionary<CostCategory, ulong> Cycles)
{
    /// <summary>All cycles charged.</summary>
    public ulong TotalCycles => Cycles.Values.Aggregate(0ul, (sum, cycles) => sum + cycles);
}
