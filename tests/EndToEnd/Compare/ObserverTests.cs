using ActorTrace.Actors.Observation;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Analysis.Twins;

namespace ActorTrace.EndToEnd.Compare;

/// <summary>Observers of a guest's code and tasks: what they see is true, and nobody in the simulation can tell that they are there.</summary>
public sealed class ObserverTests
{
    /// <summary>Instructions from the entry of OSCtxSw to the one that reads the counter of the guest's own ring (guests/rtos/README.md).</summary>
    private const ulong FromSwitchToCounter = 11;

    public static TheoryData<string, string> Worlds => new()
    {
        { "arndale", "rtos.elf" },
        { "arndale", "variants/rtos-thumb-Os-off-soft.elf" },
        { "arndale-mmu", "rtos-mmu.elf" },
    };

    [Theory]
    [MemberData(nameof(Worlds))]
    public void A_run_that_is_observed_has_the_hash_of_one_that_is_not(string name, string image)
    {
        Scenario scenario = Short(name, image);
        string expected = SimulatedRun.ByActors(scenario, 2).Outcome.Hash;
        Assert.Matches("^[0-9a-f]{64}$", expected);
        foreach (int threads in new[] { 1, 2, 4 })
        {
            (RunOutcome outcome, IReadOnlyList<TaskObserver> observers) = Observed(scenario, threads);
            Assert.NotEmpty(Assert.Single(observers).History.Pieces);
            Assert.Equal((threads, expected), (threads, outcome.Hash));
        }

        SimulatedBoard board = SimulatedBoard.Build(scenario);
        _ = board.Observe();
        Assert.Equal(expected, new SequentialEngine(board).Run().Hash);
    }

    /// <summary>All but the loop in which the guest waits to be probed.</summary>
    [Theory]
    [InlineData("arm", false)]
    [InlineData("thumb", false)]
    [InlineData("arm", true)]
    [InlineData("thumb", true)]
    public void Watching_every_instruction_of_a_guest_changes_nothing(string set, bool probed)
    {
        Scenario scenario = ProbedGuest.Scenario(set, probed ? [("trace/symbol", "shape_branch"), ("trace/enable", "1"), ("trace/symbol", "shape_exclusive"), ("trace/enable", "1")] : []);
        scenario = scenario with { Duration = scenario.Board.Clock.FromNanoseconds(6_000_000) };
        SimulatedRun plain = SimulatedRun.ByActors(scenario, 2);
        SimulatedBoard board = SimulatedBoard.Build(scenario);
        ulong seen = 0;
        CodeWatch watch = new(EveryInstruction(scenario.Guests[1].Image, "main", "wait_until"), _ => seen++);
        board.GuestLeases[1].Vcpus[0].Context.Watch = watch;
        RunOutcome outcome = Run(board, 2);

        Assert.True(seen > 1_000, $"{seen} arrivals");
        Assert.Equal(plain.Outcome.Hash, outcome.Hash);
        Assert.Equal(plain.Outcome.Leases[1].Core.Instructions, outcome.Leases[1].Core.Instructions);
    }

    [Fact]
    public void Who_watches_every_instruction_sees_as_many_as_the_core_counts()
    {
        Scenario scenario = TimerlessGuest.Scenario(milliseconds: 2);
        SimulatedBoard board = SimulatedBoard.Build(scenario);
        ulong seen = 0;
        ulong first = 0;
        board.GuestLeases[1].Vcpus[0].Context.Watch = new CodeWatch(
            EveryInstruction(scenario.Guests[1].Image),
            core =>
            {
                first = seen == 0 ? core.Instructions : first;
                Assert.Equal(seen, core.Instructions - first);
                seen++;
            });
        RunOutcome outcome = Run(board, 2);
        Assert.Equal(outcome.Leases[1].Core.Instructions, seen);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_observer_sees_every_turn_of_the_guests_own_ring_traced_or_not(bool traced)
    {
        Scenario scenario = SimulatedRun.Load("arndale", ("duration: 2s", "duration: 300ms"));
        SimulatedBoard board = SimulatedBoard.Build(traced ? scenario : scenario with { Control = [] });
        GuestHistory history = Assert.Single(board.Observe()).History;
        _ = Run(board, 2);

        const int Idle = 63;
        int pidBase = board.GuestLeases[1].Spec.PidBase;
        IReadOnlyList<TruthEntry> truth = TruthRing.Read(board.GuestLeases[1]);
        int[] turns = [.. truth.Where(e => e.IsSwitch && e.To != Idle).Select(e => pidBase + e.To)];
        Assert.True(turns.Length > 50, $"{turns.Length} turns");
        Assert.Equal(turns, history.Pieces.Select(p => p.Pid));
    }

    [Fact]
    public void The_instant_and_the_counters_of_a_jobs_end_are_those_that_the_guest_itself_read()
    {
        Scenario scenario = SimulatedRun.Load("arndale", ("duration: 2s", "duration: 300ms")) with { Control = [] };
        SimulatedBoard board = SimulatedBoard.Build(scenario);
        GuestHistory history = Assert.Single(board.Observe()).History;
        _ = Run(board, 2);

        ClockRates clock = scenario.Board.Clock;
        int pidBase = board.GuestLeases[1].Spec.PidBase;
        IReadOnlyList<TruthEntry> truth = TruthRing.Read(board.GuestLeases[1]);
        HashSet<(int, ulong)> leaves = [.. truth.Where(e => e.IsSwitch).Select(e => (pidBase + e.From, e.Counter))];
        foreach (TaskHistory task in history.Tasks)
        {
            Assert.NotEmpty(task.Jobs);
            Assert.All(task.Jobs, job => Assert.Contains(
                (task.Pid, clock.CountAt(job.Completed.At + (FromSwitchToCounter * clock.CyclesPerInstruction))), leaves));
        }
    }

    internal static RunOutcome Run(SimulatedBoard board, int threads)
    {
        RunOutcome outcome = SimulationHost.RunInMemoryAsync(board, new MemoryJournal(), threads, null, CancellationToken.None).GetAwaiter().GetResult();
        Assert.Null(outcome.Failure);
        return outcome;
    }

    internal static IEnumerable<uint> EveryInstruction(ElfImage image, params string[] except)
    {
        foreach (ElfSymbol function in image.Symbols.All.Where(s => s.Kind == ElfSymbolKind.Function && !except.Contains(s.Name, StringComparer.Ordinal)))
        {
            for (uint at = function.Address.Value & ~1u; at < (function.Address.Value & ~1u) + Math.Max(function.Size, 4); at += 2)
            {
                yield return at;
            }
        }
    }

    private static (RunOutcome Outcome, IReadOnlyList<TaskObserver> Observers) Observed(Scenario scenario, int threads)
    {
        SimulatedBoard board = SimulatedBoard.Build(scenario);
        IReadOnlyList<TaskObserver> observers = board.Observe();
        return (Run(board, threads), observers);
    }

    private static Scenario Short(string name, string image) => string.Equals(name, "arndale-mmu", StringComparison.Ordinal)
        ? SimulatedRun.Load(name, ("duration: 2s", "duration: 100ms"))
        : SimulatedRun.Load(name, ("duration: 2s", "duration: 100ms"), ("bin/rtos.elf", "bin/" + image));
}
