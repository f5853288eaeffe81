namespace ActorTrace.Traces.Timelines.Figure;

/// <summary>Where a text stands on its x.</summary>
public enum TextAnchor
{
    /// <summary>It begins there.</summary>
    Start,

    /// <summary>Its middle is there.</summary>
    Middle,

    /// <summary>It ends there.</summary>
    End,
}

/// <summary>Something to draw a figure on: SVG, or pixels. Lengths in pixels, y downwards; colours as #rrggbb.</summary>
public interface IFigureCanvas
{
    /// <summary>Begins a group of bars and shapes that do not cover each other; texts and curves are never part of one.</summary>
    /// <param name="name">What it is.</param>
    void BeginGroup(string name);

    /// <summary>Ends it.</summary>
    void EndGroup();

    /// <summary>A filled rectangle.</summary>
    void Bar(string color, double x, double y, double width, double height);

    /// <summary>A filled shape.</summary>
    /// <param name="color">Its colour.</param>
    /// <param name="corners">At least three.</param>
    void Shape(string color, params ReadOnlySpan<(double X, double Y)> corners);

    /// <summary>A curve between two points, bent by two others (cubic Bezier).</summary>
    void Curve(string color, (double X, double Y) from, (double X, double Y) bend, (double X, double Y) bend2, (double X, double Y) to);

    /// <summary>A line of text.</summary>
    /// <param name="color">Its colour.</param>
    /// <param name="x">Where it is anchored.</param>
    /// <param name="y">Its base line.</param>
    /// <param name="size">Height of the font.</param>
    /// <param name="anchor">What of it is at x.</param>
    /// <param name="text">The text.</param>
    void Text(string color, double x, double y, double size, TextAnchor anchor, string text);
}
