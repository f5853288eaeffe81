using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json;
using ActorTrace.Traces.Spans;

namespace ActorTrace.Hosting.Service.Jaeger;

/// <summary>Writes answers as Jaeger's query service does (its model/json): times in whole microseconds, rounded down.</summary>
internal sealed class JaegerWriter : IAsyncDisposable
{
    private const ulong Microsecond = 1_000;
    private readonly PipeWriter _output;
    private readonly Utf8JsonWriter _json;

    /// <summary>Begins an answer.</summary>
    /// <param name="output">Gets it.</param>
    public JaegerWriter(PipeWriter output)
    {
        _output = output;
        _json = new Utf8JsonWriter(output);
        _json.WriteStartObject();
    }

    /// <summary>The text of a trace id.</summary>
    public static string Text(UInt128 trace) => trace.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>A list.</summary>
    public void Data<T>(IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        _json.WriteStartArray("data");
        foreach (T item in items)
        {
            write(_json, item);
        }

        _json.WriteEndArray();
        _json.WriteNumber("total", items.Count);
    }

    /// <summary>A few traces.</summary>
    public void Data(IReadOnlyList<FoundTrace> traces)
    {
        _json.WriteStartArray("data");
        foreach (FoundTrace trace in traces)
        {
            Write(trace);
        }

        _json.WriteEndArray();
        _json.WriteNumber("total", 0);
    }

    /// <summary>Traces, each sent when it is written.</summary>
    public async Task DataAsync(IAsyncEnumerable<FoundTrace> traces, CancellationToken stop)
    {
        _json.WriteStartArray("data");
        await foreach (FoundTrace trace in traces.WithCancellation(stop))
        {
            Write(trace);
            await _json.FlushAsync(stop);
            await _output.FlushAsync(stop);
        }

        _json.WriteEndArray();
        _json.WriteNumber("total", 0);
    }

    /// <summary>Ends the answer.</summary>
    /// <param name="errors">What could not be answered, with the trace that it is about.</param>
    /// <param name="code">HTTP status of the errors; 0 for none.</param>
    /// <param name="stop">Nobody reads any more.</param>
    public async Task EndAsync(IReadOnlyList<(string Message, UInt128? Trace)> errors, int code, CancellationToken stop)
    {
        _json.WriteNumber("limit", 0);
        _json.WriteNumber("offset", 0);
        if (errors.Count == 0)
        {
            _json.WriteNull("errors");
        }
        else
        {
            _json.WriteStartArray("errors");
            foreach ((string message, UInt128? trace) in errors)
            {
                WriteError(message, trace, code);
            }

            _json.WriteEndArray();
        }

        _json.WriteEndObject();
        await _json.FlushAsync(stop);
        await _output.FlushAsync(stop);
    }

    /// <summary>Nothing but an error.</summary>
    public void NoData()
    {
        _json.WriteNull("data");
        _json.WriteNumber("total", 0);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _json.DisposeAsync();

    private static string Text(ulong span) => span.ToString("x16", CultureInfo.InvariantCulture);

    private void WriteError(string message, UInt128? trace, int code)
    {
        _json.WriteStartObject();
        if (code != 0)
        {
            _json.WriteNumber("code", code);
        }

        _json.WriteString("msg", message);
        if (trace is { } id)
        {
            _json.WriteString("traceID", Text(id));
        }

        _json.WriteEndObject();
    }

    private void Write(FoundTrace found)
    {
        string[] services = [.. found.Trace.Spans.Select(s => s.Service).Distinct(StringComparer.Ordinal)];
        var processes = services.Select((service, number) => (service, Name: $"p{number + 1}")).ToDictionary(p => p.service, p => p.Name, StringComparer.Ordinal);
        _json.WriteStartObject();
        _json.WriteString("traceID", Text(found.Trace.Id));
        _json.WriteStartArray("spans");
        foreach (Span span in found.Trace.Spans)
        {
            Write(span, found.Clock, processes[span.Service]);
        }

        _json.WriteEndArray();
        _json.WriteStartObject("processes");
        foreach (string service in services)
        {
            _json.WriteStartObject(processes[service]);
            _json.WriteString("serviceName", service);
            Write(SpanResource.Of(found.Run));
            _json.WriteEndObject();
        }

        _json.WriteEndObject();
        _json.WriteNull("warnings");
        _json.WriteEndObject();
    }

    private void Write(Span span, SpanClock clock, string process)
    {
        _json.WriteStartObject();
        _json.WriteString("traceID", Text(span.Id.Trace));
        _json.WriteString("spanID", Text(span.Id.Span));
        _json.WriteString("operationName", span.Name);
        _json.WriteStartArray("references");
        if (span.Parent != 0)
        {
            WriteReference("CHILD_OF", new SpanId(span.Id.Trace, span.Parent));
        }

        if (span.Link is { } link)
        {
            WriteReference("FOLLOWS_FROM", link);
        }

        _json.WriteEndArray();
        _json.WriteNumber("startTime", clock.ToUnix(span.Start) / Microsecond);
        _json.WriteNumber("duration", (span.End - span.Start) * clock.Scale / Microsecond);
        Write(JaegerTags.Of(span));
        _json.WriteStartArray("logs");
        _json.WriteEndArray();
        _json.WriteString("processID", process);
        _json.WriteNull("warnings");
        _json.WriteEndObject();
    }

    private void WriteReference(string type, SpanId id)
    {
        _json.WriteStartObject();
        _json.WriteString("refType", type);
        _json.WriteString("traceID", Text(id.Trace));
        _json.WriteString("spanID", Text(id.Span));
        _json.WriteEndObject();
    }

    private void Write(IEnumerable<SpanAttribute> tags)
    {
        _json.WriteStartArray("tags");
        foreach (SpanAttribute tag in tags)
        {
            _json.WriteStartObject();
            _json.WriteString("key", tag.Key);
            if (tag.Text is { } text)
            {
                _json.WriteString("type", "string");
                _json.WriteString("value", text);
            }
            else
            {
                _json.WriteString("type", "int64");
                _json.WriteNumber("value", tag.Number);
            }

            _json.WriteEndObject();
        }

        _json.WriteEndArray();
    }
}
