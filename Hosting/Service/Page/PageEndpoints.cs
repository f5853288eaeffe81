using System.Text.Json;
using ActorTrace.Traces.Formats;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ActorTrace.Hosting.Service.Page;

/// <summary>The page at <c>/</c> and what it is made of, below <c>/page/</c>.</summary>
public static class PageEndpoints
{
    // Everything comes from the service itself. Styles that scripts set on elements are no inline styles to the policy.
    private const string Policy =
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>Serves the page.</summary>
    /// <param name="app">The service.</param>
    /// <param name="jaeger">Where the user interface of Jaeger is, for links to it; null where there is none.</param>
    public static void MapPage(this IEndpointRouteBuilder app, Uri? jaeger = null)
    {
        foreach (PageFile file in PageFiles.All)
        {
            app.MapMethods(file.Path, Methods, file.SendAsync).ExcludeFromDescription();
        }

        PageFile settings = new("/page/settings.json", "application/json", Settings(jaeger));
        app.MapMethods(settings.Path, Methods, settings.SendAsync).ExcludeFromDescription();
    }

    /// <summary>What is sent with each of its files, beside the file's own headers.</summary>
    internal static void Protect(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    private static byte[] Settings(Uri? jaeger) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            Formats = TraceFormats.All.Select(format => new { format.Name, format.Description, format.HasViews }),
            Jaeger = jaeger?.ToString().TrimEnd('/'),
        },
        JsonSerializerOptions.Web);
}
