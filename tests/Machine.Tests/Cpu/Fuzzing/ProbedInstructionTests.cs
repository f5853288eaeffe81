using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Tests.Guests;
using Xunit;
using Xunit.Abstractions;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>
/// Only the patched word differs: every class of instruction leaves the same registers of all modes, flags, memory, exceptions, next
/// instruction and time whether it runs in its place or a probe stands there and it is carried out displaced.
/// </summary>
public class ProbedInstructionTests(ITestOutputHelper output)
{
    private const int Cases = 12_000;
    private const int TimesPerRow = 3;

    [SkippableTheory]
    [InlineData("a32", false, 1)]
    [InlineData("t32", true, 2)]
    [InlineData("vfp", false, 3)]
    [InlineData("vfp", true, 4)]
    public void An_instruction_leaves_the_same_with_a_probe_in_its_place(string set, bool thumb, int seed)
    {
        QemuGuest.Require();
        FuzzSet part = Enum.Parse<FuzzSet>(set, ignoreCase: true);
        Random random = new(seed);
        FuzzSettings settings = new StateGenerator(random).Settings(part == FuzzSet.Vfp, strict: false);
        ICaseGenerator generator = FuzzSets.Generator(part, thumb, random);
        List<FuzzCase> cases = [.. Enumerable.Range(0, Cases).Select(i => generator.Make(HarnessImage.Slot(i), settings))];
        HarnessImage image = new(cases, settings);
        uint[] first = FuzzRunner.OnCore(image, out HashSet<int> without);
        int words = image.ResultBytes / 4;
        HashSet<uint> patched = [.. cases.SelectMany(Probes).SelectMany(probe => Enumerable.Range(0, probe.Value.Bytes.Length).Select(i => probe.Key + (uint)i))];
        for (int i = 0; i < cases.Count; i++)
        {
            // It reads what a probe changes, or goes on behind a probe that is meant for another mode.
            if (CodeReads.Of(cases[i]) is not { } reads || reads.Exists(patched.Contains) || OpenDifferences.LeavesSlot(cases[i], first.AsSpan(i * words, words)))
            {
                without.Add(i);
                image.TakeOut(i);
            }
        }

        FuzzCase[] left = [.. cases.Where((_, i) => !without.Contains(i))];
        FuzzRunner.Outcome plain = FuzzRunner.UnderHypervisor(image, new Dictionary<uint, FuzzProbe>());
        FuzzRunner.Outcome probed = FuzzRunner.UnderHypervisor(image, left.SelectMany(Probes).ToDictionary());
        for (int i = 0; i < cases.Count; i++)
        {
            uint[] before = plain.Results[(i * words)..((i + 1) * words)];
            uint[] after = probed.Results[(i * words)..((i + 1) * words)];
            string differences = string.Join(", ", Enumerable.Range(0, words)
                .Where(word => before[word] != after[word])
                .Select(word => $"{HarnessLayout.ResultNames[word]} plain {before[word]:x8} probed {after[word]:x8}"));
            Assert.True(differences.Length == 0, $"case {i} {cases[i]}\n{differences}");
        }

        output.WriteLine($"{left.Length} cases, {probed.Hits} probes hit");
        Assert.Equal((plain.Instructions, plain.Cycles), (probed.Instructions, probed.Cycles));
        Assert.True(probed.Hits >= left.Length);
        Assert.Empty(RarelyRun(part, left, random));
    }

    /// <summary>Rows that are not excluded and were hardly run. Floating point in T32 is the A32 rows'.</summary>
    private static IEnumerable<string> RarelyRun(FuzzSet part, FuzzCase[] cases, Random random)
    {
        Dictionary<string, int> times = cases.SelectMany(one => one.Instructions).CountBy(i => Title(part, i), StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return FuzzSets.Rows(part)
            .Where(row => times.GetValueOrDefault(row.Title) < TimesPerRow && !Enumerable.Range(0, 5).All(_ => row.Excludes(row.Make(random))))
            .Select(row => $"{row.Title} was run {times.GetValueOrDefault(row.Title)} times");
    }

    private static string Title(FuzzSet part, FuzzInstruction instruction) =>
        part == FuzzSet.Vfp ? A32Decoder.Find(instruction.Word)?.Title ?? "" : instruction.Title;

    /// <summary>A probe on every instruction of a case.</summary>
    private static IEnumerable<KeyValuePair<uint, FuzzProbe>> Probes(FuzzCase one)
    {
        uint at = one.Slot + one.Offset;
        bool calls = one.Instructions.Count == 1 && !one.User && (one.Cpsr & 0x0600_FC00) == 0;
        foreach (FuzzInstruction instruction in one.Instructions)
        {
            yield return new(at, FuzzProbe.On(instruction.Word, one.Thumb, calls));
            at += one.Thumb && instruction.Word <= 0xFFFF ? 2u : 4u;
        }
    }
}
