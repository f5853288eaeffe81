namespace ActorTrace.Actors.Experiments.Overhead;

/// <summary>One benchmark in all worlds.</summary>
/// <param name="Benchmark">Which.</param>
/// <param name="Base">The hypervisor, never traced.</param>
/// <param name="Worlds">The worlds of the table, in their order.</param>
/// <param name="Predicted">For each of them the cycles that were predicted; the native ones are what the prediction starts from.</param>
/// <param name="Entries">How often a function was entered.</param>
public sealed record OverheadRow(
    OverheadBenchmark Benchmark, OverheadMeasurement Base, IReadOnlyList<OverheadMeasurement> Worlds, IReadOnlyList<double> Predicted, ulong Entries)
{
    /// <summary>The measurement in a world.</summary>
    public OverheadMeasurement In(OverheadTracing tracing) => Worlds.Single(w => w.World.Tracing == tracing);

    /// <summary>What was predicted for it, in cycles.</summary>
    public double PredictedIn(OverheadTracing tracing) => Predicted[Worlds.ToList().FindIndex(w => w.World.Tracing == tracing)];

    /// <summary>Its overhead over the base in percent.</summary>
    public double Overhead(OverheadTracing tracing) => In(tracing).OverheadOver(Base);

    /// <summary>What was predicted of that.</summary>
    public double PredictedOverhead(OverheadTracing tracing) =>
        OverheadPrediction.Overhead(PredictedIn(OverheadTracing.Stopped), PredictedIn(tracing));
}

/// <summary>context1 by one calibration.</summary>
/// <param name="Calibration">Which.</param>
/// <param name="Native">Without a hypervisor.</param>
/// <param name="Base">The hypervisor, never traced.</param>
/// <param name="Traced">With the switch probes.</param>
/// <param name="Predicted">The overhead that was predicted, in percent.</param>
/// <param name="PredictedWithSecondTrap">The overhead that is predicted where each hit takes a second trap, in percent.</param>
public sealed record CalibrationRow(
    OverheadCalibration Calibration, OverheadMeasurement Native, OverheadMeasurement Base, OverheadMeasurement Traced, double Predicted, double PredictedWithSecondTrap)
{
    /// <summary>Its overhead in percent.</summary>
    public double Overhead => Traced.OverheadOver(Base);
}

/// <summary>The whole experiment.</summary>
/// <param name="Rows">The benchmarks.</param>
/// <param name="Calibrations">context1 by both calibrations; empty where context1 was not run.</param>
public sealed record OverheadResults(IReadOnlyList<OverheadRow> Rows, IReadOnlyList<CalibrationRow> Calibrations);
