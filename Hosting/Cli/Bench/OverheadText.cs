using System.Globalization;
using ActorTrace.Actors.Experiments.Overhead;
using Spectre.Console;

namespace ActorTrace.Hosting.Cli.Bench;

/// <summary>The results for a terminal.</summary>
internal static class OverheadText
{
    /// <summary>Writes the tables.</summary>
    public static void Write(TextWriter output, OverheadResults results)
    {
        foreach (OverheadSection section in Enum.GetValues<OverheadSection>())
        {
            Rendering.Section(output, $"{section}: overhead = 1 - score / score with tracing off", Table(results.Rows.Where(r => r.Benchmark.Section == section)));
        }

        Table calibrations = Rendering.Table("context1 by calibration", "hypercall#", "overhead#", "predicted#", "with a second trap#", "paper#");
        foreach (CalibrationRow row in results.Calibrations)
        {
            Rendering.Row(
                calibrations, row.Calibration.Name, Rendering.Number(row.Calibration.Hypercall), Percent(row.Overhead), Percent(row.Predicted),
                Percent(row.PredictedWithSecondTrap), OverheadSuite.Context1.Paper);
        }

        Rendering.Section(output, "context1 by both published calibrations; a second trap is what a hypervisor takes that re-arms at the next instruction", calibrations);
        output.WriteLine("The paper: nothing where tracing is off; Linux's ftrace slows down up to 11 x.");
    }

    /// <summary>A figure in percent; what rounds to nothing has no sign.</summary>
    public static string Percent(double value) =>
        (Math.Abs(value) < 0.005 ? 0 : value).ToString("0.00", CultureInfo.InvariantCulture) + " %";

    /// <summary>How many times slower.</summary>
    public static string Slowdown(OverheadRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.In(OverheadTracing.AllFunctions).Result.Cycles / (double)row.Base.Result.Cycles:0.0} x");

    private static Table Table(IEnumerable<OverheadRow> rows)
    {
        Table table = Rendering.Table(
            "benchmark", "native cycles#", "native#", "tracing-off#", "context-switch-probe#", "predicted#", "paper#", "all-functions#", "predicted#", "slower#", "records lost#");
        foreach (OverheadRow row in rows)
        {
            Rendering.Row(
                table, row.Benchmark.Name, Rendering.Number(row.In(OverheadTracing.Native).Result.Cycles), Percent(row.Overhead(OverheadTracing.Native)),
                Percent(row.Overhead(OverheadTracing.Stopped)), Percent(row.Overhead(OverheadTracing.Switches)),
                Percent(row.PredictedOverhead(OverheadTracing.Switches)), row.Benchmark.Paper, Percent(row.Overhead(OverheadTracing.AllFunctions)),
                Percent(row.PredictedOverhead(OverheadTracing.AllFunctions)), Slowdown(row), Rendering.Number(row.In(OverheadTracing.AllFunctions).Lost));
        }

        return table;
    }
}
