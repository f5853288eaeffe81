using System.Globalization;
using System.Text;
using ActorTrace.Traces.Analysis.Report;

namespace ActorTrace.Traces.Timelines.Page;

/// <summary>A bar of a histogram.</summary>
/// <param name="Place">Where it stands, from 0.</param>
/// <param name="Count">How high it is, at least 1.</param>
/// <param name="Range">What it counts.</param>
internal readonly record struct HistogramBar(int Place, ulong Count, string Range);

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
        (string first, string last) = Bounds(bins[0].From, bins[^1].To);
        return Draw(
            [.. bins.Select((bin, i) => new HistogramBar(linear ? (int)((bin.From - bins[0].From) / width) : i, bin.Count, Range(bin)))], first, last);
    }

    /// <summary>Draws bars.</summary>
    /// <param name="bars">At least one, by place.</param>
    /// <param name="first">What stands below the first.</param>
    /// <param name="last">What stands below the last.</param>
    public static string Draw(IReadOnlyList<HistogramBar> bars, string first, string last)
    {
        int slots = bars[^1].Place + 1;
        ulong highest = bars.Max(bar => bar.Count);
        double slot = Math.Min(WidestBar, (double)Width / slots);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height + TextHeight}\" role=\"img\" aria-label=\"histogram\">");
        foreach (HistogramBar bar in bars)
        {
            double height = Math.Max(1.5, Height * (double)bar.Count / highest);
            svg.Append(
                CultureInfo.InvariantCulture,
                $"<rect x=\"{bar.Place * slot:0.##}\" y=\"{Height - height:0.##}\" width=\"{Math.Max(1, slot - Gap):0.##}\" height=\"{height:0.##}\" rx=\"1.5\">");
            svg.Append(CultureInfo.InvariantCulture, $"<title>{bar.Range}: {TimeText.Count(bar.Count)}</title></rect>");
        }

        Axis(svg, first, last, slot * slots);
        return svg.Append("</svg>").ToString();
    }

    /// <summary>The first and the last value below the bars, in one text where there is no room for two.</summary>
    private static void Axis(StringBuilder svg, string first, string last, double width)
    {
        const int roomForTwo = 130;
        const int y = Height + TextHeight - 3;
        if (width < roomForTwo)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"0\" y=\"{y}\">{first} to {last}</text>");
            return;
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"0\" y=\"{y}\">{first}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{width:0.##}\" y=\"{y}\" text-anchor=\"end\">{last}</text>");
    }

    private static string Range(DistributionBin bin)
    {
        (string from, string to) = Bounds(bin.From, bin.To);
        return $"{from} to {to}";
    }

    /// <summary>Two times as text; exact where they would read alike.</summary>
    private static (string From, string To) Bounds(ulong from, ulong to)
    {
        (string first, string last) = (TimeText.Duration(from), TimeText.Duration(to));
        return string.Equals(first, last, StringComparison.Ordinal) ? (TimeText.Count(from), TimeText.Count(to) + " ns") : (first, last);
    }
}
