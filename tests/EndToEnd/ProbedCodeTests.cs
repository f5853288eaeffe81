using System.Buffers.Binary;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.EndToEnd;

/// <summary>Probes on every shape of instruction of a guest that has them all, in both instruction sets: only the patched words differ.</summary>
public sealed class ProbedCodeTests
{
    // What waits for the time to pass would give millions of hits.
    private static readonly string[] LeftOut = ["wait_until", "main", "user_code", "other_user_code"];
    private const uint Hypercall = 0x12;
    private const uint Breakpoint = 0x20;

    public static TheoryData<string> Sets => ["arm", "thumb"];

    [Theory]
    [MemberData(nameof(Sets))]
    public void With_every_instruction_probed_the_guest_comes_to_the_same_end_to_the_byte_and_the_cycle(string set)
    {
        Scenario plain = ProbedGuest.Scenario(set);
        string[] places = [.. Instructions(plain.Guests[1].Image).Select(a => $"0x{a:x8}")];
        Assert.True(places.Length > 400, $"{places.Length} instructions");
        SimulatedRun expected = ProbedGuest.Run(plain);
        SimulatedRun probed = ProbedGuest.Run(ProbedGuest.Scenario(set, ProbedGuest.Enable("trace/address", places)).Unprobed());

        int hit = probed.Probes.Count(p => p.Hits > 0);
        Assert.True(hit > 300, $"{hit} of {places.Length} probes were hit");
        Assert.All(probed.Probes, p => Assert.True(p.Status is "removed", $"{p.Name}: {p.Status}"));
        Assert.Equal(2, probed.Probes.Count(p => p.Name.StartsWith("shape_exclusive_", StringComparison.Ordinal) && p.Hits == 0));
        Assert.Equal(ProbedGuest.Text(expected), ProbedGuest.Text(probed));
        Assert.Equal(ConsoleTimes(expected), ConsoleTimes(probed));
        Assert.True(ProbedGuest.Ram(expected).SequenceEqual(ProbedGuest.Ram(probed)), "after the removal the RAM is the same");
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Between_LDREX_and_STREX_a_probe_is_refused_with_the_reason_and_before_and_behind_it_is_not(string set)
    {
        string[] symbols = ["shape_exclusive", "shape_exclusive_inside", "shape_exclusive_store", "shape_exclusive_after"];
        SimulatedRun run = ProbedGuest.Run(ProbedGuest.Scenario(set, [.. ProbedGuest.Enable("trace/symbol", symbols), ("trace/status", "read")]));
        foreach (string symbol in symbols)
        {
            bool refused = symbol is "shape_exclusive_inside" or "shape_exclusive_store";
            ProbeCountsRecord probe = ProbedGuest.Probe(run, symbol);
            Assert.Equal(refused, probe.Status.StartsWith("error: inside an exclusive sequence", StringComparison.Ordinal));
            Assert.Equal(refused ? 0UL : 3UL, probe.Hits);
        }
    }

    [Fact]
    public void The_reason_of_a_refusal_is_read_back_from_the_status_file()
    {
        Scenario scenario = ProbedGuest.Scenario("arm", ProbedGuest.Enable("trace/symbol", "shape_exclusive_inside"));
        VirtualInstant later = scenario.Board.Clock.FromNanoseconds(1_000_000);
        SimulatedRun run = ProbedGuest.Run(scenario with { Control = [.. scenario.Control, new ControlWrite(later, "trace/status", "read")] });
        ControlRecord read = run.Records<ControlRecord>(StreamNames.Control).Single(c => c.File is "trace/status");
        Assert.Equal("error: inside an exclusive sequence (LDREX to STREX): the trap would clear the monitor, and the guest would try for ever", read.Result);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void The_guests_own_breakpoint_and_hypercall_stay_its_own_under_probes(string set)
    {
        string[] symbols = ["own_breakpoint", "own_breakpoint_itself", "own_hypercall", "own_hypercall_itself"];
        SimulatedRun expected = ProbedGuest.Run(ProbedGuest.Scenario(set));
        SimulatedRun run = ProbedGuest.Run(ProbedGuest.Scenario(set, ProbedGuest.Enable("trace/symbol", symbols)));
        Assert.All(symbols, s => Assert.Equal(1UL, ProbedGuest.Probe(run, s).Hits));
        Assert.Equal(ProbedGuest.Text(expected), ProbedGuest.Text(run));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Code_that_the_guest_writes_over_a_probe_runs_and_is_probed_anew(string set)
    {
        SimulatedRun expected = ProbedGuest.Run(ProbedGuest.Scenario(set));
        SimulatedRun run = ProbedGuest.Run(ProbedGuest.Scenario(set, ProbedGuest.Enable("trace/symbol", "patched")).Unprobed());
        Assert.Equal(4UL, ProbedGuest.Probe(run, "patched").Hits);
        Assert.Equal(ProbedGuest.Text(expected), ProbedGuest.Text(run));
        Assert.True(ProbedGuest.Ram(expected).SequenceEqual(ProbedGuest.Ram(run)), "the last code written is what stays");
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void A_probe_in_a_page_of_user_mode_hits_under_both_its_addresses_and_follows_the_page(string set)
    {
        // The user's loop runs three times in the page's first version, twice in the other.
        Scenario scenario = ProbedGuest.Scenario(set);
        uint inLoop = Leaf(scenario);
        SimulatedRun run = ProbedGuest.Run(ProbedGuest.Scenario(
            set, ProbedGuest.Enable("trace/address", $"0x{ProbedGuest.UserFirst + inLoop + (set is "thumb" ? 1u : 0):x8}")).Unprobed());
        uint[] reached = [.. ProbedGuest.Records(run).OfType<FunctionHitRecord>().Select(h => h.Pc)];
        uint first = ProbedGuest.UserFirst + inLoop;
        uint second = ProbedGuest.UserSecond + inLoop;
        Assert.Equal([first, first, first, second, second, second, first, first, first, first, first], reached);
        SimulatedRun expected = ProbedGuest.Run(scenario);
        Assert.Equal(ProbedGuest.Text(expected), ProbedGuest.Text(run));
        Assert.True(ProbedGuest.Ram(expected).SequenceEqual(ProbedGuest.Ram(run)));
    }

    [Theory]
    [InlineData("arm", "0x50000ffc")]
    [InlineData("thumb", "0x50000fff")]
    public void At_the_end_of_a_page_with_nothing_to_fetch_behind_it_the_guest_gets_its_own_abort(string set, string address)
    {
        SimulatedRun expected = ProbedGuest.Run(ProbedGuest.Scenario(set));
        SimulatedRun run = ProbedGuest.Run(ProbedGuest.Scenario(set, ProbedGuest.Enable("trace/address", address)).Unprobed());
        Assert.Equal(1UL, Assert.Single(run.Probes).Hits);
        Assert.Equal(ProbedGuest.Text(expected), ProbedGuest.Text(run));
    }

    [SkippableTheory]
    [MemberData(nameof(Sets))]
    public void What_the_guest_comes_to_is_what_it_comes_to_on_qemu(string set) => Assert.Equal(
        Qemu.Console(Path.Combine(Workspace.Root, "guests", "probed", "bin", $"probed-{set}.elf"), "ActorTrace probed: done"),
        ProbedGuest.Text(ProbedGuest.Run(ProbedGuest.Scenario(set))));

    [Theory]
    [InlineData("arm", "shape_branch", Hypercall, 1)]
    [InlineData("thumb", "shape_literal", Breakpoint, 0)]
    [InlineData("thumb", "shape_page_end", Hypercall, 1)]
    [InlineData("thumb", "shape_page_end_last", Breakpoint, 0)]
    [InlineData("thumb", "shape_conditional_last", Breakpoint, 0)]
    [InlineData("thumb", "shape_conditional+0x8", Breakpoint, 0)]
    public void PL1_code_is_probed_by_hypercall_except_short_instructions_page_ends_and_IT_blocks(
        string set, string place, uint exceptionClass, int longInstruction)
    {
        uint[] syndromes = Syndromes(set, "trace/symbol", place);
        Assert.Equal(3, syndromes.Length);
        Assert.All(syndromes, s => Assert.Equal((exceptionClass, longInstruction), (s >> 26, (int)(s >> 25) & 1)));
    }

    [Theory]
    [InlineData("arm", 0u, 1)]
    [InlineData("thumb", 1u, 0)]
    public void PL0_code_is_probed_by_breakpoint(string set, uint state, int longInstruction)
    {
        uint[] syndromes = Syndromes(set, "trace/address", $"0x{ProbedGuest.UserFirst + state:x8}");
        Assert.NotEmpty(syndromes);
        Assert.All(syndromes, s => Assert.Equal((Breakpoint, longInstruction, 0x22u), (s >> 26, (int)(s >> 25) & 1, s & 0x3F)));
    }

    [Fact]
    public void Two_kinds_of_probe_at_one_place_are_both_hit_and_a_second_of_the_same_kind_is_refused()
    {
        SimulatedRun run = ProbedGuest.Run(ProbedGuest.Scenario(
            "arm", ProbedGuest.Enable("trace/symbol", "shape_exits", "shape_exits/return", "shape_exits")));
        Assert.Equal(2, run.Probes.Count);
        Assert.Equal("error: there is a probe at that address", run.Records<ControlRecord>(StreamNames.Control).Last(c => c.File is "trace/enable").Result);
        Assert.Equal(3UL, ProbedGuest.Probe(run, "shape_exits").Converted);
        Assert.Equal(3UL, ProbedGuest.Probe(run, "shape_exits/return").Converted);
    }

    /// <summary>Offset of the function that the user's loop calls: what its bl at the third instruction leads to.</summary>
    private static uint Leaf(Scenario scenario)
    {
        uint start = ProbedGuest.Address(scenario, "user_code");
        ElfSegment segment = scenario.Guests[1].Image.Segments.First(s => start - s.VirtualAddress.Value < s.MemorySize);
        ReadOnlySpan<byte> code = segment.FileBytes.Span[(int)(start - segment.VirtualAddress.Value)..];

        // Both encodings of ldr r0, [r4].
        for (int i = 0; ; i += 2)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(code[i..]) == 0xE594_0000 || BinaryPrimitives.ReadUInt16LittleEndian(code[i..]) == 0x6820)
            {
                return (uint)i;
            }
        }
    }

    /// <summary>HSR of the traps by the one probe that is placed.</summary>
    private static uint[] Syndromes(string set, string file, string place)
    {
        SimulatedRun run = ProbedGuest.Run(ProbedGuest.Scenario(set, ProbedGuest.Enable(file, place)));
        HashSet<Stamp> hits = [.. run.Records<StepRecord>(StreamNames.Core(1)).Where(s => s.Step == StepKind.Extraction).Select(s => s.Cause)];
        return [.. run.Records<StepRecord>(StreamNames.Core(1)).Where(s => s.Step == StepKind.Trap && hits.Contains(s.Cause)).Select(s => (uint)s.Detail)];
    }

    private static (VirtualInstant At, string Text)[] ConsoleTimes(SimulatedRun run) =>
        [.. run.Records<ConsoleRecord>(StreamNames.Core(1)).Select(c => (c.At, c.Text))];

    /// <summary>The addresses of all instructions; of T32 code with bit 0 set.</summary>
    private static IEnumerable<uint> Instructions(ElfImage image)
    {
        HashSet<uint> found = [];
        foreach (ElfSymbol symbol in image.Symbols.All.Where(s => s.Kind == ElfSymbolKind.Function && s.Size > 0 && !LeftOut.Contains(s.Name, StringComparer.Ordinal)))
        {
            uint address = symbol.Address.Value;
            while (address < symbol.Address.Value + symbol.Size)
            {
                CodeEncoding encoding = image.Symbols.EncodingAt(new GuestVa(address));
                bool thumb = encoding == CodeEncoding.T32;
                if (thumb || encoding == CodeEncoding.A32)
                {
                    found.Add(address | (thumb ? 1u : 0));
                }

                address += thumb && !IsLong(image, address) ? 2u : encoding == CodeEncoding.Data ? 1u : 4u;
            }
        }

        return found.Order();
    }

    private static bool IsLong(ElfImage image, uint address)
    {
        ElfSegment segment = image.Segments.First(s => address - s.VirtualAddress.Value < s.MemorySize);
        ushort first = BinaryPrimitives.ReadUInt16LittleEndian(segment.FileBytes.Span[(int)(address - segment.VirtualAddress.Value)..]);
        return (first & 0xE000) == 0xE000 && (first & 0x1800) != 0;
    }
}
