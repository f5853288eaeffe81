using System.Text.Json;
using System.Text.Json.Serialization;

namespace ActorTrace.Telemetry.Tests;

// Jaeger's query model (jaegertracing/jaeger, model/json/model.go and query/app/http_handler.go): every member is there, and no other.

internal sealed record JaegerAnswer<T>(T? Data, int Total, int Limit, int Offset, JaegerError[]? Errors);

internal sealed record JaegerError(string Msg, int Code = 0, string? TraceID = null);

internal sealed record JaegerTrace(string TraceID, JaegerSpan[] Spans, Dictionary<string, JaegerProcess> Processes, string[]? Warnings);

internal sealed record JaegerSpan(
    string TraceID, string SpanID, string OperationName, JaegerReference[] References, long StartTime, long Duration,
    JaegerKeyValue[] Tags, JsonElement[] Logs, string ProcessID, string[]? Warnings);

internal sealed record JaegerReference(string RefType, string TraceID, string SpanID);

internal sealed record JaegerProcess(string ServiceName, JaegerKeyValue[] Tags);

internal sealed record JaegerKeyValue(string Key, string Type, JsonElement Value);

internal sealed record JaegerOperation(string Name, string SpanKind);

internal static class JaegerModel
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
    };
}
