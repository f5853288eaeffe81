using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>Runs guests/probed beside the GPOS: it goes through every shape of code between 2 ms and 6 ms, whether it is probed or not.</summary>
internal static class ProbedGuest
{
    public const uint UserFirst = 0x5000_0000;
    public const uint UserSecond = 0x6000_0000;
    private const string Name = "ucos";
    private static readonly KernelProfile Kernel = new()
    {
        Name = "probed",
        TaskType = "struct task",
        Current = "current_task",
        Task = new TaskFields { Id = "task->number", Name = "task->name", Priority = "task->number", State = "0", Idle = "0" },
        ProbeSets = [new ProbeSet("switch", [])],
    };

    /// <summary>Its scenario: everything is free of charge, so that time is instructions.</summary>
    /// <param name="set">arm or thumb.</param>
    /// <param name="writes">File and value of what is written to the control files 0.5 ms after the start.</param>
    public static Scenario Scenario(string set, params (string File, string Value)[] writes)
    {
        string path = Workspace.Scenario("arndale");
        string text = File.ReadAllText(path);
        text = text[..text.IndexOf("# What a user does", StringComparison.Ordinal)];
        foreach ((string from, string to) in new[]
        {
            ("duration: 2s", "duration: 9ms"), ("preset: arndale\n", "preset: arndale\n  costs: {preset: zero}\n"),
            ("rtos/bin/rtos.elf", $"probed/bin/probed-{set}.elf"), ("    profile: ucos2\n", string.Empty), ("ringSlots: 1024", "ringSlots: 65536"),
        })
        {
            Assert.Contains(from, text, StringComparison.Ordinal);
            text = text.Replace(from, to, StringComparison.Ordinal);
        }

        Scenario read = SimulatedRun.LoadText(path, text);
        GuestSpec guest = read.Guests[1];
        VirtualInstant at = read.Board.Clock.FromNanoseconds(500_000);
        return read with
        {
            Guests = [read.Guests[0], guest with { Profile = CompiledProfile.Bind(Kernel, guest.Image) }],
            Control = [new ControlWrite(at, "trace/guest", Name), .. writes.Select(w => new ControlWrite(at, w.File, w.Value))],
        };
    }

    /// <summary>The same with all probes removed when the guest is done.</summary>
    public static Scenario Unprobed(this Scenario scenario) => scenario with
    {
        Control = [.. scenario.Control, new ControlWrite(scenario.Board.Clock.FromNanoseconds(8_000_000), "trace/enable", "0")],
    };

    public static SimulatedRun Run(Scenario scenario)
    {
        SimulatedRun run = SimulatedRun.ByActors(scenario, 2);
        Assert.EndsWith("done\n", Text(run), StringComparison.Ordinal);
        Assert.All(run.Probes, p => Assert.True(p.Balances, p.ToString()));
        return run;
    }

    /// <summary>A write of each place with the enabling behind it.</summary>
    public static (string File, string Value)[] Enable(string file, params string[] places) =>
        [.. places.SelectMany(p => new[] { (file, p), ("trace/enable", "1") })];

    public static string Text(SimulatedRun run) => run.Console(Name);

    public static GuestLease Guest(SimulatedRun run) => run.Guest(Name);

    /// <summary>All of its RAM.</summary>
    public static ReadOnlySpan<byte> Ram(SimulatedRun run) =>
        Guest(run).Memory.Regions.First(r => r.Bytes.Length == Guest(run).Spec.Platform.RamSize).Bytes;

    /// <summary>What the trace buffer has of it.</summary>
    public static IReadOnlyList<LaneRecord> Records(SimulatedRun run) =>
        [.. run.Records<LaneRecord>(StreamNames.Lane(run.Board.Topology.RingOf(Guest(run).Vcpu.Id).Lane))];

    public static ProbeCountsRecord Probe(SimulatedRun run, string name) => run.Probes.Single(p => string.Equals(p.Name, name, StringComparison.Ordinal));

    public static uint Address(Scenario scenario, string symbol)
    {
        Assert.True(scenario.Guests[1].Image.Symbols.TryFind(symbol, out ElfSymbol? found), symbol);
        return found.Address.Value;
    }
}
