namespace ActorTrace.Actors.Scenarios;

/// <summary>A rule that a scenario breaks.</summary>
/// <param name="Path">Where, as a path of keys, e.g. guests[1].core.</param>
/// <param name="What">What is wrong, one line.</param>
/// <param name="Mend">How to mend it.</param>
public sealed record ScenarioProblem(string Path, string What, string Mend);
