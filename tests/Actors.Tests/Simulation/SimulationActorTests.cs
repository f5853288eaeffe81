using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Simulation;
using ActorTrace.Journal.Streams;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTrace.Actors.Tests.Simulation;

public sealed class SimulationActorTests : TestKit
{
    public SimulationActorTests()
        : base("akka.loglevel = OFF\nakka.stdout-loglevel = OFF")
    {
    }

    [Fact]
    public void A_run_ends_with_its_hash_and_its_cores()
    {
        MemoryJournal journal = new();
        RunOutcome outcome = Run(Props.Create(() => new MemoryJournalActor(journal)));
        Assert.Equal("completed", outcome.Reason);
        Assert.Equal(2, outcome.Leases.Count);
        Assert.Contains(journal.Batches, b => b.Stream is "control");
    }

    [Fact]
    public void A_childs_failure_ends_the_run_with_its_cause()
    {
        RunOutcome outcome = Run(Props.Create(() => new FailingJournal()));
        Assert.Equal("failed: the disk is full", outcome.Reason);
        Assert.IsType<IOException>(outcome.Failure);
    }

    [Fact]
    public void A_stop_that_comes_before_the_start_ends_the_run_at_its_first_window()
    {
        SimulatedBoard board = new TestWorld().Board;
        MemoryJournal journal = new();
        Props props = Props.Create(() => new MemoryJournalActor(journal));
        IActorRef run = Sys.ActorOf(Props.Create(() => new SimulationActor(board, props, null)));
        run.Tell(new StopRun(), TestActor);
        run.Tell(new StartRun(), TestActor);
        RunOutcome outcome = ExpectMsg<RunFinished>(TimeSpan.FromSeconds(30)).Outcome;
        Assert.Equal("interrupted", outcome.Reason);
        Assert.True(outcome.EndedAt < board.Scenario.Duration);
    }

    private RunOutcome Run(Props journal)
    {
        SimulatedBoard board = new TestWorld().Board;
        IActorRef run = Sys.ActorOf(Props.Create(() => new SimulationActor(board, journal, null)));
        run.Tell(new StartRun(), TestActor);
        return ExpectMsg<RunFinished>(TimeSpan.FromSeconds(30)).Outcome;
    }

    private sealed class FailingJournal : ReceiveActor
    {
        public FailingJournal()
        {
            Receive<Wire>(_ => { });
            Receive<StoreBatch>(_ => throw new IOException("the disk is full"));
        }
    }
}
