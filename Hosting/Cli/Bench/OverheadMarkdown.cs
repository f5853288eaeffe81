using System.Globalization;
using ActorTrace.Actors.Experiments.Overhead;

namespace ActorTrace.Hosting.Cli.Bench;

/// <summary>The results as a section of docs/RESULTS.md: first what was known before the runs, then the runs.</summary>
internal static class OverheadMarkdown
{
    /// <summary>Writes the section.</summary>
    public static void Write(TextWriter output, OverheadResults results)
    {
        output.WriteLine("## What tracing costs");
        output.WriteLine();
        OverheadComposition.Write(output);
        foreach (OverheadSection section in Enum.GetValues<OverheadSection>())
        {
            WriteRows(output, section, results.Rows.Where(r => r.Benchmark.Section == section));
        }

        WriteReading(output, results);
        WriteCalibrations(output, results);
    }

    /// <summary>Writes a table; columns whose name ends in # are numbers.</summary>
    public static void Table(TextWriter output, string[] columns, IEnumerable<string[]> rows)
    {
        output.WriteLine($"| {string.Join(" | ", columns.Select(c => c.TrimEnd('#')))} |");
        output.WriteLine($"|{string.Concat(columns.Select(c => c.EndsWith('#') ? "---:|" : "---|"))}");
        foreach (string[] row in rows)
        {
            output.WriteLine($"| {string.Join(" | ", row)} |");
        }

        output.WriteLine();
    }

    private static void WriteRows(TextWriter output, OverheadSection section, IEnumerable<OverheadRow> rows)
    {
        OverheadRow[] shown = [.. rows];
        if (shown.Length == 0)
        {
            return;
        }

        output.WriteLine($"### {section}'s kind");
        output.WriteLine();
        Table(
            output,
            [
                "benchmark", "one iteration", "iterations#", "native cycles#", "native#", "tracing off#", "switch probes#", "predicted#", "the paper#",
                "all functions#", "predicted#", "slower#",
            ],
            shown.Select(Row));
    }

    private static string[] Row(OverheadRow row) =>
    [
        row.Benchmark.Name, row.Benchmark.Work, Rendering.Number(row.Base.Iterations), Rendering.Number(row.In(OverheadTracing.Native).Result.Cycles),
        OverheadText.Percent(row.Overhead(OverheadTracing.Native)), OverheadText.Percent(row.Overhead(OverheadTracing.Stopped)),
        OverheadText.Percent(row.Overhead(OverheadTracing.Switches)), OverheadText.Percent(row.PredictedOverhead(OverheadTracing.Switches)),
        row.Benchmark.Paper, OverheadText.Percent(row.Overhead(OverheadTracing.AllFunctions)),
        OverheadText.Percent(row.PredictedOverhead(OverheadTracing.AllFunctions)), OverheadText.Slowdown(row),
    ];

    private static void WriteReading(TextWriter output, OverheadResults results)
    {
        output.WriteLine("""
            - *native* is below nothing: without a hypervisor the guest's ticks do not leave it.
            - *tracing off* is a run in which all probes were armed and removed again before the benchmark began. It takes the very cycles
              of a run that nobody ever traced; so the overhead is exactly 0, and not about 0.
            - Without context switches of their own the benchmarks pay for the guest's housekeeping task: 200 switches a second.
            - *all functions* is how a function tracer works, but each entry leaves the guest. Linux's ftrace stays in the kernel, and the
              paper has up to 11 x for it. Short functions that are called often decide; the programs whose work is in one function pay for
              the functions of the tick only.
            """);
        if (results.Rows.FirstOrDefault(r => string.Equals(r.Benchmark.Name, "process-creation", StringComparison.Ordinal)) is { } creation)
        {
            double each = creation.In(OverheadTracing.Native).Result.Cycles / (double)creation.Base.Iterations;
            double pair = creation.Benchmark.Switches.Sum(w => (double)HitComposition.Cycles(HitComposition.SwitchHit(w), OverheadCalibration.WithVgic.Costs));
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"""
                - *process-creation* is above the paper's: no native length of fork was published for the board, and ours copies a process's
                  tables and three pages and does nothing else, in {each:N0} cycles. Its two switches cost {pair:N0} cycles; they fall below
                  1 % where a creation takes more than {pair * 99:N0} cycles ({pair * 99 / 1.7e6:0.00} ms), as one of Linux may.
                """));
        }

        output.WriteLine();
    }

    private static void WriteCalibrations(TextWriter output, OverheadResults results)
    {
        if (results.Calibrations.Count == 0)
        {
            return;
        }

        output.WriteLine("### context1 by both published calibrations");
        output.WriteLine();
        Table(
            output,
            ["leaving the guest", "source", "simulated#", "predicted#", "predicted with a second trap a hit#", "the paper#"],
            results.Calibrations.Select(c => (string[])
            [
                c.Calibration.Name, c.Calibration.Source, OverheadText.Percent(c.Overhead), OverheadText.Percent(c.Predicted),
                OverheadText.Percent(c.PredictedWithSecondTrap), OverheadSuite.Context1.Paper,
            ]));
        output.WriteLine("""
            Both simulated figures are below the paper's 45 %. A hit here leaves the guest once: the displaced instruction runs in place of the
            probe's. A hypervisor that puts the guest's instruction back, and arms the place again at a trap on the next one, leaves the
            guest twice. The same formula with a second hypercall a hit gives the last but one column; the paper's figure lies between the
            two calibrations there. What the paper's hypervisor saves and restores at a trap was not published.
            """);
        output.WriteLine();
    }
}
