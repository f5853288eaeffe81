using ActorTrace.Traces.Analysis.Twins;
using ActorTrace.Traces.Timelines.Comparison;
using Spectre.Console;

namespace ActorTrace.Hosting.Cli.Compare;

/// <summary>A <see cref="TwinComparison"/> as text, on a terminal or in Markdown.</summary>
/// <param name="output">Where to.</param>
/// <param name="comparison">The comparison.</param>
internal sealed class CompareText(TextWriter output, TwinComparison comparison)
{
    private const char TextColumn = '<';
    private readonly ComparisonTables tables = new(comparison);

    /// <summary>Writes it for people at a terminal.</summary>
    public void Write()
    {
        output.WriteLine($"{comparison.Scenario}: {tables.Facts}");
        output.WriteLine(tables.Proof);
        foreach (VariantShift variant in comparison.Variants)
        {
            output.WriteLine();
            output.WriteLine($"Probes: {variant.Name}, run hash {variant.Hash}");
            output.WriteLine(ComparisonTables.Unchanged(variant));
            foreach (ComparisonTable table in tables.Of(variant))
            {
                WriteTable(table);
            }
        }

        WriteTable(tables.Curve());
    }

    /// <summary>Writes it for a document: a section with a subsection for each probe set.</summary>
    /// <param name="command">The command line that made it.</param>
    public void WriteMarkdown(string command)
    {
        output.WriteLine($"## Traced against untraced: {comparison.Scenario}");
        output.WriteLine();
        output.WriteLine($"{tables.Facts}.");
        output.WriteLine(tables.Proof);
        output.WriteLine();
        output.WriteLine($"Made by `{command}`.");
        WriteMarkdownTable(tables.Curve());
        foreach (VariantShift variant in comparison.Variants)
        {
            output.WriteLine();
            output.WriteLine($"### {variant.Name}");
            output.WriteLine();
            output.WriteLine($"Run hash {variant.Hash}. {ComparisonTables.Unchanged(variant)}");
            foreach (ComparisonTable table in tables.Of(variant))
            {
                WriteMarkdownTable(table);
            }
        }
    }

    private void WriteTable(ComparisonTable source)
    {
        Table table = Rendering.Table([.. source.Columns.Select(name => IsText(name) ? name[1..] : name + "#")]);
        foreach (IReadOnlyList<string> row in source.Rows)
        {
            Rendering.Row(table, row);
        }

        Rendering.Section(output, source.Title, table);
    }

    private void WriteMarkdownTable(ComparisonTable table)
    {
        if (table.Rows.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine($"**{table.Title}**");
        output.WriteLine();
        WriteLine(table.Columns.Select(name => name.TrimStart(TextColumn)));
        WriteLine(table.Columns.Select(name => IsText(name) ? "---" : "---:"));
        foreach (IReadOnlyList<string> row in table.Rows)
        {
            WriteLine(row.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)));
        }
    }

    private void WriteLine(IEnumerable<string> cells) => output.WriteLine($"| {string.Join(" | ", cells)} |");

    private static bool IsText(string column) => column[0] == TextColumn;
}
