using System.Globalization;
using System.Text;

namespace ActorTrace.Traces.Timelines.Figure;

/// <summary>A group of bars of a chart.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Bars">For each series the length of its bar and the text beside it; null for no bar.</param>
public sealed record BarGroup(string Name, IReadOnlyList<(double Value, string Text)?> Bars);

/// <summary>A chart of bars that lie, in groups one below the other. The same chart always gives the same bytes.</summary>
/// <param name="title">What it shows.</param>
/// <param name="series">The series, for the legend.</param>
/// <param name="groups">The groups, from top to bottom.</param>
/// <param name="end">The value at the end of the axis, which begins at 0.</param>
/// <param name="step">The distance of its lines.</param>
/// <param name="unit">What stands behind the numbers of the axis.</param>
public sealed class BarChart(string title, IReadOnlyList<string> series, IReadOnlyList<BarGroup> groups, double end, double step, string unit)
{
    private const double Margin = 12;
    private const double GutterWidth = 130;
    private const double TextRoom = 70;
    private const double BarHeight = 9;
    private const double GroupGap = 9;
    private const double HeadHeight = 54;
    private const double AxisHeight = 20;
    private const double TitleSize = 13;
    private const double TextSize = 10.5;
    private const double SmallText = 8.5;
    private const double LegendStep = 170;
    private const int PictureWidth = 860;

    private double GroupHeight => (series.Count * BarHeight) + GroupGap;

    private double Bottom => HeadHeight + (groups.Count * GroupHeight);

    private static double Left => Margin + GutterWidth;

    private double Height => Math.Ceiling(Bottom + AxisHeight + Margin);

    /// <summary>Writes it as SVG.</summary>
    public void WriteSvg(Stream output)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: -1, leaveOpen: true);
        var canvas = new SvgCanvas(writer, PictureWidth, (int)Height, title);
        Draw(canvas);
        canvas.End();
    }

    private void Draw(SvgCanvas canvas)
    {
        canvas.BeginGroup("background");
        canvas.Bar(FigureColors.Paper, 0, 0, PictureWidth, Height);
        canvas.EndGroup();
        canvas.Text(FigureColors.Ink, Margin, Margin + TitleSize, TitleSize, TextAnchor.Start, title);
        DrawLegend(canvas);
        DrawAxis(canvas);
        for (int i = 0; i < groups.Count; i++)
        {
            DrawGroup(canvas, groups[i], HeadHeight + (i * GroupHeight));
        }
    }

    private void DrawLegend(SvgCanvas canvas)
    {
        double y = Margin + TitleSize + 8;
        canvas.BeginGroup("legend");
        for (int i = 0; i < series.Count; i++)
        {
            canvas.Bar(FigureColors.OfSeries(i), Left + (i * LegendStep), y, BarHeight, BarHeight);
        }

        canvas.EndGroup();
        for (int i = 0; i < series.Count; i++)
        {
            canvas.Text(FigureColors.Ink, Left + (i * LegendStep) + BarHeight + 5, y + BarHeight, TextSize, TextAnchor.Start, series[i]);
        }
    }

    private void DrawAxis(SvgCanvas canvas)
    {
        canvas.BeginGroup("axis");
        for (double value = 0; value <= end; value += step)
        {
            canvas.Bar(FigureColors.Grid, X(value), HeadHeight - 4, 1, Bottom - HeadHeight + 4);
        }

        canvas.EndGroup();
        for (double value = 0; value <= end; value += step)
        {
            canvas.Text(
                FigureColors.Soft, X(value), Bottom + AxisHeight - 6, TextSize, TextAnchor.Middle,
                value.ToString("0.##", CultureInfo.InvariantCulture) + unit);
        }
    }

    private void DrawGroup(SvgCanvas canvas, BarGroup group, double top)
    {
        canvas.Text(
            FigureColors.Ink, Left - 8, top + (series.Count * BarHeight / 2) + (TextSize / 3), TextSize, TextAnchor.End, group.Name);
        canvas.BeginGroup(group.Name);
        for (int i = 0; i < group.Bars.Count; i++)
        {
            if (group.Bars[i] is { } bar)
            {
                canvas.Bar(FigureColors.OfSeries(i), Left, top + (i * BarHeight), X(Math.Clamp(bar.Value, 0, end)) - Left, BarHeight - 1);
            }
        }

        canvas.EndGroup();
        for (int i = 0; i < group.Bars.Count; i++)
        {
            if (group.Bars[i] is { } bar)
            {
                canvas.Text(
                    FigureColors.Soft, X(Math.Clamp(bar.Value, 0, end)) + 4, top + ((i + 1) * BarHeight) - 1.5, SmallText, TextAnchor.Start, bar.Text);
            }
        }
    }

    private double X(double value) => Left + (value / end * (PictureWidth - Left - TextRoom));
}
