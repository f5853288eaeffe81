using ActorTrace.Actors.Experiments.Overhead;
using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Timelines.Figure;

namespace ActorTrace.Hosting.Cli.Bench;

/// <summary>The overheads as a bar chart, the paper's figures beside them.</summary>
internal static class OverheadChart
{
    private const double End = 100;
    private const double Step = 20;

    private static readonly string[] Series = ["context-switch-probe", "the paper", "all-functions"];

    /// <summary>Writes it as SVG.</summary>
    public static void Save(OverheadResults results, string path)
    {
        BarGroup[] groups = [.. results.Rows.Select(Group)];
        using var file = new AtomicFile(path);
        new BarChart("What tracing takes of a benchmark's score (1 - score / score with tracing off)", Series, groups, End, Step, " %").WriteSvg(file.Stream);
        file.Commit();
    }

    private static BarGroup Group(OverheadRow row) => new(
        row.Benchmark.Name,
        [
            Bar(row.Overhead(OverheadTracing.Switches)),
            (row.Benchmark.PaperPercent, row.Benchmark.Paper),
            Bar(row.Overhead(OverheadTracing.AllFunctions)),
        ]);

    private static (double Value, string Text) Bar(double percent) => (percent, OverheadText.Percent(percent));
}
