using ActorTrace.Hosting.Telemetry;

namespace ActorTrace.Hosting.Service;

/// <summary>Settings of the host service.</summary>
public sealed record ServiceOptions
{
    /// <summary>Where it listens when nothing else is said: loopback only.</summary>
    public const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>The folder for journal and temporary files; created where it is not there.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Addresses to listen at.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [DefaultUrl];

    /// <summary>The bearer token that requests must carry; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>Where the user interface of Jaeger is, for the page's links to it; null where there is none.</summary>
    public Uri? Jaeger { get; init; }

    /// <summary>What is allowed.</summary>
    public ServiceLimits Limits { get; init; } = new();

    /// <summary>Where the spans of all runs are sent while they are simulated; null for nowhere.</summary>
    internal OtlpTarget? Otlp { get; init; }

    /// <summary>How many nanoseconds one nanosecond of simulated time is shown as to Jaeger and receivers of spans.</summary>
    internal int TimeScale { get; init; } = 1;

    /// <summary>The journal of all runs.</summary>
    public string JournalPath => Path.Combine(DataFolder, "runs.atj");
}
