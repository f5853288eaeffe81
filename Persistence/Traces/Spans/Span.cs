namespace ActorTrace.Traces.Spans;

/// <summary>Identity of a span: 16 and 8 bytes in OpenTelemetry.</summary>
/// <param name="Trace">The trace that it belongs to; not 0.</param>
/// <param name="Span">The span; not 0.</param>
public readonly record struct SpanId(UInt128 Trace, ulong Span);

/// <summary>An attribute of a span: a text, or a number where there is no text.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Text">The text; null for a number.</param>
/// <param name="Number">The number.</param>
public readonly record struct SpanAttribute(string Key, string? Text, long Number)
{
    /// <summary>A number.</summary>
    public static SpanAttribute Of(string key, long number) => new(key, null, number);

    /// <summary>A text.</summary>
    public static SpanAttribute Of(string key, string text) => new(key, text, 0);
}

/// <summary>A span of simulated time.</summary>
/// <param name="Id">Its identity.</param>
/// <param name="Parent">The span of the same trace that it is part of; 0 for none.</param>
/// <param name="Service">Who did it: a core's hypervisor, a guest, the run.</param>
/// <param name="Name">What was done.</param>
/// <param name="Start">Nanoseconds since the board was switched on.</param>
/// <param name="End">Nanoseconds, not before Start.</param>
/// <param name="Attributes">What else is known.</param>
/// <param name="Link">A span of another trace that it belongs to.</param>
public sealed record Span(
    SpanId Id, ulong Parent, string Service, string Name, ulong Start, ulong End, IReadOnlyList<SpanAttribute> Attributes, SpanId? Link = null);
