using System.Globalization;
using ActorTrace.Hosting.Yaml;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>What the command line changes in a scenario. Kept as a second YAML document, so that a journal tells it too.</summary>
/// <param name="Duration">Replaces the duration; null = as written.</param>
/// <param name="NoTrace">Leaves out all writes to control files.</param>
public sealed record ScenarioChanges(string? Duration, bool NoTrace)
{
    /// <summary>No change.</summary>
    public static readonly ScenarioChanges None = new(null, NoTrace: false);

    /// <summary>The scenario's text with the changes appended.</summary>
    public string AppendTo(string text)
    {
        if (this == None)
        {
            return text;
        }

        string duration = Duration is null ? "" : string.Create(CultureInfo.InvariantCulture, $"duration: {Duration}\n");
        return text.TrimEnd('\n') + "\n---\n# From the command line.\n" + duration + (NoTrace ? "noTrace: true\n" : "");
    }

    /// <summary>Reads the second document of a scenario, if there is one.</summary>
    public static ScenarioChanges Read(IReadOnlyList<YamlNode> documents)
    {
        if (documents.Count < 2)
        {
            return None;
        }

        if (documents.Count > 2)
        {
            throw documents[2].Error("a third document", "a scenario is one document, changes to it a second");
        }

        var map = new MapReader(documents[1], "", new Dictionary<string, YamlPlace>(StringComparer.Ordinal));
        string? duration = map.Time("duration") is null ? null : map.Text("duration");
        var changes = new ScenarioChanges(duration, map.Flag("noTrace") ?? false);
        map.Done();
        return changes;
    }
}
