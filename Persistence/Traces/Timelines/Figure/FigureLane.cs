namespace ActorTrace.Traces.Timelines.Figure;

/// <summary>Draws a lane. What is narrower than a pixel is put together pixel by pixel, and equal pixels into one bar.</summary>
/// <param name="timeline">The timeline.</param>
/// <param name="canvas">Where to.</param>
/// <param name="scale">Time on it.</param>
internal sealed class FigureLane(Timeline timeline, IFigureCanvas canvas, FigureScale scale)
{
    private const double LeastShare = 0.15;
    private const double WaitHeight = 0.55;
    private const double GlyphRoom = 6;
    private const double LetterWidth = 0.58;

    /// <summary>Draws its slices.</summary>
    public void Slices(TimelineLane lane, double top, double height)
    {
        var crowd = new PixelCrowd();
        (int pixel, double level, int label, int from) run = (-1, 0, -1, 0);
        foreach (TimelineSlice slice in lane.Slices)
        {
            TimelineLabel label = timeline.Labels[slice.Label];
            if (label.Style == LabelStyle.Idle)
            {
                continue;
            }

            double left = scale.X(slice.Start);
            double width = scale.X(slice.End) - left;
            if (width >= 1)
            {
                Wide(lane, label, left, top, width, height);
                continue;
            }

            int pixel = (int)left;
            if (pixel != crowd.Pixel)
            {
                Flush(crowd, ref run, top, height);
                crowd = new PixelCrowd { Pixel = pixel };
            }

            crowd.Add(slice, label.Style);
        }

        Flush(crowd, ref run, top, height);
        Close(run, top, height);
    }

    /// <summary>Draws its points into the strip below its slices.</summary>
    public void Points(TimelineLane lane, double top, double height)
    {
        double last = double.MinValue;
        foreach (TimelinePoint point in lane.Points)
        {
            double x = scale.X(point.At);
            LabelStyle style = timeline.Labels[point.Label].Style;
            if (x - last < (style == LabelStyle.Loss ? 0 : 1))
            {
                continue;
            }

            Glyph(style, x, top, height, x - last >= GlyphRoom);
            last = x;
        }
    }

    /// <summary>The mark of a point: as on the page.</summary>
    public void Glyph(LabelStyle style, double x, double top, double height, bool hasRoom)
    {
        string color = FigureColors.OfStyle(style);
        double size = Math.Min(3, height / 2);
        double middle = top + (height / 2);
        switch (style)
        {
            case LabelStyle.Hit or LabelStyle.Wakeup when hasRoom:
                canvas.Shape(color, (x, middle - size), (x + size, middle + size), (x - size, middle + size));
                break;
            case LabelStyle.Marker or LabelStyle.Probe when hasRoom:
                canvas.Shape(color, (x, middle - size), (x + size, middle), (x, middle + size), (x - size, middle));
                break;
            case LabelStyle.Loss: canvas.Bar(color, x - 1, top, 2, height); break;
            default: canvas.Bar(color, x - 0.4, top + 1, 0.8, height - 2); break;
        }
    }

    /// <summary>A slice on its own, as in the lane and in the legend.</summary>
    public void Slice(TimelineLabel label, double left, double top, double width, double height)
    {
        string color = FigureColors.Of(label);
        switch (label.Style)
        {
            case LabelStyle.Sleeping: canvas.Bar(color, left, top + height - 1.5, width, 0.8); break;
            case LabelStyle.Woken or LabelStyle.Preempted or LabelStyle.Blocked:
                canvas.Bar(color, left, top + (height * (1 - WaitHeight)), width, height * WaitHeight);
                break;
            default: canvas.Bar(color, left, top, width, height); break;
        }
    }

    /// <summary>A text cut to a room; empty where hardly any of it fits. What a font needs is estimated, so that all canvases show the same.</summary>
    public static string Fit(string text, double room, double size)
    {
        int letters = (int)(room / (size * LetterWidth));
        return text.Length <= letters ? text : letters < 4 ? string.Empty : text[..(letters - 1)] + "\u2026";
    }

    private void Wide(TimelineLane lane, TimelineLabel label, double left, double top, double width, double height)
    {
        // A hair of paper keeps neighbours of one colour apart.
        double shown = lane.Kind == LaneKind.Task || width < 3 ? width : width - 0.5;
        Slice(label, left, top, shown, height);
    }

    /// <summary>Names its slices where there is room.</summary>
    public void Texts(TimelineLane lane, double top, double height, double size)
    {
        foreach (TimelineSlice slice in lane.Slices)
        {
            double left = scale.X(slice.Start);
            TimelineLabel label = timeline.Labels[slice.Label];
            bool isSolid = label.Style is LabelStyle.Task or LabelStyle.Hypervisor;
            string text = isSolid && lane.Kind != LaneKind.Task ? Fit(label.Text, scale.X(slice.End) - left - 6, size) : string.Empty;
            if (text.Length > 0)
            {
                canvas.Text(FigureColors.Paper, left + 3, top + (height / 2) + (size * 0.36), size, TextAnchor.Start, text);
            }
        }
    }

    private void Flush(PixelCrowd crowd, ref (int Pixel, double Level, int Label, int From) run, double top, double height)
    {
        if (crowd.Pixel < 0 || crowd.Label < 0)
        {
            return;
        }

        // Half pixels are enough, and let more neighbours be equal.
        double share = crowd.Busy > 0 ? LeastShare + ((1 - LeastShare) * Math.Min(1, crowd.Busy / scale.Pixel)) : 0.4;
        double level = Math.Round(share * height * 2, MidpointRounding.AwayFromZero) / 2;
        if (run.Pixel == crowd.Pixel - 1 && run.Level == level && run.Label == crowd.Label)
        {
            run.Pixel = crowd.Pixel;
            return;
        }

        Close(run, top, height);
        run = (crowd.Pixel, level, crowd.Label, crowd.Pixel);
    }

    private void Close((int Pixel, double Level, int Label, int From) run, double top, double height)
    {
        if (run.Label >= 0)
        {
            canvas.Bar(FigureColors.Of(timeline.Labels[run.Label]), run.From, top + height - run.Level, run.Pixel - run.From + 1, run.Level);
        }
    }

    /// <summary>The slices that share a pixel.</summary>
    private struct PixelCrowd
    {
        private ulong _longest;

        public PixelCrowd()
        {
        }

        public int Pixel { get; init; } = -1;

        /// <summary>The label that takes most time; -1 while all sleep.</summary>
        public int Label { get; private set; } = -1;

        /// <summary>Nanoseconds of work.</summary>
        public ulong Busy { get; private set; }

        public void Add(in TimelineSlice slice, LabelStyle style)
        {
            if (style == LabelStyle.Sleeping)
            {
                return;
            }

            ulong length = slice.End - slice.Start;
            Busy += style is LabelStyle.Task or LabelStyle.Interrupt or LabelStyle.Hypervisor ? length : 0;
            if (Label < 0 || length > _longest)
            {
                (Label, _longest) = (slice.Label, length);
            }
        }
    }
}
