namespace ActorTrace.Machine.Boards;

/// <summary>How a cost figure came about; told apart in every output.</summary>
public enum CostOrigin
{
    /// <summary>Taken from a measurement on the board.</summary>
    Calibrated,

    /// <summary>Chosen by us or by the scenario.</summary>
    Assumed,

    /// <summary>Computed from calibrated figures.</summary>
    Predicted,
}

/// <summary>What one action costs.</summary>
/// <param name="Name">Stable name, kebab-case; scenarios use it.</param>
/// <param name="Cycles">Core cycles each time.</param>
/// <param name="Origin">How the figure came about.</param>
/// <param name="Source">Where it comes from, or why it was chosen.</param>
public sealed record CostEntry(string Name, ulong Cycles, CostOrigin Origin, string Source);
