using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using ActorTrace.Traces.Timelines.Page;

namespace ActorTrace.Traces.Timelines;

/// <summary>A report as one HTML file that needs nothing else: timeline, tables, histograms.</summary>
public static class HtmlReport
{
    /// <summary>Writes the page; the same timeline always gives the same bytes.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="timeline">What to show.</param>
    public static void Write(Stream output, Timeline timeline)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true);
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["policy"] = PageSources.Policy,
            ["title"] = HtmlEncoder.Default.Encode(timeline.Title),
            ["style"] = PageSources.Style,
            ["facts"] = HtmlEncoder.Default.Encode(Facts(timeline)),
            ["sections"] = string.Empty,
            ["report"] = string.Empty,
            ["data"] = Convert.ToBase64String(TimelineData.Encode(timeline)),
            ["script"] = PageSources.Script,
        };
        Fill(writer, PageSources.Frame, parts);
    }

    private static string Facts(Timeline timeline)
    {
        int cpus = timeline.Lanes.Count(lane => lane.Kind == LaneKind.Cpu);
        int tasks = timeline.Lanes.Count(lane => lane.Kind == LaneKind.Task);
        decimal seconds = (timeline.End - timeline.Start) / 1_000_000_000m;
        return string.Create(CultureInfo.InvariantCulture, $"{seconds:0.000 000 000} s, {timeline.Events:N0} events, {cpus} CPUs, {tasks} tasks");
    }

    /// <summary>Writes a frame with each {{name}} replaced; what is put in is not looked at again.</summary>
    private static void Fill(TextWriter writer, string frame, Dictionary<string, string> parts)
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
