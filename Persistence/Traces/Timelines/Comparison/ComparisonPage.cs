using System.Globalization;
using System.Text;
using ActorTrace.Traces.Analysis.Twins;
using ActorTrace.Traces.Timelines.Page;

namespace ActorTrace.Traces.Timelines.Comparison;

/// <summary>A comparison as one HTML file that needs nothing else: the curve, histograms of the shifts, every table.</summary>
public static class ComparisonPage
{
    private static readonly (string Title, Func<TaskShift, ShiftFigures> Figure)[] Histograms =
    [
        ("Response time", task => task.Response), ("CPU time", task => task.Execution),
    ];

    /// <summary>Writes the page; the same comparison always gives the same bytes.</summary>
    public static void Write(Stream output, TwinComparison comparison)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true);
        using var body = new StringWriter(CultureInfo.InvariantCulture);
        var html = new HtmlWriter(body);
        var tables = new ComparisonTables(comparison);
        WriteCurve(html, comparison, tables);
        for (int i = 0; i < comparison.Variants.Count; i++)
        {
            WriteVariant(html, FormattableString.Invariant($"probes-{i + 1}"), comparison.Variants[i], tables);
        }

        HtmlReport.Fill(writer, PageSources.CompareFrame, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["policy"] = PageSources.ComparePolicy,
            ["title"] = HtmlWriter.Encode(comparison.Scenario),
            ["style"] = PageSources.CompareStyle,
            ["facts"] = HtmlWriter.Encode(tables.Facts),
            ["proof"] = HtmlWriter.Encode(tables.Proof),
            ["sections"] = string.Concat(html.Sections.Select(section => $"<a href=\"#{section.Id}\">{HtmlWriter.Encode(section.Title)}</a>")),
            ["body"] = body.ToString(),
        });
    }

    private static void WriteCurve(HtmlWriter html, TwinComparison comparison, ComparisonTables tables)
    {
        string curve = OverheadCurve.Draw(comparison);
        if (curve.Length == 0)
        {
            return;
        }

        ComparisonTable table = tables.Curve();
        html.BeginSection("curve", table.Title);
        html.Note("Share of the core's time that tracing takes while it is armed. A line leads from each point to the rate at which the same hits use up 1 %.");
        html.Picture(curve);
        WriteTable(html, table);
        html.EndSection();
    }

    private static void WriteVariant(HtmlWriter html, string id, VariantShift variant, ComparisonTables tables)
    {
        html.BeginSection(id, variant.Name);
        html.Note($"Run hash {variant.Hash}. {ComparisonTables.Unchanged(variant)}");
        html.BeginCards();
        foreach (GuestShift guest in variant.Guests)
        {
            foreach ((string title, Func<TaskShift, ShiftFigures> figure) in Histograms)
            {
                foreach (TaskShift task in guest.Tasks.Where(task => figure(task).Changed > 0))
                {
                    html.Card($"{task.Comm}: {title}", $"shift of {TimeText.Count((ulong)figure(task).Count)} jobs, {guest.Guest}", Draw(figure(task), tables));
                }
            }
        }

        html.EndCards();
        foreach (ComparisonTable table in tables.Of(variant))
        {
            html.Heading(table.Title);
            WriteTable(html, table);
        }

        html.EndSection();
    }

    private static string Draw(ShiftFigures figures, ComparisonTables tables)
    {
        long width = figures.Bins[0].To - figures.Bins[0].From;
        return Histogram.Draw(
            [.. figures.Bins.Select(bin => new HistogramBar(
                (int)((bin.From - figures.Bins[0].From) / width), (ulong)bin.Count, $"{tables.Shift(bin.From)} to {tables.Shift(bin.To)}"))],
            tables.Shift(figures.Min), tables.Shift(figures.Max));
    }

    private static void WriteTable(HtmlWriter html, ComparisonTable table) =>
        html.Table(table.Columns, table.Rows.Select(row => (IReadOnlyList<HtmlCell>)[.. row.Select(cell => (HtmlCell)cell)]));
}
