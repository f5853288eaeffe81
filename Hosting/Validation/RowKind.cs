namespace ActorTrace.Hosting.Validation;

/// <summary>What a published figure is to the simulation.</summary>
public enum RowKind
{
    /// <summary>The board's costs, or a guest's path length, were chosen so that it comes out.</summary>
    Calibrated,

    /// <summary>Nothing was chosen for it: it follows from the calibrated figures and the mechanism.</summary>
    Predicted,

    /// <summary>What makes it up on the board is not part of the simulation, or not all of it; it is shown and not judged.</summary>
    NotModelled,
}
