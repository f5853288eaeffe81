using System.Globalization;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>A case whose result is not QEMU's, and in which words.</summary>
internal readonly record struct FuzzDifference(FuzzCase Case, string Text);

/// <summary>Runs cases here and on QEMU and tells the differences.</summary>
internal sealed class FuzzBatch
{
    private readonly IReadOnlyList<FuzzCase> cases;
    private readonly int words;
    private readonly uint[] ours;
    private readonly HashSet<int> endless;
    private readonly Task<uint[]> theirs;

    /// <summary>Runs cases here; QEMU is started and goes on by itself.</summary>
    internal FuzzBatch(IReadOnlyList<FuzzCase> cases, FuzzSettings settings)
    {
        this.cases = cases;
        HarnessImage image = new(cases, settings);
        words = image.ResultBytes / 4;
        ours = FuzzRunner.OnCore(image, out endless);
        if (endless.Count != 0)
        {
            // Again without them: others may read their code.
            ours = FuzzRunner.OnCore(image, out HashSet<int> more);
            endless.UnionWith(more);
        }

        theirs = Task.Run(() => FuzzRunner.OnQemu(image));
    }

    /// <summary>The cases whose results are not QEMU's.</summary>
    internal List<FuzzDifference> Differences() => Differences(cases, theirs.GetAwaiter().GetResult(), ours, words, endless);

    /// <summary>The cases whose results differ in what is not left open.</summary>
    internal static List<FuzzDifference> Differences(
        IReadOnlyList<FuzzCase> cases, uint[] theirs, uint[] ours, int words, IReadOnlySet<int> without)
    {
        List<FuzzDifference> differences = [];
        for (int i = 0; i < cases.Count; i++)
        {
            Range range = (i * words)..((i + 1) * words);
            if (!without.Contains(i) && !theirs.AsSpan(range).SequenceEqual(ours.AsSpan(range)))
            {
                string text = Compare(cases[i], theirs[range], ours[range]);
                if (text.Length != 0)
                {
                    differences.Add(new FuzzDifference(cases[i], text));
                }
            }
        }

        return differences;
    }

    private static string Compare(FuzzCase one, uint[] theirs, uint[] ours)
    {
        uint[] open = OpenDifferences.Of(one, theirs, ours);
        return string.Join(", ", Enumerable.Range(0, theirs.Length)
            .Where(i => ((theirs[i] ^ ours[i]) & ~open[i]) != 0)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{HarnessLayout.ResultNames[i]} qemu {theirs[i]:x8} here {ours[i]:x8}")));
    }
}
