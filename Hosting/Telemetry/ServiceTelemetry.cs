using System.Globalization;
using System.Reflection;
using ActorTrace.Actors.Simulation;
using ActorTrace.Hosting.Service;
using ActorTrace.Hosting.Service.Spans;
using ActorTrace.Hosting.Telemetry.Live;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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
    private const string SignalVariable = "OTEL_EXPORTER_OTLP_{0}_ENDPOINT";

    /// <summary>Adds telemetry, the search for spans and the live export.</summary>
    public static void AddServiceTelemetry(this IServiceCollection services, ServiceOptions options)
    {
        services.AddSpans((ulong)options.TimeScale);
        services.AddSingleton<ServiceMeters>().AddSingleton<ExportTally>();
        if (options.Otlp is { } target)
        {
            services.AddSingleton(target).AddSingleton(new ExportMarks(Path.Combine(options.DataFolder, "to-export"))).AddHostedService<LiveExport>();
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
    public static void AddServiceLog(this ILoggingBuilder logging) => logging
        .AddSimpleConsole(console => console.SingleLine = true)
        .Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThresholdLevel = LogLevel.Trace)
        .Configure<LoggerFilterOptions>(filter =>
        {
            filter.MinLevel = LogLevel.Warning;
            filter.Rules.Add(new LoggerFilterRule(null, "ActorTrace", LogLevel.Information, null));
        });

    /// <summary>Adds /metrics in Prometheus's text format.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder app)
    {
        _ = app.ServiceProvider.GetRequiredService<ServiceMeters>();
        app.MapPrometheusScrapingEndpoint("/metrics");
    }

    private static bool IsExported(string signal) =>
        Environment.GetEnvironmentVariable("OTEL_SDK_DISABLED") is not "true"
        && new[] { EndpointVariable, string.Format(CultureInfo.InvariantCulture, SignalVariable, signal) }
            .Any(variable => Environment.GetEnvironmentVariable(variable) is { Length: > 0 });
}
