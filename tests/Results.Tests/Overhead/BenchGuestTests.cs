using ActorTrace.Actors.Experiments.Overhead;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.EndToEnd;
using ActorTrace.Hosting.Scenarios;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;

namespace ActorTrace.Results.Tests.Overhead;

/// <summary>guests/overhead on this machine and on QEMU: the same image.</summary>
public sealed class BenchGuestTests
{
    private const string Mark = "ActorTrace overhead: done";
    private const uint Iterations = 7;

    public static TheoryData<string> Names => new(OverheadSuite.All.Select(b => b.Name));

    /// <summary>The clocks of QEMU's virt board with -icount shift=6: one instruction takes 64 ns, and a cycle 1 ns.</summary>
    private static readonly ClockRates QemuClock = new(1_000_000_000, 62_500_000, 64);

    /// <summary>Every line is the same: checksum, cycles by the performance monitors, switches.</summary>
    [SkippableTheory]
    [MemberData(nameof(Names))]
    public void What_a_benchmark_prints_equals_what_it_prints_on_qemu(string name)
    {
        OverheadBenchmark benchmark = OverheadSuite.All.Single(b => string.Equals(b.Name, name, StringComparison.Ordinal));
        OverheadWorld native = OverheadWorld.All.Single(w => w.Tracing == OverheadTracing.Native);
        Scenario loaded = BuiltInScenario.Load("overhead");
        Scenario scenario = native.Apply(loaded with { Board = loaded.Board with { Clock = QemuClock } }, benchmark, Iterations, CostTable.Zero) with
        {
            Duration = new VirtualInstant(2_000_000_000),
        };
        using TemporaryFolder folder = Workspace.Temporary();
        string image = folder.File("overhead.elf");
        File.WriteAllBytes(image, scenario.Guests[1].Image.Bytes.ToArray());
        string expected = Qemu.Console(image, Mark);
        SimulatedBoard board = SimulatedBoard.Build(scenario);
        MemoryJournal journal = new();
        RunOutcome outcome = SimulationHost.RunInMemoryAsync(board, journal, 2, null, CancellationToken.None).GetAwaiter().GetResult();
        Assert.Null(outcome.Failure);
        string console = string.Concat(journal.Read(StreamNames.Core(1)).OfType<ConsoleRecord>().Select(c => c.Text));
        Assert.Contains($"benchmark {name} iterations {Iterations} checksum", expected, StringComparison.Ordinal);
        Assert.Equal(expected, console);
        BenchResult result = BenchGuest.Read(board.GuestLeases[1])!.Value;
        Assert.Contains($"checksum 0x{result.Checksum:X8}\n", console, StringComparison.Ordinal);
        Assert.Contains($"cycles {result.Cycles} switches {result.Switches}\n", console, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_table_of_benchmarks_is_that_of_the_experiment() =>
        Assert.Equal(Enumerable.Range(0, OverheadSuite.All.Count), OverheadSuite.All.Select(b => b.Number));
}
