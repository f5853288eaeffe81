using System.Net;
using System.Net.Http.Headers;

namespace ActorTrace.Hosting.Telemetry;

/// <summary>OTLP/HTTP with protobuf bodies: POST URL/v1/traces (OTLP specification 1.x, section OTLP/HTTP).</summary>
internal sealed class OtlpHttpTransport : IOtlpTransport
{
    private static readonly MediaTypeHeaderValue Protobuf = new("application/x-protobuf");
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);

    private readonly HttpClient _client = new() { Timeout = AnswerTime };
    private readonly Uri _target;

    /// <summary>A transport to a receiver.</summary>
    /// <param name="receiver">Its address; /v1/traces is added where it has no path.</param>
    public OtlpHttpTransport(Uri receiver) =>
        _target = receiver.AbsolutePath is "/" ? new Uri(receiver, "/v1/traces") : receiver;

    /// <inheritdoc/>
    public async Task<OtlpAnswer> SendAsync(byte[] request, CancellationToken stop)
    {
        try
        {
            using var content = new ByteArrayContent(request);
            content.Headers.ContentType = Protobuf;
            using HttpResponseMessage response = await _client.PostAsync(_target, content, stop);
            if (response.StatusCode == HttpStatusCode.OK)
            {
                return OtlpAnswer.Read(await response.Content.ReadAsByteArrayAsync(stop));
            }

            string said = $"{_target} answers {(int)response.StatusCode} {response.ReasonPhrase}";
            return IsTemporary(response.StatusCode)
                ? new OtlpAnswer(OtlpOutcome.Retry, 0, said, response.Headers.RetryAfter?.Delta)
                : new OtlpAnswer(OtlpOutcome.Refused, 0, said);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested))
        {
            return new OtlpAnswer(OtlpOutcome.Retry, 0, $"{_target}: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>The statuses that the specification has repeated.</summary>
    private static bool IsTemporary(HttpStatusCode status) => status
        is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
