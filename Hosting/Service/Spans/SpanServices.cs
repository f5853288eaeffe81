using ActorTrace.Hosting.Cli;
using ActorTrace.Hosting.Service.Jaeger;
using Microsoft.Extensions.DependencyInjection;

namespace ActorTrace.Hosting.Service.Spans;

/// <summary>What looks for spans in the runs of the service.</summary>
internal static class SpanServices
{
    /// <summary>Adds the indexes of the runs and the search in them.</summary>
    /// <param name="services">The services.</param>
    /// <param name="scale">How many nanoseconds one nanosecond of simulated time is shown as.</param>
    public static IServiceCollection AddSpans(this IServiceCollection services, ulong scale) => services
        .AddSingleton(WallClock.Provider)
        .AddSingleton<RunIndexes>()
        .AddSingleton(provider => new TraceSearch(provider.GetRequiredService<IRuns>(), provider.GetRequiredService<RunIndexes>(), scale));
}
