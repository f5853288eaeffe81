using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Scenarios;

/// <summary>What the tasks of a workload guest do: modelled tasks, or a capture that drives them.</summary>
public sealed record WorkloadSpec
{
    /// <summary>Modelled tasks; empty where a capture drives the guest.</summary>
    public required IReadOnlyList<TaskSpec> Tasks { get; init; }

    /// <summary>The bursts of a capture, in order; empty for a modelled guest.</summary>
    public required IReadOnlyList<CapturedBurst> Bursts { get; init; }

    /// <summary>Stretches during which the kernel masks interrupts.</summary>
    public required IReadOnlyList<MaskedStretch> MaskedStretches { get; init; }

    /// <summary>Stores of garbage into the consumer index of ring 0, to show that the index is not trusted.</summary>
    public required IReadOnlyList<VirtualInstant> ScribbleAt { get; init; }
}

/// <summary>How a modelled task behaves.</summary>
public enum TaskBehaviour
{
    /// <summary>Runs for Work every Period, first at Offset.</summary>
    Periodic,

    /// <summary>Always runnable.</summary>
    CpuBound,

    /// <summary>Runs once at Offset for Work, then sleeps for ever.</summary>
    Once,
}

/// <summary>A modelled task.</summary>
/// <param name="Name">Comm, 1..15 printable ASCII characters.</param>
/// <param name="Pid">Linux pid, 1..4194303, unique.</param>
/// <param name="Priority">Kernel priority 0..139.</param>
/// <param name="Behaviour">See <see cref="TaskBehaviour"/>.</param>
/// <param name="PeriodCycles">Period.</param>
/// <param name="OffsetCycles">First release.</param>
/// <param name="WorkCycles">CPU work of a release.</param>
public sealed record TaskSpec(
    string Name, int Pid, int Priority, TaskBehaviour Behaviour, ulong PeriodCycles, ulong OffsetCycles, ulong WorkCycles);

/// <summary>One burst of a capture: from a sched_switch to the next one on the same CPU.</summary>
/// <param name="Pid">Who runs; 0 = idle.</param>
/// <param name="Comm">Its name at that moment.</param>
/// <param name="Priority">Kernel priority.</param>
/// <param name="Start">When it began; the first event of the capture on this CPU is at 0.</param>
/// <param name="WorkCycles">How long it ran.</param>
/// <param name="EndState">prev_state bits with which it was switched out.</param>
public sealed record CapturedBurst(int Pid, string Comm, int Priority, VirtualInstant Start, ulong WorkCycles, uint EndState);

/// <summary>A stretch with interrupts masked.</summary>
/// <param name="At">When it begins.</param>
/// <param name="Cycles">How long.</param>
public sealed record MaskedStretch(VirtualInstant At, ulong Cycles);
