using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ActorTrace.Hosting.Service.Api.Access;

/// <summary>Applies the <see cref="AccessRules"/> to every request.</summary>
internal static class AccessGuard
{
    /// <summary>Stands in front of all endpoints.</summary>
    public static void Use(IApplicationBuilder app, AccessRules rules) => app.Use(async (context, next) =>
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (rules.Refusal(context.Request) is not { } refusal)
        {
            await next(context);
            return;
        }

        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = "Bearer";
        }

        await Problems.WriteAsync(context, refusal.Status, refusal.Detail);
    });
}
