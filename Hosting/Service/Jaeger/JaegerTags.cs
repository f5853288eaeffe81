using ActorTrace.Traces.Spans;

namespace ActorTrace.Hosting.Service.Jaeger;

/// <summary>The tags that Jaeger makes of an OTLP span: scope, attributes, kind.</summary>
internal static class JaegerTags
{
    /// <summary>Kind of all spans.</summary>
    public const string Kind = "internal";

    /// <summary>The tags of a span.</summary>
    public static IEnumerable<SpanAttribute> Of(Span span) =>
    [
        SpanAttribute.Of("otel.scope.name", SpanResource.Scope), SpanResource.Start(span), .. span.Attributes, SpanAttribute.Of("span.kind", Kind),
    ];
}
