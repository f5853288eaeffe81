using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>A probe on each instruction of the RTOS kernel: every kind of displaced instruction that the guest contains.</summary>
public sealed class EveryInstructionTests
{
    // What runs before the probes are asked for, and the tasks' busy loop, which alone would give millions of hits.
    private static readonly string[] LeftOut = ["burn", "app_main", "main", "console_", "_start", "mmu_", "calibrate"];

    [Theory]
    [InlineData("rtos.elf")]
    [InlineData("rtos-mmu.elf")]
    public void With_free_costs_the_guest_runs_as_without_probes_to_the_cycle(string image)
    {
        (string, string)[] edits =
        [
            ("duration: 2s", "duration: 62ms"), ("preset: arndale\n", "preset: arndale\n  costs: {preset: zero}\n"), ("bin/rtos.elf", "bin/" + image),
            ("ringSlots: 1024", "ringSlots: 65536"),
        ];
        Scenario scenario = SimulatedRun.Load("arndale", edits);
        uint[] addresses = [.. Instructions(scenario.Guests[1].Image)];
        Assert.True(addresses.Length > 500, $"{addresses.Length} instructions");
        ControlWrite[] control = [.. Control(addresses, scenario.Board.Clock.FromNanoseconds(20_000_000))];
        SimulatedRun plain = SimulatedRun.ByActors(scenario with { Control = [] }, 2);
        SimulatedRun probed = SimulatedRun.ByActors(scenario with { Control = control }, 2);

        int hit = probed.Probes.Count(p => p.Hits > 0);
        Assert.True(hit > 200, $"{hit} of {addresses.Length} probes were hit");
        Assert.All(probed.Probes, p => Assert.Equal("armed", p.Status));
        Assert.Equal(TruthRing.Read(plain.Guest("ucos")), TruthRing.Read(probed.Guest("ucos")));
        Assert.Equal(plain.Console("ucos"), probed.Console("ucos"));
    }

    [Fact]
    public void A_thousand_probes_at_once_are_installed_found_and_paid_for()
    {
        const ulong Patch = 1000;
        const ulong WalkStep = 10;
        Scenario scenario = SimulatedRun.Load(
            "arndale", ("duration: 2s", "duration: 60ms"),
            ("preset: arndale\n", $"preset: arndale\n  costs: {{preset: zero, patch: {Patch}, walk-step: {WalkStep}}}\n"), ("ringSlots: 1024", "ringSlots: 65536"));
        uint[] addresses = [.. AllInstructions(scenario.Guests[1].Image)];
        Assert.True(addresses.Length > 1000, $"{addresses.Length} instructions");
        SimulatedRun run = SimulatedRun.ByActors(
            scenario with { Control = [.. Control(addresses, scenario.Board.Clock.FromNanoseconds(20_000_000))] }, 2);

        Assert.Equal(addresses.Length, run.Probes.Count(p => p.Status is "armed" && p.Balances));
        Assert.True(run.Probes.Count(p => p.Hits > 0) > 300);
        StepRecord[] installs = [.. run.Records<StepRecord>(StreamNames.Core(1)).Where(s => s.Step == StepKind.Install)];
        Assert.Equal(Patch * (ulong)addresses.Length, Sum(installs.Where(s => s.Category == CostCategory.Patch)));

        // The guest's MMU is off: only stage 2 is walked, which maps RAM by 2 MiB blocks in two levels.
        Assert.Equal(2 * WalkStep * (ulong)addresses.Length, Sum(installs.Where(s => s.Category == CostCategory.Walk)));
    }

    private static ulong Sum(IEnumerable<StepRecord> steps) => steps.Aggregate(0UL, (sum, s) => sum + (s.End - s.Start));

    /// <summary>All but the busy loops.</summary>
    private static IEnumerable<uint> AllInstructions(ElfImage image) =>
        from symbol in image.Symbols.All
        where symbol.Kind == ElfSymbolKind.Function && symbol.Size > 0 && !symbol.Name.StartsWith("burn", StringComparison.Ordinal)
        from offset in Enumerable.Range(0, (int)symbol.Size / 4)
        let address = symbol.Address.Value + (uint)(4 * offset)
        where image.Symbols.EncodingAt(new GuestVa(address)) == CodeEncoding.A32
        group address by address into same
        select same.Key;

    private static IEnumerable<uint> Instructions(ElfImage image) =>
        from symbol in image.Symbols.All
        where symbol.Kind == ElfSymbolKind.Function && symbol.Size > 0 && !LeftOut.Any(l => symbol.Name.Contains(l, StringComparison.Ordinal))
        from offset in Enumerable.Range(0, (int)symbol.Size / 4)
        let address = symbol.Address.Value + (uint)(4 * offset)
        where image.Symbols.EncodingAt(new GuestVa(address)) == CodeEncoding.A32
        select address;

    private static IEnumerable<ControlWrite> Control(IEnumerable<uint> addresses, VirtualInstant at)
    {
        yield return new ControlWrite(at, "trace/guest", "ucos");
        foreach (uint address in addresses.Distinct())
        {
            yield return new ControlWrite(at, "trace/address", $"0x{address:x8}");
            yield return new ControlWrite(at, "trace/enable", "1");
        }
    }
}
