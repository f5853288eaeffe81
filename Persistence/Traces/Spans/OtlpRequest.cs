using ActorTrace.Traces.Formats;

namespace ActorTrace.Traces.Spans;

/// <summary>How simulated time is told to OpenTelemetry.</summary>
/// <param name="Epoch">Unix nanoseconds at which the board was switched on.</param>
/// <param name="Scale">How many nanoseconds one nanosecond of simulated time is shown as, at least 1: Jaeger shows microseconds.</param>
public readonly record struct SpanClock(ulong Epoch, ulong Scale)
{
    /// <summary>Unix nanoseconds.</summary>
    public ulong ToUnix(ulong nanoseconds) => Epoch + (nanoseconds * Scale);
}

/// <summary>Spans as the bytes of an ExportTraceServiceRequest (opentelemetry/proto/collector/trace/v1).</summary>
/// <param name="run">Id of the run: service.instance.id.</param>
/// <param name="clock">How times are told.</param>
public sealed class OtlpRequest(string run, SpanClock clock)
{
    private const int Internal = 1;

    private readonly SortedDictionary<string, ProtoBuffer> _services = new(StringComparer.Ordinal);
    private readonly ProtoBuffer _request = new();
    private readonly IReadOnlyList<SpanAttribute> _resource = SpanResource.Of(run);

    /// <summary>Spans in it.</summary>
    public int Count { get; private set; }

    /// <summary>About its bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Adds a span.</summary>
    public void Add(Span span)
    {
        if (!_services.TryGetValue(span.Service, out ProtoBuffer? spans))
        {
            _services.Add(span.Service, spans = new ProtoBuffer());
        }

        int before = spans.Length;
        Put(spans, span);
        Count++;
        Length += spans.Length - before;
    }

    /// <summary>The bytes; the request begins anew.</summary>
    public byte[] Take()
    {
        _request.Clear();
        foreach ((string service, ProtoBuffer spans) in _services)
        {
            if (spans.Length > 0)
            {
                PutService(service, spans);
                spans.Clear();
            }
        }

        (Count, Length) = (0, 0);
        return _request.Written.ToArray();
    }

    // ResourceSpans: resource 1, scope_spans 2 (scope 1, spans 2).
    private void PutService(string service, ProtoBuffer spans)
    {
        int resourceSpans = _request.Begin(1);
        int resource = _request.Begin(1);
        Put(_request, 1, SpanAttribute.Of("service.name", service));
        foreach (SpanAttribute attribute in _resource)
        {
            Put(_request, 1, attribute);
        }

        _request.End(resource);
        int scopeSpans = _request.Begin(2);
        int scope = _request.Begin(1);
        _request.Text(1, SpanResource.Scope);
        _request.End(scope);
        _request.Append(spans);
        _request.End(scopeSpans);
        _request.End(resourceSpans);
    }

    // Span: trace_id 1, span_id 2, parent_span_id 4, name 5, kind 6, start 7, end 8, attributes 9, links 13.
    private void Put(ProtoBuffer output, Span span)
    {
        int message = output.Begin(2);
        output.Bytes(1, span.Id.Trace);
        output.Bytes(2, span.Id.Span);
        if (span.Parent != 0)
        {
            output.Bytes(4, span.Parent);
        }

        output.Text(5, span.Name);
        output.Varint(6, Internal);
        output.Fixed(7, clock.ToUnix(span.Start));
        output.Fixed(8, clock.ToUnix(span.End));
        Put(output, 9, SpanResource.Start(span));
        foreach (SpanAttribute attribute in span.Attributes)
        {
            Put(output, 9, attribute);
        }

        if (span.Link is { } link)
        {
            int linked = output.Begin(13);
            output.Bytes(1, link.Trace);
            output.Bytes(2, link.Span);
            output.End(linked);
        }

        output.End(message);
    }

    // KeyValue: key 1, value 2 (AnyValue: string_value 1, int_value 3).
    private static void Put(ProtoBuffer output, int field, SpanAttribute attribute)
    {
        int pair = output.Begin(field);
        output.Text(1, attribute.Key);
        int value = output.Begin(2);
        if (attribute.Text is { } text)
        {
            output.Text(1, text);
        }
        else
        {
            output.Varint(3, (ulong)attribute.Number);
        }

        output.End(value);
        output.End(pair);
    }
}
