using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Profiles;

namespace ActorTrace.EndToEnd.Compare;

/// <summary>guests/bench/mix beside the GPOS: it computes, takes no interrupt and knows no time, so what it executes does not depend on what tracing takes.</summary>
internal static class TimerlessGuest
{
    public const string Name = "mix";
    private static readonly KernelProfile Kernel = new()
    {
        Name = "mix",
        TaskType = "struct mix",
        Current = "&mix_rounds",
        Task = new TaskFields { Id = "1", Name = "task->name", Priority = "1", State = "0", Idle = "0" },
        ProbeSets = [new ProbeSet("switch", [])],
        Structs = [new StructLayout("mix", 4, [new StructMember("name", 0, "char[4]")])],
        Variables = [new VariableDeclaration("mix_rounds", "struct mix")],
    };

    /// <summary>Its scenario, without a probe.</summary>
    /// <param name="milliseconds">How long to simulate.</param>
    /// <param name="costs">The board's costs, as a scenario writes them.</param>
    public static Scenario Scenario(int milliseconds, string costs = "{preset: zero}")
    {
        Scenario read = SimulatedRun.Load(
            "arndale", ("duration: 2s", $"duration: {milliseconds}ms"), ("preset: arndale\n", $"preset: arndale\n  costs: {costs}\n"),
            ("name: ucos", $"name: {Name}"), ("rtos/bin/rtos.elf", "bench/bin/mix.elf"), ("    profile: ucos2\n", string.Empty),
            ("value: ucos}", $"value: {Name}}}"), ("  - {at: 50ms, file: trace/probes, value: switch}\n", string.Empty));
        return read with
        {
            Guests = [read.Guests[0], read.Guests[1] with { Profile = CompiledProfile.Bind(Kernel, read.Guests[1].Image) }],
            Control = [],
        };
    }
}
