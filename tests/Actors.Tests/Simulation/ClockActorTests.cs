using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Gic;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTrace.Actors.Tests.Simulation;

public sealed class ClockActorTests : TestKit
{
    private const ulong Latency = 850;
    private const ulong MaxWindow = 100_000;
    private const ulong Duration = 1_000_000;
    private static readonly Address Zero = Address.Of(Role.Core, new CoreId(0));
    private static readonly Address One = Address.Of(Role.Core, new CoreId(1));

    [Fact]
    public void A_core_may_run_until_the_other_cores_next_event_plus_the_latency_of_an_sgi()
    {
        WiredPart clock = Started();
        clock.Tell(Ended(0, now: 0, next: 5_000));
        clock.Tell(Ended(1, now: 0, next: 0));
        Assert.Equal(new VirtualInstant(5_000 + Latency), clock[One].ExpectMsg<RunUntil>().Limit);
        clock[Zero].ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Two_running_cores_advance_by_the_latency()
    {
        WiredPart clock = Started();
        clock.Tell(Ended(0, now: 10, next: 10));
        clock.Tell(Ended(1, now: 40, next: 40));
        Assert.Equal(new VirtualInstant(40 + Latency), clock[Zero].ExpectMsg<RunUntil>().Limit);
        Assert.Equal(new VirtualInstant(10 + Latency), clock[One].ExpectMsg<RunUntil>().Limit);
    }

    [Fact]
    public void A_window_is_never_longer_than_the_longest_window()
    {
        WiredPart clock = Started();
        clock.Tell(Ended(0, now: 0, next: ulong.MaxValue));
        clock.Tell(Ended(1, now: 0, next: 0));
        Assert.Equal(new VirtualInstant(MaxWindow), clock[One].ExpectMsg<RunUntil>().Limit);
    }

    [Fact]
    public void Nothing_is_granted_before_the_gic_has_delivered_what_was_sent()
    {
        WiredPart clock = Started();
        clock.Tell(Ended(0, now: 100, next: ulong.MaxValue, sends: 1));
        clock.Tell(Ended(1, now: 100, next: ulong.MaxValue));
        Assert.Equal(1, clock[Address.Gic].ExpectMsg<CloseWindow>().Sends);
        clock[One].ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        clock.Tell(new WindowRouted([0, 1], [VirtualInstant.Never, new VirtualInstant(950)]));
        RunUntil granted = clock[One].ExpectMsg<RunUntil>();
        Assert.Equal(1, granted.Deliveries);
        Assert.True(granted.Limit > new VirtualInstant(950));
    }

    [Fact]
    public void Unstored_batches_stop_the_clock_until_the_journal_gives_credit()
    {
        WiredPart clock = Started(batchLimit: 2);
        clock.Tell(Ended(0, now: 0, next: 0, batches: 3));
        clock.Tell(Ended(1, now: 0, next: 0));
        clock[Zero].ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        clock.Tell(new BatchesStored(1));
        clock[Zero].ExpectMsg<RunUntil>();
    }

    [Fact]
    public void No_event_anywhere_ends_the_run_as_idle()
    {
        WiredPart clock = Started();
        clock.Tell(Ended(0, now: 0, next: ulong.MaxValue));
        clock.Tell(Ended(1, now: 0, next: ulong.MaxValue));
        Assert.Equal("idle", clock[Address.Simulation].FishForMessage<ClockStopped>(_ => true).Reason);
    }

    [Fact]
    public void A_stop_takes_effect_at_the_window_boundary()
    {
        WiredPart clock = Started();
        clock.Tell(new StopClock("interrupted"));
        clock.Tell(Ended(0, now: 70, next: 70));
        clock.Tell(Ended(1, now: 90, next: 90));
        ClockStopped stopped = clock[Address.Simulation].FishForMessage<ClockStopped>(_ => true);
        Assert.Equal(("interrupted", 70UL), (stopped.Reason, stopped.At.Cycles));
    }

    [Fact]
    public void A_halt_takes_effect_at_the_window_boundary_when_all_before_is_stored()
    {
        WiredPart clock = Started();
        clock.Tell(new PauseClock(1));
        clock.Tell(Ended(0, now: 70, next: 70, batches: 1));
        clock.Tell(Ended(1, now: 90, next: 90));
        Flush(clock, 0, batches: 2);
        Flush(clock, 1, batches: 0);
        clock.Tell(new BatchesStored(1));
        clock[Address.Simulation].ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        clock.Tell(new BatchesStored(1));
        Assert.Equal(90UL, clock[Address.Simulation].ExpectMsg<RecordsStored>().Before.Cycles);
        ClockPaused paused = clock[Address.Simulation].ExpectMsg<ClockPaused>();
        Assert.Equal((90UL, 1L), (paused.At.Cycles, paused.Order));

        clock.Tell(new ContinueClock(2, VirtualInstant.Never));
        clock[Zero].ExpectMsg<RunUntil>();
    }

    [Fact]
    public void A_step_grants_no_window_beyond_its_end_and_is_answered_where_nothing_happens_in_it()
    {
        WiredPart clock = Paused();
        clock.Tell(new ContinueClock(2, new VirtualInstant(500)));
        Assert.Equal(500UL, clock[Zero].ExpectMsg<RunUntil>().Limit.Cycles);
        clock[One].ExpectMsg<RunUntil>();
        clock.Tell(Ended(0, now: 500, next: 9_000));
        clock.Tell(Ended(1, now: 500, next: 9_000));
        Flush(clock, 0, 0);
        Flush(clock, 1, 0);
        Assert.Equal(2, clock[Address.Simulation].FishForMessage<ClockPaused>(_ => true).Order);

        clock.Tell(new ContinueClock(3, new VirtualInstant(600)));
        ClockPaused idle = clock[Address.Simulation].FishForMessage<ClockPaused>(_ => true);
        Assert.Equal((600UL, 3L), (idle.At.Cycles, idle.Order));
        clock[Zero].ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void A_command_from_outside_is_stored_before_the_next_window_and_wakes_the_core_of_the_profiler()
    {
        WiredPart clock = Started();
        clock.Tell(new StampCommand(4, "trace/enable", "1"));
        clock.Tell(Ended(0, now: 70, next: 50_000));
        clock.Tell(Ended(1, now: 90, next: 60_000));
        StoreBatch stored = clock[Address.Journal].ExpectMsg<StoreBatch>();
        CommandRecord record = Assert.IsType<CommandRecord>(new RecordReader(stored.Batch.Payload).Next());
        Assert.Equal(("commands", 1L, 90UL, "trace/enable", "1"), (stored.Stream, stored.Batch.Number, record.Cause.At.Cycles, record.File, record.Value));
        clock[Zero].ExpectNoMsg(TimeSpan.FromMilliseconds(50));

        clock.Tell(new CommandBatchStored());
        Assert.Equal(new ControlWrite(new VirtualInstant(90), "trace/enable", "1"), clock[Zero].ExpectMsg<QueueControlWrite>().Write);
        clock[Zero].ExpectMsg<RunUntil>();
        CommandStored answer = clock[Address.Simulation].FishForMessage<CommandStored>(_ => true);
        Assert.Equal((4L, 90UL), (answer.Ticket, answer.At.Cycles));
    }

    [Fact]
    public void While_what_is_stored_is_repeated_commands_wait()
    {
        WiredPart clock = Started(repeating: true);
        clock.Tell(new StampCommand(1, "trace/enable", "1"));
        clock.Tell(Ended(0, now: 0, next: 0));
        clock.Tell(Ended(1, now: 0, next: 0));
        clock[Zero].ExpectMsg<RunUntil>();
        clock[One].ExpectMsg<RunUntil>();
        clock.Tell(new JournalRepeated());
        clock.Tell(Ended(0, now: 850, next: 850));
        clock[Address.Journal].ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        clock.Tell(Ended(1, now: 850, next: 850));
        clock[Address.Journal].ExpectMsg<StoreBatch>();
    }

    [Fact]
    public void A_core_that_reports_without_a_grant_violates_the_protocol()
    {
        WiredPart clock = Started();
        clock.Tell(Ended(0, now: 0, next: 5_000));
        clock.Tell(Ended(0, now: 0, next: 5_000));
        Assert.IsType<ProtocolViolationException>(clock.ExpectFailure());
    }

    private static QuantumEnded Ended(byte core, ulong now, ulong next, long sends = 0, long batches = 0) =>
        new(new CoreId(core), new VirtualInstant(now), new VirtualInstant(next), sends, batches);

    private static void Flush(WiredPart clock, byte core, long batches)
    {
        clock[core == 0 ? Zero : One].ExpectMsg<FlushRecords>();
        clock.Tell(new RecordsFlushed(new CoreId(core), batches));
    }

    private WiredPart Paused()
    {
        WiredPart clock = Started();
        clock.Tell(new PauseClock(1));
        clock.Tell(Ended(0, now: 0, next: 0));
        clock.Tell(Ended(1, now: 0, next: 0));
        Flush(clock, 0, 0);
        Flush(clock, 1, 0);
        clock[Address.Simulation].FishForMessage<ClockPaused>(_ => true);
        return clock;
    }

    private WiredPart Started(int batchLimit = 64, bool repeating = false)
    {
        WiredPart clock = new(
            this, registry => Props.Create(() => new ClockActor(new ClockState(TwoCores(), batchLimit, new CommandLog(TwoCores())) { Repeating = repeating }, registry)),
            Address.Gic, Address.Simulation, Address.Journal, Zero, One);
        clock.Tell(new StartClock());
        clock[Zero].ExpectMsg<StartCore>();
        clock[One].ExpectMsg<StartCore>();
        return clock;
    }

    private static Scenario TwoCores() => new()
    {
        Name = "two-cores",
        Duration = new VirtualInstant(Duration),
        Board = new BoardSpec
        {
            Cores = 2,
            Clock = new ClockRates(1_700_000_000, 24_000_000, 1),
            SgiLatency = Latency,
            MaxWindow = MaxWindow,
            Costs = CostTable.Zero,
        },
        Hypervisor = true,
        SliceCycles = 1_000_000,
        Guests = [],
        Control = [],
        Trace = new TraceSpec(64),
        SourceText = string.Empty,
        Files = [],
    };
}
