namespace ActorTrace.Traces.Spans;

/// <summary>What a receiver is told of a span besides the span itself.</summary>
public static class SpanResource
{
    /// <summary>The instrumentation scope of all spans.</summary>
    public const string Scope = "ActorTrace";

    /// <summary>Attributes of a service, its name left out.</summary>
    /// <remarks>
    /// Every service has the same host, so that no reader takes the cores for hosts with clocks of their own; actortrace.time tells
    /// simulated spans from the program's own.
    /// </remarks>
    /// <param name="run">Id of the run.</param>
    public static IReadOnlyList<SpanAttribute> Of(string run) =>
    [
        SpanAttribute.Of("service.namespace", "actortrace"),
        SpanAttribute.Of("service.instance.id", run),
        SpanAttribute.Of("host.name", "actortrace"),
        SpanAttribute.Of("actortrace.time", "simulated"),
    ];

    /// <summary>The attribute that every span has: its start since the board was switched on.</summary>
    public static SpanAttribute Start(Span span) => SpanAttribute.Of("sim.ns", (long)span.Start);
}
