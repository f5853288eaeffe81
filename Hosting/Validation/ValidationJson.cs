using System.Text.Json.Nodes;
using ActorTrace.Hosting.Cli;

namespace ActorTrace.Hosting.Validation;

/// <summary>The rows as JSON; docs/CLI.md describes the document.</summary>
internal static class ValidationJson
{
    /// <summary>The document.</summary>
    public static JsonObject Build(IReadOnlyList<ValidationRow> rows, Thresholds thresholds) => new()
    {
        ["thresholds"] = new JsonObject { ["calibrated"] = thresholds.Calibrated, ["predicted"] = thresholds.Predicted },
        ["passed"] = !rows.Any(r => r.IsOver),
        ["rows"] = RunReportJson.Array(rows, Row),
    };

    private static JsonObject Row(ValidationRow row) => new()
    {
        ["name"] = row.Published.Name,
        ["world"] = row.Published.World,
        ["unit"] = ValidationText.Unit(row.Published.Unit),
        ["kind"] = ValidationText.Kind(row.Published.Kind),
        ["published"] = row.Published.Value,
        ["ours"] = row.Ours,
        ["errorPercent"] = row.ErrorPercent,
        ["over"] = row.IsOver,
        ["note"] = row.Published.Note,
        ["source"] = row.Published.Source,
        ["scenario"] = row.Published.Scenario,
    };
}
