using System.Collections.Concurrent;
using ActorTrace.Actors.Runs;
using ActorTrace.Actors.Simulation;
using ActorTrace.Hosting.Service.Api;
using ActorTrace.Hosting.Service.Chains;
using ActorTrace.Hosting.Service.Jaeger;
using ActorTrace.Hosting.Service.Page;
using ActorTrace.Hosting.Telemetry;
using ActorTrace.Journal.Streams;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Hosting;
using Akka.Persistence.Sql.Config;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ActorTrace.Hosting.Service;

/// <summary>Puts the host service together: one process with the actors of all runs, their journal, and HTTP in front.</summary>
public static class ServiceHost
{
    /// <summary>Builds the service; nothing listens yet.</summary>
    /// <param name="options">Its settings.</param>
    /// <param name="folder">The data folder, which nobody else uses.</param>
    public static WebApplication Build(ServiceOptions options, DataFolder folder)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(folder);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls([.. options.Urls]);
        builder.Logging.ClearProviders().AddServiceLog();
        builder.Services.AddSingleton(options).AddSingleton(options.Limits);
        var live = new ConcurrentDictionary<RunId, LiveRun>();
        var setup = new RunsSetup(folder.Journal, live, options.Limits.MaxRuns, options.Limits.MaxRunTime);
        builder.Services.AddAkka("actortrace", akka => Configure(akka, setup));
        builder.Services.AddSingleton<IRuns>(services =>
            new ServiceRuns(setup, options.Limits, services.GetRequiredService<IRequiredActor<RunsActor>>().ActorRef));
        builder.Services.AddServiceTelemetry(options);
        builder.AddApi(options);
        WebApplication app = builder.Build();
        app.MapApi();
        app.MapMetrics();
        app.MapJaeger();
        app.MapChains();
        app.MapPage(options.Jaeger);
        return app;
    }

    private static void Configure(AkkaConfigurationBuilder akka, RunsSetup setup)
    {
        ActorSystemSetup journal = setup.Writer.Setup(SimulationHost.Configuration(Environment.ProcessorCount));
        akka.AddHocon(journal.Get<BootstrapSetup>().Value.Config.Value, HoconAddMode.Prepend);
        akka.AddSetup(journal.Get<DataOptionsSetup>().Value);
        akka.WithActors((system, registry) =>
            registry.Register<RunsActor>(system.ActorOf(Props.Create(() => new RunsActor(setup)), "runs")));
    }
}
