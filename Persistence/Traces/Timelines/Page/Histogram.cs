using System.Globalization;
using System.Text;
using ActorTrace.Traces.Analysis.Report;

namespace ActorTrace.Traces.Timelines.Page;

/// <summary>A distribution as bars in SVG.</summary>
internal static class Histogram
{
    private const int Width = 320;
    private const int Height = 84;
    private const int TextHeight = 14;
    private const int Gap = 1;
    private const int WidestBar = 36;

    /// <summary>Draws it: bins of equal width stand where they belong on a line of time, others side by side.</summary>
    public static string Draw(Distribution figure)
    {
        IReadOnlyList<DistributionBin> bins = figure.Bins;
        ulong width = bins[0].To - bins[0].From;
        bool linear = bins.All(bin => bin.To - bin.From == width);
        int slots = linear ? (int)((bins[^1].To - bins[0].From) / width) : bins.Count;
        ulong highest = bins.Max(bin => bin.Count);
        double slot = Math.Min(WidestBar, (double)Width / slots);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height + TextHeight}\" role=\"img\" aria-label=\"histogram\">");
        for (int i = 0; i < bins.Count; i++)
        {
            int place = linear ? (int)((bins[i].From - bins[0].From) / width) : i;
            double height = Math.Max(1.5, Height * (double)bins[i].Count / highest);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{place * slot:0.##}\" y=\"{Height - height:0.##}\" width=\"{Math.Max(1, slot - Gap):0.##}\" height=\"{height:0.##}\" rx=\"1.5\">");
            svg.Append(CultureInfo.InvariantCulture, $"<title>{Range(bins[i])}: {TimeText.Count(bins[i].Count)}</title></rect>");
        }

        Bounds(svg, bins[0].From, bins[^1].To, slot * slots);
        return svg.Append("</svg>").ToString();
    }

    /// <summary>The first and the last time below the bars; exact where they would read alike, in one text where there is no room for two.</summary>
    private static void Bounds(StringBuilder svg, ulong from, ulong to, double width)
    {
        const int roomForTwo = 130;
        (string first, string last) = (TimeText.Duration(from), TimeText.Duration(to));
        if (string.Equals(first, last, StringComparison.Ordinal))
        {
            (first, last) = (TimeText.Count(from), TimeText.Count(to) + " ns");
        }

        const int y = Height + TextHeight - 3;
        if (width < roomForTwo)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"0\" y=\"{y}\">{first} to {last}</text>");
            return;
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"0\" y=\"{y}\">{first}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{width:0.##}\" y=\"{y}\" text-anchor=\"end\">{last}</text>");
    }

    private static string Range(DistributionBin bin) => $"{TimeText.Duration(bin.From)} to {TimeText.Duration(bin.To)}";
}
