using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Actors.Twins;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Analysis.Twins;
using CsCheck;

namespace ActorTrace.EndToEnd.Compare;

/// <summary>
/// Where tracing's cycles go: for random costs, guests and probes, the cycles by cause add up to the difference between the twins'
/// times at the same point of the guest's work, exactly. Time, instructions, idle cycles and charges are counted apart from each other.
/// </summary>
public sealed class CycleIdentityTests
{
    private static readonly string[] Places =
    [
        "OSCtxSw", "OSIntCtxSw", "OSTaskSwHook", "OSTimeTick", "OSTimeTick/return", "OS_Sched", "OSIntExit", "OSIntEnter", "OSTimeDly/return", "OSTimeGet",
        "OSCtxSw+0x8",
    ];

    private static readonly string[] Filters = ["none", "every=2", "every=7", "task=RTOS-Task2", "id=6 every=3"];
    private static readonly string[] Images = ["rtos.elf", "rtos-mmu.elf", "variants/rtos-thumb-Os-off-soft.elf", "variants/rtos-arm-O2-long-soft.elf"];

    private static readonly Gen<string> Costs = Gen.Select(
        Gen.OneOf("arndale", "zero"), Gen.Select(Gen.OneOf(CostTable.Names.ToArray()), Gen.Int[0, 20_000]).Array[0, 5])
        .Select((preset, changed) => "{preset: " + preset + string.Concat(changed.DistinctBy(c => c.Item1, StringComparer.Ordinal).Select(c => $", {c.Item1}: {c.Item2}")) + "}");

    private static readonly Gen<ControlWrite[]> Control = Gen.Select(
        Gen.Bool, Gen.OneOf(Places).Array[0, 4], Gen.OneOf(Filters), Gen.ULong[1, 120_000_000], Gen.Bool)
        .Select((set, places, filter, at, lifted) => Writes(set, places.Distinct(StringComparer.Ordinal), filter, new VirtualInstant(at), lifted));

    [Fact]
    public void Cycles_by_cause_are_the_difference_between_the_twins()
    {
        Gen.Select(Gen.OneOf(Images), Costs, Control, Gen.Int[40, 110]).Sample(
            (image, costs, control, milliseconds) =>
            {
                Scenario scenario = Guest(image, costs, milliseconds);
                TwinRun untraced = Run(scenario with { Control = [] });
                TwinRun traced = Run(scenario with { Control = control });
                for (int core = 1; core < scenario.Board.Cores; core++)
                {
                    Assert.Equal(0, CycleAccount.Of(untraced.Source, new CoreId((byte)core), untraced.Cores[core]).Gap);
                    Assert.Equal(0, CycleAccount.Of(traced.Source, new CoreId((byte)core), traced.Cores[core]).Gap);
                }

                int compared = 0;
                foreach ((CoreReading off, CoreReading on) in SameJobs(untraced.Observed[0], traced.Observed[0]))
                {
                    AssertExplained(untraced, off, traced, on, sameInstructions: false);
                    compared++;
                }

                return compared > 0;
            },
            iter: 12, threads: 1);
    }

    [Fact]
    public void A_guest_that_knows_no_time_executes_the_same_instructions_and_the_charges_alone_are_the_difference()
    {
        const int Milliseconds = 5;
        Scenario guest = TimerlessGuest.Scenario(Milliseconds);
        int delayed = 0;
        uint[] instructions = [.. ObserverTests.EveryInstruction(guest.Guests[1].Image, "_start").Where(a => a % 4 == 0)];
        Gen.Select(Gen.Int[300, 9_000], Gen.Int[0, 3_000], Gen.OneOf(instructions).Array[1, 8], Gen.OneOf(instructions), Gen.OneOf("none", "every=5")).Sample(
            (trap, other, probed, mark, filter) =>
            {
                Scenario scenario = TimerlessGuest.Scenario(Milliseconds, $"{{preset: zero, trap-entry: {trap}, tcb-word: {other}, patch: {other}, ring-write: {trap}}}");
                VirtualInstant at = scenario.Board.Clock.FromNanoseconds(1_000_000);
                ControlWrite[] control =
                [
                    new(at, "trace/guest", TimerlessGuest.Name), new(at, "trace/filter", filter),
                    .. probed.Distinct().SelectMany(a => new ControlWrite[] { new(at, "trace/address", $"0x{a:x8}"), new(at, "trace/enable", "1") }),
                ];
                (TwinRun untraced, List<CoreReading> marks) = Marked(scenario, mark);
                (TwinRun traced, List<CoreReading> later) = Marked(scenario with { Control = control }, mark);
                for (int i = 0; i < Math.Min(marks.Count, later.Count); i++)
                {
                    AssertExplained(untraced, marks[i], traced, later[i], sameInstructions: true);
                }
                delayed += marks.Zip(later).Count(pair => pair.Item2.At > pair.Item1.At);
            },
            iter: 24, threads: 1);
        Assert.True(delayed > 0, "no sample was delayed at all");
    }

    private static void AssertExplained(TwinRun untraced, CoreReading first, TwinRun traced, CoreReading second, bool sameInstructions)
    {
        CoreId core = new(1);
        CycleAccount off = CycleAccount.Of(untraced.Source, core, first);
        CycleAccount on = CycleAccount.Of(traced.Source, core, second);
        long byCause = CauseShift.Compare(off, on).Where(c => !sameInstructions || c.Category is not null).Sum(c => c.Added);
        Assert.Equal((long)second.At.Cycles - (long)first.At.Cycles, byCause);
        if (sameInstructions)
        {
            Assert.Equal((first.Instructions, first.IdleCycles), (second.Instructions, second.IdleCycles));
        }
    }

    private static IEnumerable<(CoreReading Off, CoreReading On)> SameJobs(GuestHistory untraced, GuestHistory traced) =>
        from first in untraced.Tasks
        join second in traced.Tasks on first.Pid equals second.Pid
        from pair in first.Jobs.Zip(second.Jobs)
        select (pair.Item1.Completed, pair.Item2.Completed);

    private static TwinRun Run(Scenario scenario)
    {
        FinishedTwin twin = TwinRunner.RunAsync("twin", scenario, observed: true, 2, null, CancellationToken.None).GetAwaiter().GetResult();
        Assert.Null(twin.Outcome.Failure);
        return twin.Run;
    }

    /// <summary>Runs with a reading at every arrival at a place whose number is a power of two.</summary>
    private static (TwinRun Run, List<CoreReading> Marks) Marked(Scenario scenario, uint mark)
    {
        SimulatedBoard board = SimulatedBoard.Build(scenario);
        List<CoreReading> marks = [];
        ulong arrivals = 0;
        board.GuestLeases[1].Vcpus[0].Context.Watch = new CodeWatch([mark], core =>
        {
            if (ulong.IsPow2(++arrivals))
            {
                marks.Add(new CoreReading(core.Now, core.Instructions, core.IdleCycles, core.DeviceCycles));
            }
        });
        Actors.Recording.MemoryJournal journal = new();
        RunOutcome outcome = SimulationHost.RunInMemoryAsync(board, journal, 2, null, CancellationToken.None).GetAwaiter().GetResult();
        Assert.Null(outcome.Failure);
        return (new TwinRun("twin", outcome.Hash, new MemorySource(journal), [], []), marks);
    }

    private static Scenario Guest(string image, string costs, int milliseconds)
    {
        bool mmu = image.StartsWith("rtos-mmu", StringComparison.Ordinal);
        (string, string)[] edits = [("duration: 2s", $"duration: {milliseconds}ms"), ("preset: arndale\n", $"preset: arndale\n  costs: {costs}\n")];
        return mmu
            ? SimulatedRun.Load("arndale-mmu", edits)
            : SimulatedRun.Load("arndale", [.. edits, ("bin/rtos.elf", "bin/" + image)]);
    }

    private static ControlWrite[] Writes(bool set, IEnumerable<string> places, string filter, VirtualInstant at, bool lifted) =>
    [
        new(at, "trace/guest", "ucos"),
        new(at, "trace/filter", filter),
        .. set ? (ControlWrite[])[new(at, "trace/probes", "switch+wakeup"), new(at, "trace/enable", "1")] : [],
        .. places.SelectMany(place => new ControlWrite[] { new(at, "trace/symbol", place), new(at, "trace/enable", "1") }),
        .. lifted ? (ControlWrite[])[new(at + 30_000_000, "trace/enable", "0")] : [],
    ];
}
