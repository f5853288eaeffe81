namespace ActorTrace.Hosting.Validation;

/// <summary>A published measurement, and how it is measured here.</summary>
/// <param name="Name">What is measured.</param>
/// <param name="World">Where: native, VM, VM without VGIC.</param>
/// <param name="Unit">Cycles, or microseconds.</param>
/// <param name="Value">The published figure.</param>
/// <param name="Kind">Calibrated, predicted or not modelled.</param>
public sealed record PublishedFigure(string Name, string World, FigureUnit Unit, double Value, RowKind Kind)
{
    /// <summary>Who published it.</summary>
    public required string Source { get; init; }

    /// <summary>The scenario whose guest measures it; null where nothing does.</summary>
    public string? Scenario { get; init; }

    /// <summary>The measurement's name on the guest's console.</summary>
    public string? Measurement { get; init; }

    /// <summary>A measurement whose cycles are taken off: what the benchmark takes off too.</summary>
    public string? Without { get; init; }

    /// <summary>What the figure is made of here; for one that is not modelled, why.</summary>
    public required string Note { get; init; }
}

/// <summary>The unit of a figure.</summary>
public enum FigureUnit
{
    /// <summary>Cycles of the core.</summary>
    Cycles,

    /// <summary>Microseconds.</summary>
    Microseconds,
}
