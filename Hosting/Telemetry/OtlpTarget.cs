using ActorTrace.Traces.Spans;

namespace ActorTrace.Hosting.Telemetry;

/// <summary>Where spans are sent.</summary>
/// <param name="Receiver">Address of the receiver.</param>
/// <param name="Protocol">grpc or http; null for what its port says.</param>
/// <param name="Kinds">Which spans.</param>
/// <param name="Scale">How many nanoseconds one nanosecond of simulated time is shown as.</param>
internal sealed record OtlpTarget(Uri Receiver, string? Protocol, SpanKinds Kinds, int Scale)
{
    /// <summary>OTLP/gRPC.</summary>
    public const string Grpc = "grpc";

    /// <summary>OTLP/HTTP with protobuf bodies.</summary>
    public const string Http = "http";

    /// <summary>The greatest scale.</summary>
    public const int MostScale = 1_000_000;

    private const int GrpcPort = 4317;

    /// <summary>Reads the address of a receiver.</summary>
    /// <param name="option">The option that gives it.</param>
    /// <param name="url">The address.</param>
    /// <exception cref="Yaml.InputException">It is none.</exception>
    public static Uri ReadReceiver(string option, string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out Uri? receiver) && receiver.Scheme is "http" or "https"
            ? receiver
            : throw new Yaml.InputException(option, $"'{url}' is no http or https address", "e.g. http://localhost:4318");

    /// <summary>Checks a scale.</summary>
    /// <exception cref="Yaml.InputException">It is none.</exception>
    public static int ReadScale(int scale) =>
        scale is >= 1 and <= MostScale ? scale : throw new Yaml.InputException("--time-scale", $"{scale} is no scale", $"1 to {MostScale}");

    /// <summary>A way there.</summary>
    public IOtlpTransport Transport() =>
        (Protocol ?? (Receiver.Port == GrpcPort ? Grpc : Http)) is Grpc ? new OtlpGrpcTransport(Receiver) : new OtlpHttpTransport(Receiver);
}
