namespace ActorTrace.Hosting.Telemetry;

/// <summary>Times as OpenTelemetry has them.</summary>
internal static class UnixTime
{
    private const ulong NanosecondsOfATick = 100;

    /// <summary>Nanoseconds since 1970.</summary>
    public static ulong Of(DateTimeOffset time) => (ulong)(time - DateTimeOffset.UnixEpoch).Ticks * NanosecondsOfATick;
}
