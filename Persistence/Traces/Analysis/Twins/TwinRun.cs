using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Analysis.Twins;

/// <summary>A run to compare with others of the same inputs.</summary>
/// <param name="Name">What tells it from the others: its probes.</param>
/// <param name="Hash">Its run hash.</param>
/// <param name="Source">What it recorded.</param>
/// <param name="Observed">What an observer saw of the vCPUs that are machine code.</param>
/// <param name="Cores">The counters of each core at the end.</param>
public sealed record TwinRun(
    string Name, string Hash, ITraceSource Source, IReadOnlyList<GuestHistory> Observed, IReadOnlyList<CoreReading> Cores);
