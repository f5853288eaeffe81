namespace ActorTrace.Hosting.Service.Api.Uploads;

/// <summary>What a client sent to start a run.</summary>
/// <param name="ScenarioName">The scenario's file name, for messages.</param>
/// <param name="Scenario">Its bytes.</param>
/// <param name="Files">The files it names, by the last component of their names.</param>
/// <param name="For">Simulated time instead of the scenario's; null = as written.</param>
/// <param name="Paused">Whether to wait at time 0.</param>
internal sealed record Upload(
    string ScenarioName, ReadOnlyMemory<byte> Scenario, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Files, string? For, bool Paused);
