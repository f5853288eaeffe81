namespace ActorTrace.Hosting.Service.Api;

/// <summary>What the HTTP interface is told at the start.</summary>
public sealed record ApiSettings
{
    /// <summary>The addresses that the service was told to listen at.</summary>
    public required IReadOnlyList<string> Urls { get; init; }

    /// <summary>A folder of the service's own for files that a download needs; what is in it is deleted at the start.</summary>
    public required string TemporaryFolder { get; init; }

    /// <summary>What a client must know; null where any may use the service.</summary>
    public string? Token { get; init; }
}
