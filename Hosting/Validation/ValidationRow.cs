namespace ActorTrace.Hosting.Validation;

/// <summary>A published figure with what was measured in the simulation.</summary>
/// <param name="Published">The published figure.</param>
/// <param name="Ours">The same in the simulation, in its unit; null where nothing measures it.</param>
/// <param name="Threshold">The error in per cent from which on it counts as wrong; null where it is not judged.</param>
public sealed record ValidationRow(PublishedFigure Published, double? Ours, double? Threshold)
{
    /// <summary>How far it is off, in per cent of the published figure; null where nothing measures it.</summary>
    public double? ErrorPercent => (Ours - Published.Value) / Published.Value * 100;

    /// <summary>It is judged and over its threshold.</summary>
    public bool IsOver => Threshold is { } threshold && (ErrorPercent is not { } error || Math.Abs(error) > threshold);
}

/// <summary>The errors, in per cent, from which on a row counts as wrong.</summary>
/// <param name="Calibrated">Of calibrated rows.</param>
/// <param name="Predicted">Of predicted rows.</param>
public sealed record Thresholds(double Calibrated, double Predicted)
{
    /// <summary>
    /// A calibrated figure has to come out of the guest's measurement as it went into the costs, within what whole cycles and the
    /// split of a sum leave. A prediction may be off by half of the published figure: path lengths of the host's kernel are not in
    /// the simulation.
    /// </summary>
    public static readonly Thresholds Default = new(2, 50);

    /// <summary>The threshold of a kind; null for what is not judged.</summary>
    public double? Of(RowKind kind) => kind switch
    {
        RowKind.Calibrated => Calibrated,
        RowKind.Predicted => Predicted,
        _ => null,
    };
}
