using ActorTrace.Hosting.Service;
using ActorTrace.Hosting.Service.Chains;
using ActorTrace.Hosting.Service.Jaeger;
using ActorTrace.Hosting.Service.Spans;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Proto.Trace.V1;
using Xunit;

namespace ActorTrace.Telemetry.Tests;

/// <summary>A run that was exported to a receiver, and is asked for over HTTP.</summary>
public sealed class JaegerService : IAsyncLifetime
{
    private RecordedRun? _run;
    private WebApplication? _app;

    public HttpClient Client { get; } = new();

    /// <summary>What the receiver got.</summary>
    public IReadOnlyList<(string Service, Span Span)> Sent { get; private set; } = [];

    internal RecordedRun Run => _run!;

    public async Task InitializeAsync()
    {
        _run = await RecordedRun.MakeAsync("200ms");
        await using (Receiver receiver = await Receiver.StartAsync(keeps: true))
        {
            (int code, _, string error) = await Typed.RunAsync("export", _run.Path, "--otlp", receiver.Http.ToString());
            Assert.True(code == 0, error);
            Sent = [.. receiver.Kept];
        }

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<IRuns>(new JournalRuns(_run.Path)).AddSpans(1);
        _app = builder.Build();
        _app.MapJaeger();
        _app.MapChains();
        await _app.StartAsync();
        Client.BaseAddress = new Uri(_app.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        _run?.Dispose();
    }
}
