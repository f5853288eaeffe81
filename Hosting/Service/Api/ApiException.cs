using Microsoft.AspNetCore.Http;

namespace ActorTrace.Hosting.Service.Api;

/// <summary>A request cannot be answered; what the client is told.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="detail">One line: what, and how to mend it.</param>
public sealed class ApiException(int status, string detail) : Exception(detail)
{
    /// <summary>HTTP status.</summary>
    public int Status { get; } = status;

    /// <summary>Which parameter, part or header; null where the request as a whole is meant.</summary>
    public string? Place { get; init; }

    /// <summary>A parameter of the query or a header that cannot be used.</summary>
    public static ApiException BadParameter(string place, string detail) =>
        new(StatusCodes.Status400BadRequest, $"{place}: {detail}") { Place = place };
}
