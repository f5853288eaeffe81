using System.Globalization;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>Runs batches of a set until it is told to stop, and keeps what was covered and what differed.</summary>
/// <param name="set">What is run.</param>
/// <param name="seed">Everything follows from it: batch n is made with seed + n.</param>
internal sealed class FuzzCampaign(FuzzSet set, int seed)
{
    private const int CasesPerBatch = 25_000;
    private const int Enough = 400;
    private readonly HashSet<(bool Thumb, uint Word)> encodings = [];
    private readonly Dictionary<string, int> byTitle = new(StringComparer.Ordinal);
    private readonly List<FuzzDifference> differences = [];
    private int batches;

    /// <summary>Distinct encodings that were run.</summary>
    internal int Encodings => encodings.Count;

    internal int Cases { get; private set; }

    internal bool Failed => differences.Count != 0;

    /// <summary>How often an instruction of a row was run.</summary>
    internal int Times(string title) => byTitle.GetValueOrDefault(title);

    /// <summary>Runs while there is nothing wrong and more is asked for. QEMU runs a batch while the next one is made.</summary>
    internal void Run(Func<FuzzCampaign, bool> more)
    {
        Action finish = static () => { };
        while (differences.Count < Enough && more(this))
        {
            Action before = finish;
            finish = Start();
            before();
        }

        finish();
    }

    /// <summary>What differed, by the rows of the instructions, most frequent first, with some examples each.</summary>
    internal string Report()
    {
        const int rows = 20;
        const int examples = 3;
        var groups = differences
            .GroupBy(difference => string.Join(" + ", difference.Case.Instructions.Select(i => i.Title.Length == 0 ? "(no row)" : i.Title)), StringComparer.Ordinal)
            .OrderBy(group => group.First().Case.Instructions.Count).ThenByDescending(group => group.Count())
            .ToList();
        return string.Create(CultureInfo.InvariantCulture, $"{set}, seed {seed}: {differences.Count} of {Cases} cases differ, {Encodings} encodings, {groups.Count} kinds\n")
            + string.Join('\n', groups.Take(rows).SelectMany(group => group.Take(examples)
                .Select(difference => $"  {difference.Case}\n    {difference.Text}").Prepend($"{group.Count()} x {group.Key}")));
    }

    private Action Start()
    {
        Random random = new(seed + batches);
        FuzzSettings settings = new StateGenerator(random).Settings(set == FuzzSet.Vfp, strict: batches % 4 == 3);
        ICaseGenerator generator = FuzzSets.Generator(set, thumb: batches % 2 == 1, random);
        batches++;
        List<FuzzCase> cases = [.. Enumerable.Range(0, CasesPerBatch).Select(i => generator.Make(HarnessImage.Slot(i), settings))];
        Cases += cases.Count;
        foreach (FuzzCase one in cases)
        {
            foreach (FuzzInstruction instruction in one.Instructions)
            {
                encodings.Add((one.Thumb, instruction.Word));
                byTitle[instruction.Title] = Times(instruction.Title) + 1;
            }
        }

        FuzzBatch batch = new(cases, settings);
        return () => differences.AddRange(Shrink(batch.Differences(), generator, settings));
    }

    /// <summary>Replaces cases of several instructions by those with one less that still differ, as long as there are such.</summary>
    private static List<FuzzDifference> Shrink(List<FuzzDifference> found, ICaseGenerator generator, FuzzSettings settings)
    {
        List<FuzzDifference> done = [];
        while (true)
        {
            done.AddRange(found.Where(difference => difference.Case.Instructions.Count == 1));
            found.RemoveAll(difference => difference.Case.Instructions.Count == 1);
            List<(int From, FuzzCase Case)> shorter = [.. found.SelectMany((difference, from) => Enumerable.Range(0, difference.Case.Instructions.Count)
                .Select(without => (from, difference.Case.Without(without)))
                .Where(one => generator.Compares(one.Item2, settings)))];
            if (shorter.Count == 0)
            {
                done.AddRange(found);
                return done;
            }

            FuzzCase[] moved = [.. shorter.Select((one, i) => one.Case.MovedTo(HarnessImage.Slot(i)))];
            Dictionary<int, FuzzDifference> still = new FuzzBatch(moved, settings).Differences()
                .GroupBy(difference => shorter[Array.IndexOf(moved, difference.Case)].From)
                .ToDictionary(group => group.Key, group => group.First());
            done.AddRange(found.Where((_, i) => !still.ContainsKey(i)));
            found = [.. still.Values];
        }
    }
}
