using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;

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
