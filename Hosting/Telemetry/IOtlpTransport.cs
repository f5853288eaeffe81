namespace ActorTrace.Hosting.Telemetry;

/// <summary>Brings requests to a receiver of OTLP.</summary>
internal interface IOtlpTransport : IDisposable
{
    /// <summary>Sends a request once.</summary>
    /// <param name="request">An ExportTraceServiceRequest.</param>
    /// <param name="stop">Gives up waiting.</param>
    /// <returns>The answer; a failure of the way there is a <see cref="OtlpOutcome.Retry"/>.</returns>
    Task<OtlpAnswer> SendAsync(byte[] request, CancellationToken stop);
}
