using System.Globalization;

namespace ActorTrace.Actors.Experiments.Overhead;

/// <summary>Which suite of the paper a benchmark stands for.</summary>
public enum OverheadSection
{
    /// <summary>Programs alone, as Geekbench has them.</summary>
    Geekbench,

    /// <summary>Programs and the system, as UnixBench has them.</summary>
    UnixBench,
}

/// <summary>A benchmark of guests/overhead.</summary>
/// <param name="Number">Its place in the guest's own table.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Section">What it stands for.</param>
/// <param name="Work">What one iteration does.</param>
/// <param name="Iterations">How many make about 25 ms on the board.</param>
/// <param name="Switches">The context switches of one iteration, each with the number of tasks that became ready since the switch before.</param>
/// <param name="PaperPercent">The overhead that the paper has for it; where <paramref name="PaperIsBound"/> holds, less than that.</param>
/// <param name="PaperIsBound">The paper says only that it is less; of UnixBench that most are.</param>
public sealed record OverheadBenchmark(
    int Number, string Name, OverheadSection Section, string Work, uint Iterations, IReadOnlyList<int> Switches, int PaperPercent, bool PaperIsBound)
{
    /// <summary>What the paper has for it, in words.</summary>
    public string Paper => string.Create(CultureInfo.InvariantCulture, $"{Extent}{PaperPercent} %");

    private string Extent => !PaperIsBound ? "" : Section == OverheadSection.Geekbench ? "under " : "most under ";

    /// <summary>The small size: a quarter.</summary>
    public uint SmallIterations => Math.Max(1, Iterations / 4);
}

/// <summary>The benchmarks, in the order of the guest's table (guests/overhead/suite.c).</summary>
public static class OverheadSuite
{
    private const int Small = 1;

    /// <summary>Two tasks by turns: one wakes the other, which goes to sleep again.</summary>
    private static readonly int[] ThereAndBack = [1, 0];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<OverheadBenchmark> All { get; } =
    [
        Geekbench(0, "integer", "CRC-32 of 1 KiB, primes below 2,048, 64 greatest common divisors", 525),
        Geekbench(1, "floating-point", "4 steps of 8 bodies (double), a Mandelbrot row of 32 points (single)", 3_100),
        Geekbench(2, "memory-copy", "a copy of 16 KiB", 16_250),
        Geekbench(3, "random-access", "2,048 loads, each from where the one before leads", 5_150),
        Geekbench(4, "sort", "quicksort of 1,024 numbers", 420),
        Geekbench(5, "string", "words of a text of 4 KiB written, hashed, compared and counted; a search", 260),
        Geekbench(6, "matrix", "product (single) and determinant (double) of 24 x 24", 285),
        Geekbench(7, "compression", "2 KiB packed in the manner of LZ77 and unpacked", 430),
        new(8, "null-call", OverheadSection.UnixBench, "a system call that does nothing (syscall)", 75_000, [], Small, PaperIsBound: true),
        new(9, "pipe", OverheadSection.UnixBench, "512 bytes written to a pipe and read again (pipe)", 6_400, [], Small, PaperIsBound: true),
        new(10, "context1", OverheadSection.UnixBench, "a number handed to another task and back through two pipes (context1)", 2_100, ThereAndBack, 45, PaperIsBound: false),
        new(11, "process-creation", OverheadSection.UnixBench, "a child that ends at once (spawn)", 2_000, ThereAndBack, Small, PaperIsBound: true),
        new(12, "file-copy", OverheadSection.UnixBench, "a block of 1,024 bytes read and written (fcopy)", 28_000, [], Small, PaperIsBound: true),
    ];

    /// <summary>The one that does nothing but switch.</summary>
    public static OverheadBenchmark Context1 { get; } = All.Single(b => string.Equals(b.Name, "context1", StringComparison.Ordinal));

    private static OverheadBenchmark Geekbench(int number, string name, string work, uint iterations) =>
        new(number, name, OverheadSection.Geekbench, work, iterations, [], Small, PaperIsBound: true);
}
