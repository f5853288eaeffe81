using ActorTrace.Actors.Runs;
using ActorTrace.Journal.Files;
using ActorTrace.Journal.Reading;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ActorTrace.Hosting.Service;

/// <summary>What supervisors ask: `/health` whether the process answers, `/ready` whether actors and journal do. Neither needs a token.</summary>
internal static class HealthEndpoints
{
    /// <summary>Adds what `/ready` looks at.</summary>
    public static void AddReadiness(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<JournalAnswers>("journal").AddCheck<ActorsAnswer>("actors");

    /// <summary>Maps both.</summary>
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapHealthChecks("/health", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = Write });
        app.MapHealthChecks("/ready", new HealthCheckOptions { ResponseWriter = Write });
    }

    /// <summary>{"status": "healthy", "checks": {"journal": "healthy"}}.</summary>
    private static Task Write(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(
        new
        {
            status = Name(report.Status),
            checks = report.Entries.ToDictionary(e => e.Key, e => e.Value.Description ?? Name(e.Value.Status), StringComparer.Ordinal),
        },
        context.RequestAborted);

    private static string Name(HealthStatus status) => status.ToString().ToLowerInvariant();

    private sealed class JournalAnswers(ServiceOptions options) : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                using JournalReader reader = JournalReader.Open(options.JournalPath);
                _ = reader.IsEmpty;
                return Task.FromResult(HealthCheckResult.Healthy());
            }
            catch (JournalException e)
            {
                return Task.FromResult(HealthCheckResult.Unhealthy(e.Problem.ToString()));
            }
        }
    }

    private sealed class ActorsAnswer(IRequiredActor<RunsActor> runs) : IHealthCheck
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                _ = await runs.ActorRef.Ask<ActorIdentity>(new Identify(null), Patience, cancellationToken);
                return HealthCheckResult.Healthy();
            }
            catch (AskTimeoutException)
            {
                return HealthCheckResult.Unhealthy("no answer");
            }
        }
    }
}
