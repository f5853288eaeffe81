using System.Reflection;
using ActorTrace.Actors.Simulation;
using ActorTrace.Hosting.Service;
using ActorTrace.Hosting.Service.Spans;
using ActorTrace.Hosting.Telemetry.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ActorTrace.Hosting.Telemetry;

/// <summary>
/// What the service tells of itself, in real time: traces of requests, metrics, logs. They go where the OTEL_* variables say, and
/// nowhere where these say nothing; the metrics can always be scraped. The spans of simulated time go another way.
/// </summary>
internal static class ServiceTelemetry
{
    private const string ServiceName = "actortrace";
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Adds telemetry, the search for spans and the live export.</summary>
    public static void AddServiceTelemetry(this IServiceCollection services, ServiceOptions options)
    {
        services.AddSpans((ulong)options.TimeScale);
        services.AddSingleton<ServiceMeters>().AddSingleton<ExportTally>();
        if (options.Otlp is { } target)
        {
            var marks = new ExportMarks(Path.Combine(options.DataFolder, "to-export"));
            services.AddHostedService(provider => new LiveExport(
                target, provider.GetRequiredService<IRuns>, marks, provider.GetRequiredService<ExportTally>(),
                provider.GetRequiredService<ILogger<LiveExport>>()));
        }

        OpenTelemetry.OpenTelemetryBuilder telemetry = services.AddOpenTelemetry().ConfigureResource(resource => resource
            .AddService(ServiceName, serviceVersion: Assembly.GetExecutingAssembly().GetName().Version?.ToString(3))
            .AddAttributes([new("actortrace.time", "real")])
            .AddEnvironmentVariableDetector());
        telemetry.WithMetrics(metrics =>
        {
            metrics.AddMeter(ServiceMeters.Name, "System.Runtime").AddAspNetCoreInstrumentation().AddPrometheusExporter();
            if (IsExported("METRICS"))
            {
                metrics.AddOtlpExporter();
            }
        });
        telemetry.WithTracing(traces =>
        {
            traces.AddSource(Traced.SourceName).AddAspNetCoreInstrumentation();
            if (IsExported("TRACES"))
            {
                traces.AddOtlpExporter();
            }
        });
        if (IsExported("LOGS"))
        {
            telemetry.WithLogging(logs => logs.AddOtlpExporter());
        }
    }

    /// <summary>Log lines to standard error: what the service's own parts say, and warnings of the rest.</summary>
    public static ILoggingBuilder AddServiceLog(this ILoggingBuilder logging)
    {
        logging.AddSimpleConsole(console => console.SingleLine = true).SetMinimumLevel(LogLevel.Warning).AddFilter("ActorTrace", LogLevel.Information);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        return logging;
    }

    /// <summary>Adds /metrics in Prometheus's text format.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        // The runs are there when their actors are.
        app.Lifetime.ApplicationStarted.Register(() => app.Services.GetRequiredService<ServiceMeters>());
        app.MapPrometheusScrapingEndpoint("/metrics");
    }

    private static bool IsExported(string signal) =>
        Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED") is not "true"
        && new[] { EndpointVariable, $"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT" }
            .Any(variable => Environment.GetEnvironmentVariable(variable) is { Length: > 0 });
}
