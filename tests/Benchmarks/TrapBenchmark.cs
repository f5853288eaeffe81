using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Hosting.Scenarios;
using BenchmarkDotNet.Attributes;

namespace ActorTrace.Benchmarks;

/// <summary>The paper's scenario with and without probes on every tick's path: what a trap costs on its way through the actors.</summary>
public class TrapBenchmark
{
    private string text = string.Empty;
    private string path = string.Empty;

    /// <summary>Probe set; empty for none.</summary>
    [Params("", "switch", "switch+wakeup")]
    public string Probes { get; set; } = string.Empty;

    /// <summary>Reads the scenario.</summary>
    [GlobalSetup]
    public void Load()
    {
        path = Repository.File("scenarios", "arndale.yaml");
        text = File.ReadAllText(path).Replace("duration: 2s", "duration: 200ms", StringComparison.Ordinal)
            .Replace("value: switch}", $"value: {(Probes.Length == 0 ? "switch" : Probes)}}}", StringComparison.Ordinal);
    }

    /// <summary>200 ms of simulated time.</summary>
    [Benchmark]
    public string Run()
    {
        Scenario scenario = ScenarioLoader.Load(path, text, DiskScenarioFiles.Beside(path));
        SimulatedBoard board = SimulatedBoard.Build(Probes.Length == 0 ? scenario with { Control = [] } : scenario);
        return SimulationHost.RunInMemoryAsync(board, new MemoryJournal(), 2, null, CancellationToken.None).GetAwaiter().GetResult().Hash;
    }
}
