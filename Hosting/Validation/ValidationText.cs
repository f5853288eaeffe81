using System.Globalization;
using ActorTrace.Hosting.Cli;
using Spectre.Console;

namespace ActorTrace.Hosting.Validation;

/// <summary>The rows as a table for people, and the words that the other forms share.</summary>
internal static class ValidationText
{
    /// <summary>Writes the table.</summary>
    public static void Write(TextWriter output, IReadOnlyList<ValidationRow> rows, Thresholds thresholds)
    {
        Table table = Rendering.Table("measurement", "world", "unit", "published#", "ours#", "error#", "row is", "");
        foreach (ValidationRow row in rows)
        {
            PublishedFigure published = row.Published;
            Rendering.Row(
                table, published.Name, published.World, Unit(published.Unit), Value(published, published.Value), Ours(row), Error(row), Kind(published.Kind),
                row.IsOver ? "OVER" : "");
        }

        Rendering.Write(output, table);
        foreach ((string figures, string note) in Notes(rows.Where(r => r.Published.Kind == RowKind.NotModelled)))
        {
            output.WriteLine($"not modelled: {figures}: {note}");
        }

        output.WriteLine(Verdict(rows, thresholds));
    }

    /// <summary>One line: how many rows of each kind are within their threshold.</summary>
    public static string Verdict(IReadOnlyList<ValidationRow> rows, Thresholds thresholds) => string.Create(
        CultureInfo.InvariantCulture,
        $"within {thresholds.Calibrated} %: {Within(rows, RowKind.Calibrated)} calibrated rows; within {thresholds.Predicted} %: {Within(rows, RowKind.Predicted)} predicted rows");

    /// <summary>What the figures are made of: each note once, with the figures that it is about.</summary>
    public static IEnumerable<(string Figures, string Note)> Notes(IEnumerable<ValidationRow> rows) => rows
        .GroupBy(r => r.Published.Note, StringComparer.Ordinal)
        .Select(g => (string.Join("; ", g.Select(r => $"{r.Published.Name} ({r.Published.World})")), g.Key));

    /// <summary>The name of a kind.</summary>
    public static string Kind(RowKind kind) => kind switch
    {
        RowKind.Calibrated => "calibrated",
        RowKind.Predicted => "predicted",
        _ => "not modelled",
    };

    /// <summary>The unit's sign.</summary>
    public static string Unit(FigureUnit unit) => unit == FigureUnit.Cycles ? "cycles" : "us";

    /// <summary>A figure in the unit of a published one.</summary>
    public static string Value(PublishedFigure published, double value) =>
        value.ToString(published.Unit == FigureUnit.Cycles ? "#,0.##" : "0.00", CultureInfo.InvariantCulture);

    /// <summary>What was measured here.</summary>
    public static string Ours(ValidationRow row) => row.Ours is { } ours ? Value(row.Published, ours) : "-";

    /// <summary>The error with its sign.</summary>
    public static string Error(ValidationRow row) =>
        row.ErrorPercent is { } error ? error.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) + " %" : "-";

    private static string Within(IReadOnlyList<ValidationRow> rows, RowKind kind) => string.Create(
        CultureInfo.InvariantCulture, $"{rows.Count(r => r.Published.Kind == kind && !r.IsOver)} of {rows.Count(r => r.Published.Kind == kind)}");
}
