using Grpc.Core;
using Grpc.Net.Client;

namespace ActorTrace.Hosting.Telemetry;

/// <summary>OTLP/gRPC: TraceService.Export with ready-made bytes.</summary>
internal sealed class OtlpGrpcTransport : IOtlpTransport
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);
    private static readonly Marshaller<byte[]> Bytes = new(bytes => bytes, bytes => bytes);
    private static readonly Method<byte[], byte[]> Export = new(
        MethodType.Unary, "opentelemetry.proto.collector.trace.v1.TraceService", "Export", Bytes, Bytes);

    private readonly GrpcChannel _channel;
    private readonly Uri _receiver;

    /// <summary>A transport to a receiver.</summary>
    /// <param name="receiver">Its address.</param>
    public OtlpGrpcTransport(Uri receiver) => (_receiver, _channel) = (receiver, GrpcChannel.ForAddress(receiver));

    /// <inheritdoc/>
    public async Task<OtlpAnswer> SendAsync(byte[] request, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(AnswerTime);
        try
        {
            var options = new CallOptions(cancellationToken: patience.Token);
            return OtlpAnswer.Read(await _channel.CreateCallInvoker().AsyncUnaryCall(Export, null, options, request));
        }
        catch (RpcException e) when (!stop.IsCancellationRequested)
        {
            string said = $"{_receiver} answers {e.StatusCode}: {e.Status.Detail}";

            // What has a cause on this side never came from the receiver: the way there failed.
            bool again = IsTemporary(e.StatusCode) || e.Status.DebugException is not null;
            return new OtlpAnswer(again ? OtlpOutcome.Retry : OtlpOutcome.Refused, 0, said);
        }
        catch (RpcException)
        {
            throw new OperationCanceledException(stop);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _channel.Dispose();

    /// <summary>The codes that the specification has repeated.</summary>
    private static bool IsTemporary(StatusCode code) => code
        is StatusCode.Cancelled or StatusCode.DeadlineExceeded or StatusCode.ResourceExhausted
        or StatusCode.Aborted or StatusCode.OutOfRange or StatusCode.Unavailable or StatusCode.DataLoss;
}
