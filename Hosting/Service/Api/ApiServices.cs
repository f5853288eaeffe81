using System.Text.Json;
using System.Text.Json.Serialization;
using ActorTrace.Hosting.Service.Api.Access;
using ActorTrace.Hosting.Service.Api.Control;
using ActorTrace.Hosting.Service.Api.Counters;
using ActorTrace.Hosting.Service.Api.Document;
using ActorTrace.Hosting.Service.Api.Downloads;
using ActorTrace.Hosting.Service.Api.Events;
using ActorTrace.Hosting.Service.Api.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTrace.Hosting.Service.Api;

/// <summary>What the HTTP interface needs; IRuns, ServiceOptions and ServiceLimits are the host's.</summary>
public static class ApiServices
{
    private const long LargestBody = 64 << 10;
    private const int LargestHeaders = 16 << 10;
    private const int MostHeaders = 64;
    private const int LongestRequestLine = 8 << 10;
    private const int OtherConnections = 256;
    private const int LeastBytesPerSecond = 1024;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HeaderTime = TimeSpan.FromSeconds(10);

    /// <summary>Adds the services, and bounds what a client may send.</summary>
    /// <param name="builder">The host.</param>
    /// <param name="options">Its settings.</param>
    public static WebApplicationBuilder AddApi(this WebApplicationBuilder builder, ServiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(options);
        builder.WebHost.ConfigureKestrel(kestrel => Bound(kestrel, options.Limits));
        IServiceCollection services = builder.Services;
        services.AddSingleton(EventRoute.Bounds.Default);
        services.AddSingleton<ReaderSlots>().AddSingleton<HeavyWork>().AddSingleton<TemporaryFiles>();
        services.AddSingleton<UploadBudget>().AddSingleton<UploadReader>();
        services.AddSingleton<EventRoute>().AddSingleton<CounterRoute>().AddSingleton<ReplayRoute>();
        services.AddSingleton<RunDocuments>().AddSingleton<ControlRoutes>().AddSingleton<GuestRoutes>();
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddOpenApi("v1", ApiDocument.Describe);
        return builder;
    }

    private static void Bound(KestrelServerOptions kestrel, ServiceLimits limits)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = LargestBody;
        kestrel.Limits.MaxRequestHeadersTotalSize = LargestHeaders;
        kestrel.Limits.MaxRequestHeaderCount = MostHeaders;
        kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
        kestrel.Limits.RequestHeadersTimeout = HeaderTime;
        kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(LeastBytesPerSecond, Grace);
        kestrel.Limits.MaxConcurrentConnections = limits.MaxReaders + OtherConnections;
    }
}
