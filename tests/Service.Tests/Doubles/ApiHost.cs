using ActorTrace.Hosting.Service;
using ActorTrace.Hosting.Service.Api;
using ActorTrace.Hosting.Service.Api.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorTrace.Service.Tests.Doubles;

/// <summary>The HTTP interface alone, on a port of its own, over runs that a test controls.</summary>
internal sealed class ApiHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;

    private ApiHost(WebApplication app, DirectoryInfo folder, GatedRuns runs)
    {
        (_app, _folder, Runs) = (app, folder, runs);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(60) };
    }

    public GatedRuns Runs { get; }

    public HttpClient Client { get; }

    public static async Task<ApiHost> StartAsync(string? token = null, ServiceLimits? limits = null, long ringBytes = 8 << 20, int graceMs = 10_000)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("actortrace");
        var runs = new GatedRuns();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var options = new ServiceOptions { Urls = ["http://127.0.0.1:0"], DataFolder = folder.FullName, Token = token, Limits = limits ?? new ServiceLimits() };
        builder.Services.AddSingleton<IRuns>(runs).AddSingleton(options).AddSingleton(options.Limits);
        builder.AddApi(options);
        builder.Services.AddSingleton(new EventRoute.Bounds(ringBytes, TimeSpan.FromMilliseconds(graceMs)));
        WebApplication app = builder.Build();
        app.MapApi();
        await app.StartAsync();
        return new ApiHost(app, folder, runs);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
