using System.Globalization;

namespace ActorTrace.Traces.Formats.Reading;

/// <summary>A place in a trace file.</summary>
/// <param name="IsLine">Whether the file is text.</param>
/// <param name="Number">1-based line of a text, else offset in bytes.</param>
public readonly record struct TracePlace(bool IsLine, long Number)
{
    /// <summary>A line of a text.</summary>
    public static TracePlace Line(long number) => new(IsLine: true, number);

    /// <summary>A byte of a binary file.</summary>
    public static TracePlace Byte(long offset) => new(IsLine: false, offset);

    /// <summary>E.g. "line 12" or "byte 4096".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsLine ? "line" : "byte")} {Number}");
}
