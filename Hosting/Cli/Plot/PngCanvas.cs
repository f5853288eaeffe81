using ActorTrace.Traces.Timelines.Figure;
using SkiaSharp;

namespace ActorTrace.Hosting.Cli.Plot;

/// <summary>Draws a figure as pixels.</summary>
internal sealed class PngCanvas : IFigureCanvas, IDisposable
{
    private const float CurveWidth = 1.1f;

    private readonly SKBitmap _bitmap;
    private readonly SKCanvas _canvas;
    private readonly SKTypeface _typeface;
    private readonly SKPaint _fill = new() { IsAntialias = true, Style = SKPaintStyle.Fill };
    private readonly SKPaint _stroke = new() { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = CurveWidth };
    private readonly Dictionary<string, SKColor> _colors = new(StringComparer.Ordinal);

    /// <summary>An empty picture.</summary>
    public PngCanvas(int width, int height)
    {
        _bitmap = new SKBitmap(width, height, SKColorType.Rgba8888, SKAlphaType.Premul);
        _canvas = new SKCanvas(_bitmap);
        using Stream font = typeof(PngCanvas).Assembly.GetManifestResourceStream("Inter-Regular.ttf")
            ?? throw new InvalidOperationException("the assembly lacks its font");
        _typeface = SKTypeface.FromStream(font);
    }

    /// <summary>Writes what was drawn.</summary>
    public void Save(Stream output)
    {
        _canvas.Flush();
        using SKData png = _bitmap.Encode(SKEncodedImageFormat.Png, quality: 100);
        png.SaveTo(output);
    }

    /// <inheritdoc/>
    public void BeginGroup(string name)
    {
        // Pixels have no groups.
    }

    /// <inheritdoc/>
    public void EndGroup()
    {
        // Pixels have no groups.
    }

    /// <inheritdoc/>
    public void Bar(string color, double x, double y, double width, double height)
    {
        _fill.Color = Color(color);
        _canvas.DrawRect((float)x, (float)y, (float)width, (float)height, _fill);
    }

    /// <inheritdoc/>
    public void Shape(string color, params ReadOnlySpan<(double X, double Y)> corners)
    {
        using var builder = new SKPathBuilder();
        builder.MoveTo((float)corners[0].X, (float)corners[0].Y);
        foreach ((double x, double y) in corners[1..])
        {
            builder.LineTo((float)x, (float)y);
        }

        builder.Close();
        _fill.Color = Color(color);
        using SKPath path = builder.Detach();
        _canvas.DrawPath(path, _fill);
    }

    /// <inheritdoc/>
    public void Curve(string color, (double X, double Y) from, (double X, double Y) bend, (double X, double Y) bend2, (double X, double Y) to)
    {
        using var builder = new SKPathBuilder();
        builder.MoveTo((float)from.X, (float)from.Y);
        builder.CubicTo((float)bend.X, (float)bend.Y, (float)bend2.X, (float)bend2.Y, (float)to.X, (float)to.Y);
        _stroke.Color = Color(color);
        using SKPath path = builder.Detach();
        _canvas.DrawPath(path, _stroke);
    }

    /// <inheritdoc/>
    public void Text(string color, double x, double y, double size, TextAnchor anchor, string text)
    {
        using var font = new SKFont(_typeface, (float)size) { Subpixel = true, Edging = SKFontEdging.Antialias };
        SKTextAlign align = anchor switch
        {
            TextAnchor.Middle => SKTextAlign.Center,
            TextAnchor.End => SKTextAlign.Right,
            _ => SKTextAlign.Left,
        };
        _fill.Color = Color(color);
        _canvas.DrawText(text, (float)x, (float)y, align, font, _fill);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stroke.Dispose();
        _fill.Dispose();
        _typeface.Dispose();
        _canvas.Dispose();
        _bitmap.Dispose();
    }

    private SKColor Color(string color)
    {
        if (!_colors.TryGetValue(color, out SKColor parsed))
        {
            parsed = SKColor.Parse(color);
            _colors.Add(color, parsed);
        }

        return parsed;
    }
}
