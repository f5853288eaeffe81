using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Boards;

namespace ActorTrace.Actors.Experiments.Overhead;

/// <summary>A benchmark in a world.</summary>
/// <param name="Benchmark">Which benchmark.</param>
/// <param name="World">Where.</param>
/// <param name="Iterations">How often.</param>
/// <param name="Result">What the guest says.</param>
/// <param name="Hits">How often each probe was hit, by its number, from the arming to the end of the run.</param>
/// <param name="Lost">Hits whose record found no room in the ring.</param>
public sealed record OverheadMeasurement(OverheadBenchmark Benchmark, OverheadWorld World, uint Iterations, BenchResult Result, IReadOnlyDictionary<ushort, ulong> Hits, ulong Lost)
{
    /// <summary>1 - score / score of the base, in percent; a score is 1 / cycles.</summary>
    public double OverheadOver(OverheadMeasurement baseline)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        return 100.0 * (1.0 - ((double)baseline.Result.Cycles / Result.Cycles));
    }
}

/// <summary>Runs the benchmarks of guests/overhead.</summary>
/// <param name="scenario">Android and the benchmark guest (scenarios/overhead.yaml).</param>
public sealed class OverheadExperiment(Scenario scenario)
{
    private static readonly OverheadWorld Native = OverheadWorld.All.Single(w => w.Tracing == OverheadTracing.Native);
    private static readonly OverheadWorld Switches = OverheadWorld.All.Single(w => w.Tracing == OverheadTracing.Switches);
    private static readonly OverheadWorld AllFunctions = OverheadWorld.All.Single(w => w.Tracing == OverheadTracing.AllFunctions);

    /// <summary>Runs that <see cref="RunAsync"/> makes for a choice of benchmarks.</summary>
    public static int RunsOf(IReadOnlyCollection<OverheadBenchmark> chosen)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        int calibrations = chosen.Where(IsCalibrated).Sum(_ => OverheadCalibration.All.Count * RunsOfCalibration);
        return (chosen.Count * RunsOfBenchmark) + calibrations;
    }

    // The base, the worlds, and the two runs that count; natively, untraced and traced.
    private static int RunsOfBenchmark => OverheadWorld.All.Count + 3;

    private const int RunsOfCalibration = 3;

    /// <summary>Runs benchmarks in all worlds.</summary>
    /// <param name="chosen">Which.</param>
    /// <param name="small">The small size.</param>
    /// <param name="threads">Runs at a time; no influence on any result.</param>
    /// <param name="done">Told after each run.</param>
    /// <param name="stop">Stops it.</param>
    public async Task<OverheadResults> RunAsync(
        IReadOnlyList<OverheadBenchmark> chosen, bool small, int threads, Action? done, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(chosen);
        var rows = new OverheadRow[chosen.Count];
        var calibrations = new CalibrationRow[chosen.Any(IsCalibrated) ? OverheadCalibration.All.Count : 0];
        IEnumerable<Func<Task>> work =
        [
            .. chosen.Select((b, i) => (Func<Task>)(async () => rows[i] = await RowAsync(b, small, done, stop))),
            .. calibrations.Select((_, i) => (Func<Task>)(async () => calibrations[i] = await CalibrationAsync(OverheadCalibration.All[i], small, done, stop))),
        ];
        await Parallel.ForEachAsync(work, new ParallelOptions { MaxDegreeOfParallelism = threads }, async (run, _) => await run());
        return new OverheadResults(rows, calibrations);
    }

    /// <summary>Runs one benchmark in one world.</summary>
    /// <exception cref="InvalidOperationException">The guest has not come to its end.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<OverheadMeasurement> MeasureAsync(
        OverheadBenchmark benchmark, OverheadWorld world, uint iterations, CostTable costs, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(benchmark);
        ArgumentNullException.ThrowIfNull(world);
        SimulatedBoard board = SimulatedBoard.Build(world.Apply(scenario, benchmark, iterations, costs));
        RunOutcome outcome = await SimulationHost.RunInMemoryAsync(board, new MemoryJournal { Discards = true }, 1, null, stop);
        stop.ThrowIfCancellationRequested();
        if (outcome.Failure is { } failure)
        {
            throw new InvalidOperationException($"{benchmark.Name} in {world.Name}: the run failed: {failure.Message}", failure);
        }

        GuestLease guest = board.GuestLeases.Single(g => string.Equals(g.Spec.Name, OverheadWorld.Guest, StringComparison.Ordinal));
        BenchResult result = BenchGuest.Read(guest)
            ?? throw new InvalidOperationException($"{benchmark.Name} in {world.Name}: {iterations} iterations do not end within the run.");
        ProbeTally[] tallies = [.. guest.ProbeTallies.All];
        return new OverheadMeasurement(
            benchmark, world, iterations, result,
            tallies.ToDictionary(t => t.Definition.Number, t => t.Hits), tallies.Aggregate(0UL, (sum, t) => sum + t.Overrun));
    }

    private static bool IsCalibrated(OverheadBenchmark benchmark) => ReferenceEquals(benchmark, OverheadSuite.Context1);

    private static uint Iterations(OverheadBenchmark benchmark, bool small) => small ? benchmark.SmallIterations : benchmark.Iterations;

    private async Task<OverheadRow> RowAsync(OverheadBenchmark benchmark, bool small, Action? done, CancellationToken stop)
    {
        uint iterations = Iterations(benchmark, small);
        CostTable costs = CostTable.Arndale;
        OverheadMeasurement baseline = await ToldAsync(benchmark, OverheadWorld.Base, iterations, costs, done, stop);
        List<OverheadMeasurement> worlds = [];
        foreach (OverheadWorld world in OverheadWorld.All)
        {
            worlds.Add(await ToldAsync(benchmark, world, iterations, costs, done, stop));
        }

        // Where everything is free the guest runs as it does natively: what is hit there is what natively is entered. The idle task's
        // loop begins at its entry, so that a guest that works enters it less often.
        OverheadMeasurement whole = await ToldAsync(benchmark, AllFunctions, iterations, CostTable.Zero, done, stop);
        OverheadMeasurement nothing = await ToldAsync(benchmark, AllFunctions, 0, CostTable.Zero, done, stop);
        ulong entries = whole.Hits.Aggregate(0UL, (sum, hits) => sum + (hits.Value - Math.Min(hits.Value, nothing.Hits[hits.Key])));
        ulong native = worlds[0].Result.Cycles;
        OverheadPrediction prediction = new(costs, scenario.Board.Clock);
        double[] predicted =
        [
            .. OverheadWorld.All.Select(w => w.Tracing switch
            {
                OverheadTracing.Native => native,
                OverheadTracing.Switches => prediction.Switches(native, benchmark, iterations),
                OverheadTracing.AllFunctions => prediction.AllFunctions(native, entries),
                _ => prediction.Off(native),
            }),
        ];
        return new OverheadRow(benchmark, baseline, worlds, predicted, entries);
    }

    private async Task<CalibrationRow> CalibrationAsync(OverheadCalibration calibration, bool small, Action? done, CancellationToken stop)
    {
        OverheadBenchmark context1 = OverheadSuite.Context1;
        uint iterations = Iterations(context1, small);
        OverheadMeasurement native = await ToldAsync(context1, Native, iterations, calibration.Costs, done, stop);
        OverheadMeasurement baseline = await ToldAsync(context1, OverheadWorld.Base, iterations, calibration.Costs, done, stop);
        OverheadMeasurement traced = await ToldAsync(context1, Switches, iterations, calibration.Costs, done, stop);
        OverheadPrediction prediction = new(calibration.Costs, scenario.Board.Clock);
        ulong cycles = native.Result.Cycles;
        double off = prediction.Off(cycles);
        return new CalibrationRow(
            calibration, native, baseline, traced,
            OverheadPrediction.Overhead(off, prediction.Switches(cycles, context1, iterations)),
            OverheadPrediction.Overhead(off, prediction.Switches(cycles, context1, iterations, calibration.Hypercall)));
    }

    private async Task<OverheadMeasurement> ToldAsync(
        OverheadBenchmark benchmark, OverheadWorld world, uint iterations, CostTable costs, Action? done, CancellationToken stop)
    {
        OverheadMeasurement measured = await MeasureAsync(benchmark, world, iterations, costs, stop);
        done?.Invoke();
        return measured;
    }
}
