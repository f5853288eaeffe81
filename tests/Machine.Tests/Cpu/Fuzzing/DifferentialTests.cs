using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Tests.Guests;
using Xunit;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>
/// Random instructions with random registers and memory, in every mode, on our core and on QEMU's Cortex-A15: all registers of all
/// modes, status registers, memory and the exception taken with its syndrome are the same after each.
/// </summary>
public class DifferentialTests
{
    private const int CasesPerBatch = 40_000;

    [SkippableTheory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void Random_a32_instructions_do_what_they_do_on_qemu(int seed, bool strict) =>
        Compare(seed, strict, vfp: false, static (random, states) => new A32CaseGenerator(random, states, A32Table.Rows, default));

    [SkippableTheory]
    [InlineData(5, false)]
    [InlineData(6, true)]
    public void Random_t32_instructions_do_what_they_do_on_qemu(int seed, bool strict) =>
        Compare(seed, strict, vfp: false, static (random, states) => new T32CaseGenerator(random, states, T32Table.Rows));

    [SkippableTheory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Random_floating_point_instructions_do_what_they_do_on_qemu(int seed, bool strict) =>
        Compare(seed, strict, vfp: true, static (random, states) => new A32CaseGenerator(
            random, states, [.. A32Table.Rows.Where(row => row.Handler is >= A32.VfpMultiplyAccumulate and <= A32.VfpMoveDouble)], (0x0C00_0E00, 0x0C00_0A00)));

    private static void Compare(int seed, bool strict, bool vfp, Func<Random, StateGenerator, ICaseGenerator> make)
    {
        QemuGuest.Require();
        Random random = new(seed);
        StateGenerator states = new(random);
        FuzzSettings settings = states.Settings(vfp, strict);
        ICaseGenerator generator = make(random, states);
        List<FuzzCase> cases = [.. Enumerable.Range(0, CasesPerBatch).Select(i => generator.Make(HarnessImage.Slot(i), settings))];
        List<FuzzBatch.Difference> differences = FuzzBatch.Run(cases, settings);
        Assert.True(differences.Count == 0, $"seed {seed}: {differences.Count} of {cases.Count} differ\n{FuzzBatch.Report(differences)}");
    }
}
