namespace ActorTrace.Hosting.Service.Api;

/// <summary>A part of the list of runs.</summary>
/// <param name="Items">Runs, the latest first.</param>
/// <param name="Next">What to give as after for the following part; null at the end.</param>
internal sealed record RunPage(IReadOnlyList<RunStatus> Items, string? Next);

/// <summary>How far a paused run is to go.</summary>
/// <param name="Ns">Simulated nanoseconds, at least 1.</param>
internal sealed record StepRequest(ulong Ns);

/// <summary>Names, in ordinal order.</summary>
/// <param name="Items">The names.</param>
internal sealed record NameList(IReadOnlyList<string> Items);
