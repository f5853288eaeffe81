using System.Globalization;
using System.Net;
using System.Text.Json;
using Google.Protobuf;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;
using Xunit;

namespace ActorTrace.Telemetry.Tests;

/// <summary>Jaeger's query API over the journal answers what Jaeger would answer to whom a receiver of OTLP got the run from.</summary>
public sealed class JaegerApiTests(JaegerService service) : IClassFixture<JaegerService>
{
    private const string Always = "start=0&end=9000000000000000&limit=10000";

    private IReadOnlyList<(string Service, Span Span)> Sent => service.Sent;

    [Fact]
    public async Task Every_span_that_an_export_sends_is_answered_as_Jaeger_makes_it_of_OTLP()
    {
        JaegerAnswer<string[]> services = await GetAsync<string[]>("/api/services");
        Assert.Equal(Sent.Select(s => s.Service).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), services.Data!.Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(services.Data!.Length, services.Total);

        var answered = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string name in services.Data!)
        {
            JaegerAnswer<JaegerTrace[]> traces = await GetAsync<JaegerTrace[]>($"/api/traces?service={Uri.EscapeDataString(name)}&{Always}");
            Assert.Null(traces.Errors);
            foreach (JaegerTrace trace in traces.Data!)
            {
                Assert.All(trace.Spans, span => Assert.Equal(trace.TraceID, span.TraceID));
                foreach (JaegerSpan span in trace.Spans)
                {
                    answered[$"{span.TraceID} {span.SpanID}"] = Told(span, trace.Processes[span.ProcessID]);
                }
            }
        }

        Assert.Equal(Sent.Count, answered.Count);
        Assert.All(Sent, sent => Assert.Equal(Told(sent.Service, sent.Span), answered[$"{Hex(sent.Span.TraceId)} {Hex(sent.Span.SpanId)}"]));
    }

    [Theory]
    [InlineData("guest ucos", "operation=hit%20OSIntCtxSw", true)]
    [InlineData("guest ucos", "operation=hit%20OSIntCtxSw&minDuration=3us", true)]
    [InlineData("guest android", "maxDuration=5us&minDuration=2us", true)]
    [InlineData("hypervisor core 1", "tags=%7B%22cost%22%3A%22RingWrite%22%7D", true)]
    [InlineData("hypervisor core 1", "tag=core:1&tag=actortrace.time:simulated&operation=hyp_extract", true)]
    [InlineData("guest ucos", "tag=task:RTOS-Task1", true)]
    [InlineData("guest ucos", "tag=service.instance.id:another", false)]
    [InlineData("run", "", true)]
    [InlineData("nobody", "", false)]
    public async Task A_search_finds_the_traces_that_have_such_a_span(string name, string conditions, bool some)
    {
        string[] found = [.. (await GetAsync<JaegerTrace[]>($"/api/traces?service={Uri.EscapeDataString(name)}&{Always}&{conditions}")).Data!.Select(t => t.TraceID)];

        Assert.Equal(some, found.Length > 0);
        Assert.Equal(found.Length, found.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(
            Sent.Where(s => string.Equals(s.Service, name, StringComparison.Ordinal) && Suits(s.Span, conditions))
                .Select(s => Hex(s.Span.TraceId)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
            found.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_window_of_time_and_a_limit_bound_a_search()
    {
        ulong[] starts = [.. Sent.Where(s => s.Span.Name is "hit OSIntCtxSw").Select(s => s.Span.StartTimeUnixNano / 1000).Order()];
        (ulong from, ulong to) = (starts[starts.Length / 4], starts[starts.Length / 2]);
        string window = $"/api/traces?service=guest%20ucos&start={from}&end={to}";

        JaegerTrace[] all = (await GetAsync<JaegerTrace[]>($"{window}&limit=10000&operation=hit%20OSIntCtxSw")).Data!;
        JaegerTrace[] three = (await GetAsync<JaegerTrace[]>($"{window}&limit=3")).Data!;

        Assert.Equal(
            Sent.Count(s => s.Span.Name is "hit OSIntCtxSw" && s.Span.StartTimeUnixNano >= from * 1000 && s.Span.StartTimeUnixNano <= to * 1000), all.Length);
        Assert.NotEmpty(all);
        Assert.Equal(3, three.Length);
        Assert.All(three, trace => Assert.Contains(trace.Spans, span => span.StartTime >= (long)from && span.StartTime <= (long)to));

        // Without a window the last two days are searched, with another lookback those.
        Assert.NotEmpty((await GetAsync<JaegerTrace[]>("/api/traces?service=run&lookback=1h")).Data!);
        Assert.Empty((await GetAsync<JaegerTrace[]>("/api/traces?service=run&lookback=1ns")).Data!);
    }

    [Fact]
    public async Task A_trace_is_found_by_its_id_and_several_at_once()
    {
        string[] ids = [.. Sent.Where(s => s.Span.ParentSpanId.IsEmpty).Take(3).Select(s => Hex(s.Span.TraceId))];

        JaegerTrace one = Assert.Single((await GetAsync<JaegerTrace[]>($"/api/traces/{ids[0]}")).Data!);
        JaegerAnswer<JaegerTrace[]> several = await GetAsync<JaegerTrace[]>($"/api/traces?traceID={ids[1]}&traceID={ids[2]}&traceID=abc");

        Assert.Equal(Sent.Count(s => string.Equals(Hex(s.Span.TraceId), ids[0], StringComparison.Ordinal)), one.Spans.Length);
        Assert.Equal([ids[1], ids[2]], several.Data!.Select(t => t.TraceID), StringComparer.Ordinal);
        Assert.Equal(("trace not found", "00000000000000000000000000000abc"), (several.Errors!.Single().Msg, several.Errors!.Single().TraceID));
    }

    [Fact]
    public async Task Operations_are_listed_for_both_faces()
    {
        string[] expected = [.. Sent.Where(s => s.Service is "guest ucos").Select(s => s.Span.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

        Assert.Equal(expected, (await GetAsync<string[]>("/api/services/guest%20ucos/operations")).Data!, StringComparer.Ordinal);
        JaegerOperation[] operations = (await GetAsync<JaegerOperation[]>("/api/operations?service=guest%20ucos&spanKind=internal")).Data!;
        Assert.Equal(expected.Select(name => new JaegerOperation(name, "internal")), operations);
        Assert.Empty((await GetAsync<JaegerOperation[]>("/api/operations?service=guest%20ucos&spanKind=server")).Data!);

        JsonElement third = JsonElement.Parse(await service.Client.GetStringAsync("/api/v3/operations?service=guest%20ucos"));
        Assert.Equal(expected, third.GetProperty("operations").EnumerateArray().Select(o => o.GetProperty("name").GetString()!), StringComparer.Ordinal);
        third = JsonElement.Parse(await service.Client.GetStringAsync("/api/v3/services"));
        Assert.Contains("guest ucos", third.GetProperty("services").EnumerateArray().Select(s => s.GetString()!), StringComparer.Ordinal);
        Assert.Empty((await GetAsync<JsonElement[]>("/api/dependencies?endTs=1&lookback=1")).Data!);
    }

    [Theory]
    [InlineData("/api/traces", 400, "parameter 'service' is required")]
    [InlineData("/api/operations", 400, "parameter 'service' is required")]
    [InlineData("/api/traces?service=run&start=yesterday", 400, "unable to parse param 'start': it is to be microseconds since 1970")]
    [InlineData("/api/traces?service=run&minDuration=10", 400, "unable to parse param 'minDuration': it is to be a duration like 1.2s, 100ms or 500us")]
    [InlineData("/api/traces?service=run&minDuration=2s&maxDuration=1s", 400, "'maxDuration' should be greater than 'minDuration'")]
    [InlineData("/api/traces?service=run&tags=%7Bno", 400, "unable to parse param 'tags': it is to be a JSON object of texts")]
    [InlineData("/api/traces?service=run&tag=no", 400, "unable to parse param 'tag': it is to be key:value")]
    [InlineData("/api/traces/xyz", 400, "'xyz' is no trace id (1 to 32 hexadecimal digits)")]
    [InlineData("/api/traces/0123", 404, "trace not found")]
    public async Task What_cannot_be_answered_is_told_as_Jaeger_tells_it(string path, int status, string message)
    {
        using HttpResponseMessage response = await service.Client.GetAsync(path);

        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        JaegerAnswer<JsonElement?> answer = JsonSerializer.Deserialize<JaegerAnswer<JsonElement?>>(await response.Content.ReadAsStringAsync(), JaegerModel.Options)!;
        Assert.Equal(new JaegerError(message, status), Assert.Single(answer.Errors!));
    }

    private static bool Suits(Span span, string conditions)
    {
        ulong duration = span.EndTimeUnixNano - span.StartTimeUnixNano;
        bool HasText(string key, string value) => span.Attributes.Any(a => string.Equals(a.Key, key, StringComparison.Ordinal) && string.Equals(a.Value.StringValue, value, StringComparison.Ordinal));
        return conditions switch
        {
            "" => true,
            "operation=hit%20OSIntCtxSw" => span.Name is "hit OSIntCtxSw",
            "operation=hit%20OSIntCtxSw&minDuration=3us" => span.Name is "hit OSIntCtxSw" && duration >= 3_000,
            "maxDuration=5us&minDuration=2us" => duration is >= 2_000 and <= 5_000,
            "tags=%7B%22cost%22%3A%22RingWrite%22%7D" => HasText("cost", "RingWrite"),
            "tag=core:1&tag=actortrace.time:simulated&operation=hyp_extract" => span.Name is "hyp_extract" && span.Attributes.Any(a => a is { Key: "core", Value.IntValue: 1 }),
            "tag=task:RTOS-Task1" => HasText("task", "RTOS-Task1"),
            "tag=service.instance.id:another" => false,
            _ => throw new ArgumentException(conditions, nameof(conditions)),
        };
    }

    /// <summary>A span of the receiver as Jaeger translates OTLP: links follow, times are whole microseconds.</summary>
    private string Told(string name, Span span)
    {
        string trace = Hex(span.TraceId);
        string[] references =
        [
            .. span.ParentSpanId.IsEmpty ? Array.Empty<string>() : [$"CHILD_OF {trace} {Hex(span.ParentSpanId)}"],
            .. span.Links.Select(link => $"FOLLOWS_FROM {Hex(link.TraceId)} {Hex(link.SpanId)}"),
        ];
        string[] tags =
        [
            .. span.Attributes.Select(Told), "otel.scope.name=string:ActorTrace", "span.kind=string:internal",
        ];
        string[] process = ["actortrace.time=string:simulated", "host.name=string:actortrace", $"service.instance.id=string:{service.Run.Id}", "service.namespace=string:actortrace"];
        return Told(name, span.Name, references, (long)(span.StartTimeUnixNano / 1000), (long)((span.EndTimeUnixNano - span.StartTimeUnixNano) / 1000), tags, process);
    }

    private static string Told(JaegerSpan span, JaegerProcess process) => Told(
        process.ServiceName, span.OperationName, [.. span.References.Select(r => $"{r.RefType} {r.TraceID} {r.SpanID}")], span.StartTime, span.Duration,
        [.. span.Tags.Select(Told)], [.. process.Tags.Select(Told)]);

    private static string Told(string service, string name, string[] references, long start, long duration, string[] tags, string[] process) =>
        $"{service}|{name}|{string.Join(",", references)}|{start}|{duration}|{string.Join(",", tags.Order(StringComparer.Ordinal))}|{string.Join(",", process.Order(StringComparer.Ordinal))}";

    private static string Told(KeyValue attribute) => attribute.Value.ValueCase == AnyValue.ValueOneofCase.StringValue
        ? $"{attribute.Key}=string:{attribute.Value.StringValue}"
        : $"{attribute.Key}=int64:{attribute.Value.IntValue.ToString(CultureInfo.InvariantCulture)}";

    private static string Told(JaegerKeyValue tag) => $"{tag.Key}={tag.Type}:{(tag.Value.ValueKind == JsonValueKind.Number ? tag.Value.GetInt64().ToString(CultureInfo.InvariantCulture) : tag.Value.GetString())}";

    private static string Hex(ByteString id) => Convert.ToHexStringLower(id.Span);

    private async Task<JaegerAnswer<T>> GetAsync<T>(string path) =>
        JsonSerializer.Deserialize<JaegerAnswer<T>>(await service.Client.GetStringAsync(path), JaegerModel.Options)!;
}
