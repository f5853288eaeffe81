using System.Globalization;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>Runs cases here and on QEMU and tells the differences.</summary>
internal static class FuzzBatch
{
    /// <summary>A case whose result is not QEMU's.</summary>
    internal readonly record struct Difference(FuzzCase Case, string Text);

    internal static List<Difference> Run(IReadOnlyList<FuzzCase> cases, FuzzSettings settings)
    {
        HarnessImage image = new(cases, settings);
        uint[] ours = FuzzRunner.OnCore(image, out HashSet<int> endless);
        uint[] theirs = FuzzRunner.OnQemu(image);
        int words = image.ResultBytes / 4;
        List<Difference> differences = [];
        for (int i = 0; i < cases.Count; i++)
        {
            Range range = (i * words)..((i + 1) * words);
            if (!endless.Contains(i) && !theirs.AsSpan(range).SequenceEqual(ours.AsSpan(range)))
            {
                string text = Compare(cases[i], theirs[range], ours[range]);
                if (text.Length != 0)
                {
                    differences.Add(new Difference(cases[i], text));
                }
            }
        }

        return differences;
    }

    /// <summary>The words that differ and are not left open.</summary>
    private static string Compare(FuzzCase one, uint[] theirs, uint[] ours)
    {
        uint[] open = OpenDifferences.Of(one, theirs, ours);
        return string.Join(", ", Enumerable.Range(0, theirs.Length)
            .Where(i => ((theirs[i] ^ ours[i]) & ~open[i]) != 0)
            .Select(i => string.Create(CultureInfo.InvariantCulture, $"{HarnessLayout.ResultNames[i]} qemu {theirs[i]:x8} here {ours[i]:x8}")));
    }

    /// <summary>The differences by the row of the case's instructions, most frequent first; one line each.</summary>
    internal static string Report(IReadOnlyList<Difference> differences)
    {
        const int rows = 40;
        const int examples = 3;
        var groups = differences
            .GroupBy(difference => string.Join(" + ", difference.Case.Instructions.Select(i => i.Title.Length == 0 ? "(no row)" : i.Title)), StringComparer.Ordinal)
            .OrderBy(group => group.First().Case.Instructions.Count).ThenByDescending(group => group.Count());
        return string.Join('\n', groups.Take(rows).SelectMany(group => group.Take(examples)
            .Select(difference => $"  {Show(difference.Case)}\n    {difference.Text}").Prepend($"{group.Count()} x {group.Key}")));
    }

    private static string Show(FuzzCase one)
    {
        string words = string.Join(' ', one.Instructions.Select(i => i.Word.ToString("x8", CultureInfo.InvariantCulture)));
        string registers = string.Join(' ', one.Registers.Select((value, i) => $"r{i}={value:x}").Where((_, i) => one.Names(i)));
        return $"[{words}] cpsr={one.Cpsr:x8} spsr={one.Spsr:x8} {registers} sp={one.Sp:x} lr={one.Lr:x} trap={one.Trap:x}";
    }
}
