using System.Globalization;
using System.Text;

namespace ActorTrace.Traces.Timelines.Figure;

/// <summary>A timeline as a figure for a paper: the lanes of the page without those of tasks that only sleep, an axis, a legend.</summary>
public sealed class TimelineFigure
{
    /// <summary>The narrowest figure.</summary>
    public const int LeastWidth = 320;

    /// <summary>The widest and highest figure.</summary>
    public const int MostPixels = 20_000;

    /// <summary>More causal arrows than these are not drawn: they could not be told apart.</summary>
    public const int MostArrows = 200;

    private const double GutterWidth = 150;
    private const double Margin = 10;
    private const double AxisHeight = 22;
    private const double LegendHeight = 26;
    private const double GroupHeight = 18;
    private const double TextSize = 10.5;
    private const double SmallText = 9;

    private static readonly (LabelStyle Style, string Text)[] Legend =
    [
        (LabelStyle.Task, "running"), (LabelStyle.Woken, "runnable, woken"), (LabelStyle.Preempted, "runnable, preempted"),
        (LabelStyle.Blocked, "blocked"), (LabelStyle.Interrupt, "interrupt"), (LabelStyle.Hypervisor, "hypervisor"),
        (LabelStyle.Loss, "events lost"), (LabelStyle.Hit, "probe hit"), (LabelStyle.Marker, "marker"),
    ];

    private readonly Timeline _timeline;
    private readonly TimelineLane[] _lanes;
    private readonly double _stretch;

    /// <summary>A figure of a timeline.</summary>
    /// <param name="timeline">The timeline.</param>
    /// <param name="width">Pixels, <see cref="LeastWidth"/> to <see cref="MostPixels"/>.</param>
    /// <param name="height">Pixels; null for what the lanes need.</param>
    public TimelineFigure(Timeline timeline, int width, int? height)
    {
        _timeline = timeline;
        _lanes = [.. timeline.Lanes.Where(IsLively)];
        Width = width;
        double fixedHeight = (2 * Margin) + AxisHeight + LegendHeight;
        double needed = _lanes.Sum(HeightOf) + (_lanes.Select(lane => lane.Group).Distinct(StringComparer.Ordinal).Count() * GroupHeight);
        _stretch = height is { } wanted && needed > 0 ? Math.Max(0.2, (wanted - fixedHeight) / needed) : 1;
        Height = height ?? (int)Math.Ceiling(fixedHeight + needed);
    }

    /// <summary>Pixels.</summary>
    public int Width { get; }

    /// <summary>Pixels.</summary>
    public int Height { get; }

    /// <summary>Writes it as SVG; the same timeline always gives the same bytes.</summary>
    public void WriteSvg(Stream output)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true);
        var canvas = new SvgCanvas(writer, Width, Height, _timeline.Title);
        Draw(canvas);
        canvas.End();
    }

    /// <summary>Draws it.</summary>
    public void Draw(IFigureCanvas canvas)
    {
        canvas.BeginGroup("background");
        canvas.Bar(FigureColors.Paper, 0, 0, Width, Height);
        canvas.EndGroup();
        double left = Margin + GutterWidth;
        var scale = new FigureScale(_timeline.Start, Math.Max(_timeline.End, _timeline.Start + 1), left, Width - left - Margin);
        double bottom = Height - Margin - LegendHeight;
        Axis(canvas, scale, bottom);
        var places = new Dictionary<TimelineLane, double>();
        double y = Margin + AxisHeight;
        string? group = null;
        var drawing = new FigureLane(_timeline, canvas, scale);
        foreach (TimelineLane lane in _lanes)
        {
            if (!string.Equals(lane.Group, group, StringComparison.Ordinal))
            {
                group = lane.Group;
                canvas.Text(FigureColors.Faint, Margin, y + (GroupHeight * _stretch) - 4, SmallText, TextAnchor.Start, group.ToUpperInvariant());
                y += GroupHeight * _stretch;
            }

            places.Add(lane, y);
            Lane(canvas, drawing, lane, y, scale);
            y += HeightOf(lane) * _stretch;
        }

        Arrows(canvas, scale, places);
        DrawLegend(canvas, drawing, bottom + LegendHeight);
    }

    /// <summary>A task that neither ran nor wanted to is not worth a line of paper.</summary>
    private bool IsLively(TimelineLane lane) => lane.Kind != LaneKind.Task
        || lane.Slices.Any(slice => _timeline.Labels[slice.Label].Style is not (LabelStyle.Sleeping or LabelStyle.Blocked));

    private static double BarOf(TimelineLane lane) => lane.Kind switch
    {
        LaneKind.Cpu => 22,
        LaneKind.Interrupts => 7,
        LaneKind.Hypervisor => 15,
        _ => 12,
    };

    private static double StripOf(TimelineLane lane) => lane.Kind switch
    {
        LaneKind.Interrupts => 0,
        LaneKind.Hypervisor => 5,
        _ => 7,
    };

    private static double HeightOf(TimelineLane lane) => BarOf(lane) + StripOf(lane) + 3;

    private void Lane(IFigureCanvas canvas, FigureLane drawing, TimelineLane lane, double top, FigureScale scale)
    {
        double bar = BarOf(lane) * _stretch;
        double size = Math.Min(TextSize, Math.Max(6, bar + 2));
        canvas.BeginGroup(lane.Title);
        if (lane.Kind is LaneKind.Cpu or LaneKind.Hypervisor)
        {
            canvas.Bar(FigureColors.Idle, scale.Left, top, scale.Width, bar);
        }

        canvas.EndGroup();
        canvas.Text(FigureColors.Ink, Margin, top + (bar / 2) + (size * 0.36), size, TextAnchor.Start, FigureLane.Fit(lane.Title, GutterWidth - 45, size));
        canvas.Text(FigureColors.Faint, Margin + GutterWidth - 8, top + (bar / 2) + (size * 0.36), Math.Min(SmallText, size), TextAnchor.End, lane.Note);
        canvas.BeginGroup(lane.Key);
        drawing.Slices(lane, top, bar);
        drawing.Points(lane, top + bar, StripOf(lane) * _stretch);
        canvas.EndGroup();
        if (bar >= 11)
        {
            drawing.Texts(lane, top, bar, Math.Min(TextSize, bar - 3));
        }
    }

    private void Axis(IFigureCanvas canvas, FigureScale scale, double bottom)
    {
        ulong step = scale.Step(90);
        int digits = Math.Clamp(9 - (int)Math.Floor(Math.Log10(step) + 1e-9), 0, 9);
        var marks = new List<ulong>();
        for (ulong at = (scale.Start + step - 1) / step * step; at <= scale.End; at += step)
        {
            marks.Add(at);
        }

        canvas.BeginGroup("time");
        foreach (ulong at in marks)
        {
            canvas.Bar(FigureColors.Grid, scale.X(at) - 0.5, Margin + AxisHeight - 4, 1, bottom - Margin - AxisHeight);
        }

        canvas.EndGroup();
        foreach (ulong at in marks)
        {
            if (scale.X(at) < Width - Margin - 40)
            {
                string text = (at / 1_000_000_000m).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) + " s";
                canvas.Text(FigureColors.Soft, scale.X(at), Margin + AxisHeight - 9, SmallText, TextAnchor.Start, text);
            }
        }
    }

    private void Arrows(IFigureCanvas canvas, FigureScale scale, Dictionary<TimelineLane, double> places)
    {
        if (_timeline.Arrows.Count > MostArrows)
        {
            return;
        }

        canvas.BeginGroup("arrows");
        foreach (TimelineArrow arrow in _timeline.Arrows)
        {
            (double x, double y) = (scale.X(arrow.To), End(arrow.ToLane));
            canvas.Shape(FigureColors.Arrow, (x, y), (x - 2.5, y + Head(arrow)), (x + 2.5, y + Head(arrow)));
        }

        canvas.EndGroup();
        foreach (TimelineArrow arrow in _timeline.Arrows)
        {
            (double X, double Y) from = (scale.X(arrow.From), End(arrow.FromLane));
            (double X, double Y) to = (scale.X(arrow.To), End(arrow.ToLane) + Head(arrow));
            double bend = (to.Y - from.Y) / 3;
            canvas.Curve(FigureColors.Arrow, from, (from.X, from.Y + bend), (to.X, to.Y - bend), to);
        }

        double End(int lane) => places[_timeline.Lanes[lane]] + ((BarOf(_timeline.Lanes[lane]) + (StripOf(_timeline.Lanes[lane]) / 2)) * _stretch);

        double Head(TimelineArrow arrow) => End(arrow.FromLane) >= End(arrow.ToLane) ? 4.5 : -4.5;
    }

    private void DrawLegend(IFigureCanvas canvas, FigureLane drawing, double bottom)
    {
        double x = Margin + GutterWidth;
        double top = bottom - 12;
        foreach ((LabelStyle style, string text) in Legend)
        {
            int label = IndexOf(style);
            if (label < 0)
            {
                continue;
            }

            canvas.BeginGroup(text);
            if (style >= LabelStyle.Hit)
            {
                drawing.Glyph(style, x + 7, top, 9, hasRoom: true);
            }
            else
            {
                drawing.Slice(_timeline.Labels[label], x, top, 14, 9);
            }

            canvas.EndGroup();
            canvas.Text(FigureColors.Soft, x + 18, top + 8, SmallText, TextAnchor.Start, text);
            x += 32 + (text.Length * SmallText * 0.55);
        }

        if (_timeline.Arrows.Count is > 0 and <= MostArrows)
        {
            canvas.Curve(FigureColors.Arrow, (x, top + 4.5), (x + 4, top + 4.5), (x + 8, top + 4.5), (x + 11, top + 4.5));
            canvas.BeginGroup("arrow");
            canvas.Shape(FigureColors.Arrow, (x + 15, top + 4.5), (x + 10, top + 2), (x + 10, top + 7));
            canvas.EndGroup();
            canvas.Text(FigureColors.Soft, x + 18, top + 8, SmallText, TextAnchor.Start, "hit to log entry");
        }
    }

    private int IndexOf(LabelStyle style)
    {
        for (int i = 0; i < _timeline.Labels.Count; i++)
        {
            if (_timeline.Labels[i].Style == style)
            {
                return i;
            }
        }

        return -1;
    }
}
