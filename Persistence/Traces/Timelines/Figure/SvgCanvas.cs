using System.Globalization;
using System.Text;
using ActorTrace.Traces.Timelines.Page;

namespace ActorTrace.Traces.Timelines.Figure;

/// <summary>Draws a figure as SVG 1.1: the bars of a group and colour are one path, so that a dense lane stays small.</summary>
public sealed class SvgCanvas : IFigureCanvas
{
    private readonly TextWriter _output;
    private readonly List<(string Color, StringBuilder Path)> _paths = [];

    /// <summary>Begins a picture.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    /// <param name="title">What it shows.</param>
    public SvgCanvas(TextWriter output, int width, int height, string title)
    {
        _output = output;
        Write($"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" ");
        Write($"font-family=\"Inter, 'DejaVu Sans', Arial, sans-serif\" role=\"img\">\n<title>{HtmlWriter.Encode(title)}</title>\n");
    }

    /// <inheritdoc/>
    public void BeginGroup(string name) => Write($"<g><desc>{HtmlWriter.Encode(name)}</desc>\n");

    /// <inheritdoc/>
    public void EndGroup()
    {
        foreach ((string color, StringBuilder path) in _paths)
        {
            Write($"<path fill=\"{color}\" d=\"{path}\"/>\n");
        }

        _paths.Clear();
        Write($"</g>\n");
    }

    /// <inheritdoc/>
    public void Bar(string color, double x, double y, double width, double height) => PathOf(color).Append(
        CultureInfo.InvariantCulture, $"M{x:0.##} {y:0.##}h{width:0.##}v{height:0.##}h{-width:0.##}z");

    /// <inheritdoc/>
    public void Shape(string color, params ReadOnlySpan<(double X, double Y)> corners)
    {
        StringBuilder path = PathOf(color);
        for (int i = 0; i < corners.Length; i++)
        {
            path.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? 'M' : 'L')}{corners[i].X:0.##} {corners[i].Y:0.##}");
        }

        path.Append('z');
    }

    /// <inheritdoc/>
    public void Curve(string color, (double X, double Y) from, (double X, double Y) bend, (double X, double Y) bend2, (double X, double Y) to) => Write(
        $"<path fill=\"none\" stroke=\"{color}\" stroke-width=\"1.1\" d=\"M{from.X:0.##} {from.Y:0.##}C{bend.X:0.##} {bend.Y:0.##} {bend2.X:0.##} {bend2.Y:0.##} {to.X:0.##} {to.Y:0.##}\"/>\n");

    /// <inheritdoc/>
    public void Text(string color, double x, double y, double size, TextAnchor anchor, string text)
    {
        string place = anchor switch
        {
            TextAnchor.Middle => " text-anchor=\"middle\"",
            TextAnchor.End => " text-anchor=\"end\"",
            _ => string.Empty,
        };
        Write($"<text x=\"{x:0.##}\" y=\"{y:0.##}\" font-size=\"{size:0.##}\" fill=\"{color}\"{place}>{HtmlWriter.Encode(text)}</text>\n");
    }

    /// <summary>Ends the picture.</summary>
    public void End() => Write($"</svg>\n");

    private StringBuilder PathOf(string color)
    {
        foreach ((string known, StringBuilder path) in _paths)
        {
            if (string.Equals(known, color, StringComparison.Ordinal))
            {
                return path;
            }
        }

        var made = new StringBuilder();
        _paths.Add((color, made));
        return made;
    }

    private void Write(FormattableString text) => _output.Write(text.ToString(CultureInfo.InvariantCulture));
}
