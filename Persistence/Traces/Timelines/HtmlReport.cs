using System.Globalization;
using System.Text;
using ActorTrace.Traces.Analysis.Report;
using ActorTrace.Traces.Timelines.Page;

namespace ActorTrace.Traces.Timelines;

/// <summary>A report as one HTML file that needs nothing else: timeline, tables, histograms.</summary>
public static class HtmlReport
{
    /// <summary>Writes the page; the same report and timeline always give the same bytes.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="report">The figures.</param>
    /// <param name="timeline">The same trace to look at.</param>
    public static void Write(Stream output, TraceReport report, Timeline timeline)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true);
        using var tables = new StringWriter(CultureInfo.InvariantCulture);
        var html = new HtmlWriter(tables);
        new ReportSections(html, report, new TimelineLinks(timeline)).Write();
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["policy"] = PageSources.Policy,
            ["title"] = HtmlWriter.Encode(report.Name),
            ["style"] = PageSources.Style,
            ["facts"] = HtmlWriter.Encode(Facts(report)),
            ["sections"] = string.Concat(html.Sections.Select(section => $"<a href=\"#{section.Id}\">{HtmlWriter.Encode(section.Title)}</a>")),
            ["report"] = tables.ToString(),
            ["data"] = Convert.ToBase64String(TimelineData.Encode(timeline)),
            ["script"] = PageSources.Script,
        };
        Fill(writer, PageSources.Frame, parts);
    }

    private static string Facts(TraceReport report)
    {
        string lost = report.Lost == 0 ? "no event lost" : TimeText.Count(report.Lost) + " events lost";
        return $"{TimeText.Instant(report.From)} to {TimeText.Instant(report.Until)}, {TimeText.Count(report.Events)} events, {lost}";
    }

    /// <summary>Writes a frame with each {{name}} replaced; what is put in is not looked at again.</summary>
    internal static void Fill(TextWriter writer, string frame, Dictionary<string, string> parts)
    {
        int at = 0;
        for (int open = frame.IndexOf("{{", StringComparison.Ordinal); open >= 0; open = frame.IndexOf("{{", at, StringComparison.Ordinal))
        {
            int close = frame.IndexOf("}}", open, StringComparison.Ordinal);
            writer.Write(frame.AsSpan(at, open - at));
            writer.Write(parts[frame[(open + 2)..close]]);
            at = close + 2;
        }

        writer.Write(frame.AsSpan(at));
    }
}
