using System.Text.Json;
using System.Text.Json.Nodes;
using ActorTrace.Actors.Experiments.Overhead;

namespace ActorTrace.Hosting.Cli.Bench;

/// <summary>The measurements as JSON: {"rows": [{"name", "world", "cycles", "overhead_percent"}]}.</summary>
internal static class OverheadJson
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes the document.</summary>
    public static void Write(TextWriter output, OverheadResults results)
    {
        JsonObject document = new()
        {
            ["rows"] = new JsonArray([.. results.Rows.SelectMany(row => row.Worlds.Select(measured => (JsonNode)Row(row, measured)))]),
        };
        output.WriteLine(document.ToJsonString(Indented));
    }

    private static JsonObject Row(OverheadRow row, OverheadMeasurement measured) => new JsonObject
    {
        ["name"] = row.Benchmark.Name,
        ["world"] = measured.World.Name,
        ["cycles"] = measured.Result.Cycles,
        ["overhead_percent"] = measured.OverheadOver(row.Base),
    };
}
