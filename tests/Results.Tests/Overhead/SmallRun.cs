using ActorTrace.Actors.Experiments.Overhead;
using ActorTrace.Hosting.Scenarios;

namespace ActorTrace.Results.Tests.Overhead;

/// <summary>The whole experiment at the small size, run once for all tests.</summary>
public sealed class SmallRun : IAsyncLifetime
{
    private OverheadResults? _results;

    /// <summary>What came of it.</summary>
    public OverheadResults Results => _results ?? throw new InvalidOperationException("It was not run.");

    /// <inheritdoc/>
    public async Task InitializeAsync() => _results = await new OverheadExperiment(BuiltInScenario.Load("overhead"))
        .RunAsync(OverheadSuite.All, small: true, Environment.ProcessorCount, null, CancellationToken.None);

    /// <inheritdoc/>
    public Task DisposeAsync() => Task.CompletedTask;
}
