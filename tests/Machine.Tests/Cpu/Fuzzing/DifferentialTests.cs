using System.Diagnostics;
using System.Globalization;
using ActorTrace.Machine.Tests.Guests;
using Xunit;
using Xunit.Abstractions;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>
/// Random instructions with random registers and memory, in every mode, on our core and on QEMU's Cortex-A15: all registers of all
/// modes, status registers, memory and the exception taken with its syndrome are the same after each.
/// </summary>
public class DifferentialTests(ITestOutputHelper output)
{
    private const int TimesPerRow = 20;

    /// <summary>More than 200,000 distinct encodings altogether.</summary>
    [SkippableTheory]
    [InlineData("a32", 85_000)]
    [InlineData("t32", 65_000)]
    [InlineData("vfp", 55_000)]
    public void Random_instructions_do_what_they_do_on_qemu(string set, int encodings)
    {
        QemuGuest.Require();
        FuzzSet part = Enum.Parse<FuzzSet>(set, ignoreCase: true);
        FuzzCampaign campaign = new(part, seed: 1);
        campaign.Run(done => done.Encodings < encodings);
        output.WriteLine(campaign.Report());
        Assert.False(campaign.Failed, campaign.Report());
        Assert.True(campaign.Encodings >= encodings);
        Random random = new(1);
        Assert.Empty(FuzzSets.Rows(part)
            .Where(row => campaign.Times(row.Title) < TimesPerRow && !Enumerable.Range(0, 5).All(_ => row.Excludes(row.Make(random))))
            .Select(row => $"{row.Title} was run {campaign.Times(row.Title)} times"));
    }

    [SkippableFact]
    public void A_longer_run_on_demand_finds_nothing_either()
    {
        string? seconds = Environment.GetEnvironmentVariable("ACTORTRACE_FUZZ_SECONDS");
        Skip.If(string.IsNullOrEmpty(seconds), "ops/fuzz-isa.sh runs it");
        QemuGuest.Require();
        TimeSpan limit = TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture));
        int seed = int.Parse(Environment.GetEnvironmentVariable("ACTORTRACE_FUZZ_SEED") ?? "1000", CultureInfo.InvariantCulture);
        string[] sets = (Environment.GetEnvironmentVariable("ACTORTRACE_FUZZ_SET") ?? "a32 t32 vfp").Split(' ');
        List<FuzzCampaign> campaigns = [];
        foreach (string set in sets)
        {
            Stopwatch passed = Stopwatch.StartNew();
            FuzzCampaign campaign = new(Enum.Parse<FuzzSet>(set, ignoreCase: true), seed);
            campaign.Run(_ => passed.Elapsed < limit / sets.Length);
            output.WriteLine(campaign.Report());
            campaigns.Add(campaign);
        }

        Assert.True(campaigns.TrueForAll(campaign => !campaign.Failed), string.Join('\n', campaigns.Select(campaign => campaign.Report())));
    }

    [SkippableFact]
    public void Another_instruction_in_one_case_is_found_in_that_case_alone()
    {
        QemuGuest.Require();
        Random random = new(1);
        FuzzSettings settings = new StateGenerator(random).Settings(vfp: true, strict: false);
        ICaseGenerator generator = FuzzSets.Generator(FuzzSet.A32, thumb: false, random);
        List<FuzzCase> cases = [.. Enumerable.Range(0, 200).Select(i => generator.Make(HarnessImage.Slot(i), settings))];
        List<FuzzCase> others = [.. cases];
        cases[50] = cases[50].With(0xE2800001); // add r0, r0, #1
        others[50] = cases[50].With(0xE2800002);
        cases[90] = cases[90].With(0xEEB70B00); // vmov.f64 d0, #1.0
        others[90] = cases[90].With(0xEEB70B01);
        cases[130] = cases[130].With(0xE7F000F0); // udf #0
        others[130] = cases[130].With(0xEF000000); // svc #0
        HarnessImage image = new(cases, settings);
        uint[] ours = FuzzRunner.OnCore(new HarnessImage(others, settings), out HashSet<int> endless);
        List<FuzzDifference> differences = FuzzBatch.Differences(cases, FuzzRunner.OnQemu(image), ours, image.ResultBytes / 4, endless);
        Assert.Equal([cases[50], cases[90], cases[130]], differences.Select(difference => difference.Case));
        Assert.StartsWith("r0 qemu", differences[0].Text, StringComparison.Ordinal);
        Assert.StartsWith("d0", differences[1].Text, StringComparison.Ordinal);
        Assert.StartsWith("vector qemu 00000001 here 00000002", differences[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rules_for_bits_that_should_be_so_name_rows_that_exist()
    {
        Assert.Empty(A32ShouldBe.Titles.Except(FuzzSets.Rows(FuzzSet.A32).Select(row => row.Title), StringComparer.Ordinal));
        Assert.Empty(T32ShouldBe.Titles.Concat(T32Exclusions.Titles).Except(FuzzSets.Rows(FuzzSet.T32).Select(row => row.Title), StringComparer.Ordinal));
    }
}
