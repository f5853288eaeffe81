using ActorTrace.Actors.Experiments.Overhead;
using ActorTrace.Hosting.Cli.Bench;
using Xunit.Abstractions;

namespace ActorTrace.Results.Tests.Overhead;

/// <summary>What `bench overhead` measures, against what was predicted and what the paper says.</summary>
public sealed class OverheadTests(SmallRun run, ITestOutputHelper output) : IClassFixture<SmallRun>
{
    private const double OnePercent = 0.01;
    private const double PaperContext1 = 45;

    private static readonly string[] Switching = ["context1", "process-creation"];

    private IReadOnlyList<OverheadRow> Rows => run.Results.Rows;

    [Fact]
    public void Every_world_takes_what_was_predicted_within_one_percent()
    {
        using var text = new StringWriter();
        OverheadText.Write(text, run.Results);
        output.WriteLine(text.ToString());
        Assert.Equal(13, Rows.Count);
        foreach (OverheadRow row in Rows)
        {
            foreach (OverheadMeasurement measured in row.Worlds)
            {
                double ratio = measured.Result.Cycles / row.PredictedIn(measured.World.Tracing);
                Assert.True(Math.Abs(ratio - 1) < OnePercent, $"{row.Benchmark.Name} in {measured.World.Name}: {ratio} of what was predicted");
            }
        }
    }

    [Fact]
    public void The_overhead_of_what_switches_is_predicted_within_one_percent_of_itself()
    {
        foreach (OverheadRow row in Rows.Where(r => Switching.Contains(r.Benchmark.Name, StringComparer.Ordinal)))
        {
            Assert.InRange(row.Overhead(OverheadTracing.Switches) / row.PredictedOverhead(OverheadTracing.Switches), 1 - OnePercent, 1 + OnePercent);
        }

        Assert.Equal(2, run.Results.Calibrations.Count);
        Assert.All(run.Results.Calibrations, c => Assert.InRange(c.Overhead / c.Predicted, 1 - OnePercent, 1 + OnePercent));
    }

    [Fact]
    public void What_does_not_switch_stays_below_one_percent()
    {
        OverheadRow[] still = [.. Rows.Where(r => !Switching.Contains(r.Benchmark.Name, StringComparer.Ordinal))];
        Assert.Equal(11, still.Length);
        Assert.All(still, r => Assert.Empty(r.Benchmark.Switches));

        // Not nothing: each was hit by the guest's housekeeping.
        Assert.All(still, r => Assert.InRange(r.Overhead(OverheadTracing.Switches), 0.01, 1));
    }

    [Fact]
    public void Tracing_that_was_stopped_takes_the_very_cycles_of_none()
    {
        Assert.All(Rows, r => Assert.Equal(r.Base.Result, r.In(OverheadTracing.Stopped).Result));
        Assert.All(Rows, r => Assert.Equal(0.0, r.Overhead(OverheadTracing.Stopped)));

        // It was on before: its probes were hit while the guest was idle.
        Assert.All(Rows, r => Assert.True(r.In(OverheadTracing.Stopped).Hits.Values.Aggregate(0UL, (sum, hits) => sum + hits) > 100));
        Assert.All(Rows, r => Assert.Empty(r.Base.Hits));
    }

    [Fact]
    public void A_benchmark_computes_the_same_in_every_world()
    {
        foreach (OverheadRow row in Rows)
        {
            Assert.NotEqual(0u, row.Base.Result.Checksum);
            Assert.All(row.Worlds, w => Assert.Equal(row.Base.Result.Checksum, w.Result.Checksum));
        }
    }

    /// <summary>The guest's own count; the housekeeping adds two switches every 10 ms.</summary>
    [Fact]
    public void A_benchmark_switches_as_often_as_the_prediction_says()
    {
        foreach (OverheadRow row in Rows)
        {
            OverheadMeasurement native = row.In(OverheadTracing.Native);
            Assert.InRange(native.Result.Switches, row.Benchmark.Switches.Count * native.Iterations, (row.Benchmark.Switches.Count * native.Iterations) + 6);
        }
    }

    /// <summary>The guest's own code and its counted loops together are the lengths that were asked for, but for what ticks and housekeeping take of the time.</summary>
    [Fact]
    public void The_paths_natively_have_the_published_lengths()
    {
        const double Others = 0.0025;
        (string Name, double Cycles)[] paths = [("null-call", 561), ("context1", 20_230)];
        foreach ((string name, double cycles) in paths)
        {
            OverheadMeasurement native = Rows.Single(r => string.Equals(r.Benchmark.Name, name, StringComparison.Ordinal)).In(OverheadTracing.Native);
            Assert.InRange((double)native.Result.Cycles / native.Iterations / cycles, 1 - (OnePercent / 4), 1 + (OnePercent / 4) + Others);
        }
    }

    [Fact]
    public void The_papers_context1_lies_between_the_calibrations_where_a_hit_takes_a_second_trap_and_above_both_where_not()
    {
        CalibrationRow with = run.Results.Calibrations[0];
        CalibrationRow without = run.Results.Calibrations[1];
        Assert.True(without.PredictedWithSecondTrap < PaperContext1 && PaperContext1 < with.PredictedWithSecondTrap);
        Assert.True(without.Overhead < with.Overhead && with.Overhead < PaperContext1);
        Assert.Equal([5_326UL, 2_270UL], run.Results.Calibrations.Select(c => c.Calibration.Hypercall));
        Assert.All(run.Results.Calibrations, c => Assert.Equal(
            c.Calibration.Hypercall, c.Calibration.Costs.TrapEntry + c.Calibration.Costs.Hypercall + c.Calibration.Costs.TrapExit));
    }
}
