using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Hosting.Scenarios;
using BenchmarkDotNet.Attributes;

namespace ActorTrace.Benchmarks;

/// <summary>Traps a second through the actors: core, router, service, router, core, with four journal records each.</summary>
public class TrapBenchmark
{
    private const int Traps = 200_000;

    // A trap and the branch back to it: two instructions.
    private const string Text = """
        name: traps
        duration: 400000cycles
        board:
          preset: arndale
          cores: 1
          costs: {preset: zero}
        guests:
          - name: traps
            core: 0
            elf: ../guests/bench/bin/traps.elf
        """;

    /// <summary>Host threads.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Two hundred thousand hypercalls an operation.</summary>
    [Benchmark(OperationsPerInvoke = Traps)]
    public string RoundTrip()
    {
        string path = Repository.File("scenarios", "traps.yaml");
        Scenario scenario = ScenarioLoader.Load(path, Text, DiskScenarioFiles.Beside(path));
        return SimulationHost.RunInMemoryAsync(SimulatedBoard.Build(scenario), new MemoryJournal(), Threads, null, CancellationToken.None)
            .GetAwaiter().GetResult().Hash;
    }
}
