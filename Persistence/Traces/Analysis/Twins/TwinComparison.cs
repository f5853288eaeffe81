using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Traces.Analysis.Twins;

/// <summary>The same inputs run untraced and with each of several probe sets.</summary>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Clock">The board's clocks.</param>
/// <param name="Duration">Simulated time of each run, cycles.</param>
/// <param name="Proof">Whether two untraced runs are the same, bit for bit.</param>
/// <param name="Variants">What each probe set changed.</param>
public sealed record TwinComparison(string Scenario, ClockRates Clock, ulong Duration, IdentityProof Proof, IReadOnlyList<VariantShift> Variants);

/// <summary>Two runs without a probe: one with an observer, one without.</summary>
/// <param name="Observed">Run hash of the one that all others are compared with.</param>
/// <param name="Unobserved">Run hash of one that nobody watched.</param>
public sealed record IdentityProof(string Observed, string Unobserved)
{
    /// <summary>They are the same.</summary>
    public bool Holds => string.Equals(Observed, Unobserved, StringComparison.Ordinal);
}

/// <summary>What one probe set changed.</summary>
/// <param name="Name">The probe set.</param>
/// <param name="Hash">Run hash of the traced twin.</param>
/// <param name="Guests">The guests' tasks, vCPU by vCPU.</param>
/// <param name="Cores">The cores' cycles over the whole run.</param>
/// <param name="Overheads">For each core with probed guests what tracing took of it.</param>
/// <param name="Probes">The loss equation of each probe.</param>
public sealed record VariantShift(
    string Name, string Hash, IReadOnlyList<GuestShift> Guests, IReadOnlyList<CoreShift> Cores,
    IReadOnlyList<Overhead> Overheads, IReadOnlyList<ProbeCountsRecord> Probes);

/// <summary>What became of the tasks of one vCPU.</summary>
/// <param name="Guest">The guest's name.</param>
/// <param name="Vcpu">The vCPU.</param>
/// <param name="Tasks">Its tasks by pid.</param>
/// <param name="OnlyTraced">Names of tasks that only the traced twin has.</param>
/// <param name="Order">The order in which they got the CPU.</param>
/// <param name="Work">How long the same work took; null of a guest whose tasks are modelled, and where no job was completed.</param>
public sealed record GuestShift(
    string Guest, VcpuId Vcpu, IReadOnlyList<TaskShift> Tasks, IReadOnlyList<string> OnlyTraced, SwitchOrder Order, SameWork? Work);

/// <summary>Where the time of one core went over the whole run.</summary>
/// <param name="Core">The core.</param>
/// <param name="Untraced">In the untraced twin.</param>
/// <param name="Traced">In the traced twin.</param>
/// <param name="Causes">Cause by cause.</param>
public sealed record CoreShift(CoreId Core, CycleAccount Untraced, CycleAccount Traced, IReadOnlyList<CauseShift> Causes);

/// <summary>What tracing took of the core of a probed guest while it was armed.</summary>
/// <param name="Core">The core.</param>
/// <param name="ArmedCycles">From when all probes had been armed once to the end of the run.</param>
/// <param name="Costs">What the hits of each probe took.</param>
/// <param name="CoreHz">The core's clock.</param>
public sealed record Overhead(CoreId Core, ulong ArmedCycles, IReadOnlyList<HitCosts> Costs, ulong CoreHz)
{
    /// <summary>The share of the core's time that is called affordable.</summary>
    public const double Budget = 0.01;

    /// <summary>Hits of all probes.</summary>
    public ulong Hits => Costs.Aggregate(0ul, (sum, probe) => sum + probe.Hits);

    /// <summary>Cycles that they took.</summary>
    public ulong Cycles => Costs.Aggregate(0ul, (sum, probe) => sum + probe.Total);

    /// <summary>Hits a second.</summary>
    public double Rate => ArmedCycles == 0 ? 0 : (double)Hits * CoreHz / ArmedCycles;

    /// <summary>The share of the core's time, 0..1.</summary>
    public double Share => ArmedCycles == 0 ? 0 : (double)Cycles / ArmedCycles;

    /// <summary>Cycles of a hit.</summary>
    public double CyclesPerHit => Hits == 0 ? 0 : (double)Cycles / Hits;

    /// <summary>Hits a second at which <see cref="Budget"/> is used up; null where nothing was hit or hits are free.</summary>
    public double? RateWithinBudget => Cycles == 0 ? null : Budget * CoreHz / CyclesPerHit;
}
