using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ActorTrace.Hosting.Service.Page;

/// <summary>A file of the page: it never changes while the service runs.</summary>
internal sealed class PageFile(string path, string contentType, byte[] content)
{
    private readonly EntityTagHeaderValue _tag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(content), 0, 16)}\"");

    /// <summary>Where it is found.</summary>
    public string Path => path;

    /// <summary>Answers a request for it; a browser that has it already is told so.</summary>
    public Task SendAsync(HttpContext context)
    {
        PageEndpoints.Protect(context.Response.Headers);

        // Asked for each time, so that a newer service's page is not made of old parts; mostly the answer is 304.
        context.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(content, contentType, entityTag: _tag).ExecuteAsync(context);
    }
}
