using ActorTrace.Actors.Scenarios;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>What a recorded run was made from: its scenario, the files of that time, and what came from outside while it was simulated.</summary>
internal static class StoredScenario
{
    /// <summary>Reads it from the journal alone.</summary>
    /// <param name="place">The run's name in messages.</param>
    /// <param name="source">The run; not an imported one.</param>
    /// <exception cref="Yaml.InputException">It cannot be used by this version.</exception>
    public static Scenario Load(string place, ITraceSource source) =>
        ScenarioLoader.Load(place, source.Manifest.Scenario, new StoredScenarioFiles(source.Manifest.Files)) with
        {
            Commands =
            [
                .. source.ReadStream(StreamNames.Commands).OfType<CommandRecord>()
                    .Select(c => new ControlWrite(c.Cause.At, c.File, c.Value)),
            ],
        };
}
