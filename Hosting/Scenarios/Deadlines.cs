using ActorTrace.Hosting.Yaml;
using ActorTrace.Traces.Events;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>The deadlines that a scenario gives its tasks: `deadlines`, a mapping from a task's name to a time. Only reports use them.</summary>
public static class Deadlines
{
    private const string Key = "deadlines";

    /// <summary>Reads them from a scenario.</summary>
    /// <param name="root">The scenario's first document.</param>
    /// <exception cref="InputException">A value is no time, or 0.</exception>
    public static IReadOnlyDictionary<string, TimeQuantity> Read(MapReader root)
    {
        var deadlines = new Dictionary<string, TimeQuantity>(StringComparer.Ordinal);
        if (root.Map(Key) is { } map)
        {
            foreach (YamlScalar task in map.Keys)
            {
                deadlines[task.Text] = map.Value<TimeQuantity>(
                    task.Text, text => Quantity.Time(text) is { Amount: > 0 } time ? time : null, Quantity.TimeHelp)!.Value;
            }

            map.Done();
        }

        return deadlines;
    }

    /// <summary>The deadlines of a recorded run; none where it was imported.</summary>
    /// <exception cref="InputException">The scenario in the journal is not one that this program wrote.</exception>
    public static IReadOnlyDictionary<string, TimeQuantity> OfRun(RunManifest manifest) =>
        manifest.ImportedFrom is null && YamlText.Parse("the journal's scenario", manifest.Scenario) is [YamlMap root, ..]
            ? Read(new MapReader(root, "", new Dictionary<string, YamlPlace>(StringComparer.Ordinal)))
            : new Dictionary<string, TimeQuantity>(StringComparer.Ordinal);
}
