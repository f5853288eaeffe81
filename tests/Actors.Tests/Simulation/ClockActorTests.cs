using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Gic;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Values;
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
    public void A_core_that_reports_without_a_grant_violates_the_protocol()
    {
        WiredPart clock = Started();
        clock.Tell(Ended(0, now: 0, next: 5_000));
        clock.Tell(Ended(0, now: 0, next: 5_000));
        Assert.IsType<ProtocolViolationException>(clock.ExpectFailure());
    }

    private static QuantumEnded Ended(byte core, ulong now, ulong next, long sends = 0, long batches = 0) =>
        new(new CoreId(core), new VirtualInstant(now), new VirtualInstant(next), sends, batches);

    private WiredPart Started(int batchLimit = 64)
    {
        WiredPart clock = new(
            this, registry => Props.Create(() => new ClockActor(new ClockState(TwoCores(), batchLimit, new CommandLog(TwoCores())), registry)),
            Address.Gic, Address.Simulation, Zero, One);
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
