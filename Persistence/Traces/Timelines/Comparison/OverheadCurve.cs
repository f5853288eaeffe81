using System.Globalization;
using System.Text;
using ActorTrace.Traces.Analysis.Twins;
using ActorTrace.Traces.Timelines.Page;

namespace ActorTrace.Traces.Timelines.Comparison;

/// <summary>Overhead against hit rate in SVG, both logarithmic: a point for each probe set, a line for its cost of a hit, and the budget.</summary>
internal static class OverheadCurve
{
    private const int Width = 720;
    private const int Height = 360;
    private const int Left = 56;
    private const int Bottom = 34;
    private const int Top = 14;
    private const int Right = 30;
    private const double LineHeight = 12;

    /// <summary>Draws it; empty where nothing was hit.</summary>
    public static string Draw(TwinComparison comparison)
    {
        (string Name, Overhead Overhead)[] points =
        [
            .. comparison.Variants.SelectMany(v => v.Overheads.Where(o => o.Hits > 0 && o.Cycles > 0).Select(o => (v.Name, o))),
        ];
        if (points.Length == 0)
        {
            return string.Empty;
        }

        var x = new Scale(points.SelectMany(p => new[] { p.Overhead.Rate, p.Overhead.RateWithinBudget!.Value }), Left, Width - Right);
        var y = new Scale(points.Select(p => p.Overhead.Share).Append(Overhead.Budget), Height - Bottom, Top);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg class=\"curve\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"overhead against hit rate\">");
        Axes(svg, x, y);
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"budget\" d=\"M{Left} {y.Of(Overhead.Budget):0.##}H{Width - Right}\"/>");
        (double Left, double Right) free = (double.MinValue, double.MinValue);
        foreach ((string name, Overhead overhead) in points.OrderByDescending(p => p.Overhead.Share))
        {
            Point(svg, x, y, name, overhead, ref free);
        }

        return svg.Append("</svg>").ToString();
    }

    private static void Axes(StringBuilder svg, Scale x, Scale y)
    {
        foreach (double rate in x.Decades())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{x.Of(rate):0.##} {Top}V{Height - Bottom}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x.Of(rate):0.##}\" y=\"{Height - Bottom + 14}\" text-anchor=\"middle\">{rate:#,0.##}</text>");
        }

        foreach (double share in y.Decades())
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Left} {y.Of(share):0.##}H{Width - Right}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{y.Of(share) + 3:0.##}\" text-anchor=\"end\">{share * 100:0.#####} %</text>");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Width - Right}\" y=\"{Height - 4}\" text-anchor=\"end\">hits a second</text>");
    }

    /// <summary>A point, and the line on which the same probes would lie at other rates: from it to where the budget is used up.</summary>
    private static void Point(StringBuilder svg, Scale x, Scale y, string name, Overhead overhead, ref (double Left, double Right) free)
    {
        (double px, double py) = (x.Of(overhead.Rate), y.Of(overhead.Share));
        double within = overhead.RateWithinBudget!.Value;
        string title = FormattableString.Invariant(
            $"{name}: {overhead.Rate:N1} hits/s, {overhead.Share * 100:0.0000} %, {overhead.CyclesPerHit:N1} cycles a hit; 1 % at {within:N1} hits/s");
        svg.Append(CultureInfo.InvariantCulture, $"<path class=\"fit\" d=\"M{px:0.##} {py:0.##}L{x.Of(within):0.##} {y.Of(Overhead.Budget):0.##}\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<circle cx=\"{px:0.##}\" cy=\"{py:0.##}\" r=\"4.5\"><title>{HtmlWriter.Encode(title)}</title></circle>");

        // Its name stands below and towards the middle, and below the names before it on that side.
        bool right = px > Width / 2.0;
        double line = Math.Max(py + LineHeight, right ? free.Right : free.Left);
        free = right ? (free.Left, line + LineHeight) : (line + LineHeight, free.Right);
        svg.Append(
            CultureInfo.InvariantCulture,
            $"<text x=\"{px + (right ? -8 : 8):0.##}\" y=\"{line:0.##}\" text-anchor=\"{(right ? "end" : "start")}\">{HtmlWriter.Encode(name)}</text>");
    }

    /// <summary>A logarithmic scale over whole decades.</summary>
    private sealed class Scale
    {
        private readonly int low;
        private readonly int high;
        private readonly double from;
        private readonly double to;

        public Scale(IEnumerable<double> values, double from, double to)
        {
            double[] logarithms = [.. values.Select(Math.Log10)];
            low = (int)Math.Floor(logarithms.Min());
            high = Math.Max((int)Math.Ceiling(logarithms.Max()), low + 1);
            (this.from, this.to) = (from, to);
        }

        public double Of(double value) => from + ((Math.Log10(value) - low) / (high - low) * (to - from));

        public IEnumerable<double> Decades() => Enumerable.Range(low, high - low + 1).Select(exponent => Math.Pow(10, exponent));
    }
}
