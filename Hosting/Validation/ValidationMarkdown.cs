namespace ActorTrace.Hosting.Validation;

/// <summary>The rows as a section of a Markdown page.</summary>
internal static class ValidationMarkdown
{
    /// <summary>Writes the section.</summary>
    public static void Write(TextWriter output, IReadOnlyList<ValidationRow> rows, Thresholds thresholds)
    {
        output.WriteLine("## Published measurements of the board, and ours");
        output.WriteLine();
        output.WriteLine("Made by `actortrace validate --markdown`. Each of our figures was measured by a guest with its cycle counter around the");
        output.WriteLine("operation itself; none is a sum of costs.");
        output.WriteLine();
        output.WriteLine("- *calibrated*: the board's costs, or the path lengths of the guest, were chosen so that it comes out;");
        output.WriteLine("- *predicted*: nothing was chosen for it, it follows from the calibrated figures and the mechanism;");
        output.WriteLine("- *not modelled*: what makes it up on the board is not in the simulation, or not all of it: it is not judged.");
        output.WriteLine();
        output.WriteLine("| measurement | world | unit | published | ours | error | row is |");
        output.WriteLine("|---|---|---|---:|---:|---:|---|");
        foreach (ValidationRow row in rows)
        {
            PublishedFigure published = row.Published;
            output.WriteLine(
                $"| {published.Name} | {published.World} | {ValidationText.Unit(published.Unit)} | {ValidationText.Value(published, published.Value)} "
                + $"| {ValidationText.Ours(row)} | {ValidationText.Error(row)} | {ValidationText.Kind(published.Kind)}{(row.IsOver ? ", **over**" : "")} |");
        }

        output.WriteLine();
        output.WriteLine(ValidationText.Verdict(rows, thresholds) + ".");
        output.WriteLine();
        output.WriteLine("What each figure is here:");
        output.WriteLine();
        foreach ((string figures, string note) in ValidationText.Notes(rows))
        {
            output.WriteLine($"- {figures}: {note}.");
        }

        output.WriteLine();
        output.WriteLine("Where the published figures are from:");
        output.WriteLine();
        foreach (string source in rows.Select(r => r.Published.Source).Distinct(StringComparer.Ordinal))
        {
            output.WriteLine($"- {source}.");
        }
    }
}
