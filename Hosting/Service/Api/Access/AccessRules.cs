using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ActorTrace.Hosting.Service.Api.Access;

/// <summary>Who may use the service: decided by the token and by what a browser says about the page that asks.</summary>
internal sealed class AccessRules
{
    private const string Bearer = "Bearer ";
    private const string TokenParameter = "access_token";
    private static readonly string[] Guarded = ["/api", "/metrics", "/openapi"];

    private readonly byte[]? _tokenHash;
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase) { "localhost", Dns.GetHostName() };

    /// <summary>The rules of a service.</summary>
    public AccessRules(ServiceOptions options)
    {
        _tokenHash = options.Token is { } token ? Hash(token) : null;
        foreach (string url in options.Urls)
        {
            _names.Add(BindingAddress.Parse(url).Host);
        }
    }

    /// <summary>Why a request is refused: the status and what is told; null where it is allowed.</summary>
    public (int Status, string Detail)? Refusal(HttpRequest request)
    {
        if (!IsOwnName(request.Host))
        {
            return (StatusCodes.Status421MisdirectedRequest, $"the service is not known as '{request.Host.Host}' (name it in --urls, or use localhost or an address)");
        }

        if (!HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && IsForeignPage(request))
        {
            return (StatusCodes.Status403Forbidden, "a page of another origin may not change anything");
        }

        return _tokenHash is null || !Guarded.Any(part => request.Path.StartsWithSegments(part, StringComparison.OrdinalIgnoreCase)) || KnowsToken(request, _tokenHash)
            ? null
            : (StatusCodes.Status401Unauthorized, "the token of the service is needed (send 'Authorization: Bearer TOKEN')");
    }

    /// <summary>
    /// A page of a stranger may give its name the address of this machine (DNS rebinding) and would then be of the same origin as the
    /// service: so names are refused that are not the service's own. It cannot do so with an address, and it does not know a token.
    /// </summary>
    private bool IsOwnName(HostString host) =>
        _tokenHash is not null || _names.Contains(host.Host) || IPAddress.TryParse(host.Host.Trim('[', ']'), out _);

    /// <summary>Browsers send both headers with what a page of another origin makes them send; other clients send none.</summary>
    private static bool IsForeignPage(HttpRequest request)
    {
        if (request.Headers.TryGetValue("Sec-Fetch-Site", out StringValues site) && site.ToString() is not ("same-origin" or "none"))
        {
            return true;
        }

        return request.Headers.Origin is { Count: > 0 } origin
            && !string.Equals(origin.ToString(), $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    private static bool KnowsToken(HttpRequest request, byte[] hash)
    {
        string header = request.Headers.Authorization.ToString();
        string? given = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? header[Bearer.Length..].Trim()
            : HttpMethods.IsGet(request.Method) ? request.Query[TokenParameter].ToString() : null;
        return given is not null && CryptographicOperations.FixedTimeEquals(Hash(given), hash);
    }

    /// <summary>Hashes have one length, so that the comparison does not tell the token's.</summary>
    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}
