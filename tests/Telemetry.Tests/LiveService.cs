using ActorTrace.Actors.Scenarios;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Hosting.Service;
using ActorTrace.Hosting.Telemetry;
using ActorTrace.Traces.Spans;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTrace.Telemetry.Tests;

/// <summary>The service in this process, with the export to a receiver.</summary>
internal sealed class LiveService : IAsyncDisposable
{
    private readonly DataFolder _folder;
    private readonly WebApplication _app;

    private LiveService(DataFolder folder, WebApplication app) => (_folder, _app) = (folder, app);

    public IRuns Runs => _app.Services.GetRequiredService<IRuns>();

    public Uri Address => new(_app.Urls.Single());

    public static async Task<LiveService> StartAsync(string data, Uri? receiver, string protocol = OtlpTarget.Http)
    {
        var options = new ServiceOptions
        {
            DataFolder = data,
            Urls = ["http://127.0.0.1:0"],
            Otlp = receiver is null ? null : new OtlpTarget(receiver, protocol, SpanKinds.Causal | SpanKinds.Lanes, 1),
        };
        DataFolder folder = DataFolder.Take(options);
        WebApplication app = ServiceHost.Build(options, folder);
        await app.StartAsync();
        return new LiveService(folder, app);
    }

    public static Scenario Paper(string duration)
    {
        string path = Path.Combine(Typed.Root, "scenarios", "arndale.yaml");
        return ScenarioLoader.LoadFile(path, new ScenarioChanges(duration, false));
    }

    public async Task<RunStatus> UntilAsync(string run, Func<RunStatus, bool> condition) => await UntilAsync(() => Runs.Find(run)!, condition);

    public static async Task<T> UntilAsync<T>(Func<T> look, Func<T, bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            T seen = look();
            if (condition(seen))
            {
                return seen;
            }

            await Task.Delay(20, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
