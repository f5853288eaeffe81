using System.Collections.Immutable;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Simulation;
using ActorTrace.Journal.Batches;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Values;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;

namespace ActorTrace.Actors.Tests.Recording;

/// <summary>Between a run and its journal, here Akka's journal in memory.</summary>
public sealed class RunJournalGatewayTests : TestKit
{
    public RunJournalGatewayTests()
        : base("akka.loglevel = OFF\nakka.stdout-loglevel = OFF")
    {
    }

    [Fact]
    public void A_stored_batch_is_credit_for_the_clock_and_the_end_brings_the_hash()
    {
        TestProbe clock = CreateTestProbe();
        IActorRef gateway = Wired(clock, out _);
        gateway.Tell(Batch(1), TestActor);
        gateway.Tell(Batch(2), TestActor);
        Assert.Equal(1, clock.ExpectMsg<BatchesStored>().Count);
        Assert.Equal(1, clock.ExpectMsg<BatchesStored>().Count);
        gateway.Tell(new CompleteJournal(), TestActor);
        Assert.Matches("^[0-9a-f]{64}$", ExpectMsg<JournalCompleted>().Hash);
    }

    [Fact]
    public void Stored_inputs_and_commands_are_told_of_and_are_no_credit()
    {
        TestProbe clock = CreateTestProbe();
        IActorRef gateway = Wired(clock, out _);
        gateway.Tell(Batch(1) with { Stream = "inputs" }, TestActor);
        ExpectMsg<InputsStored>();
        gateway.Tell(Batch(1) with { Stream = "commands" }, TestActor);
        clock.ExpectMsg<CommandBatchStored>();
        clock.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void A_batch_after_the_end_is_a_failure_that_names_it()
    {
        IActorRef gateway = Wired(CreateTestProbe(), out TestProbe parent);
        gateway.Tell(Batch(1), TestActor);
        gateway.Tell(new CompleteJournal(), TestActor);
        ExpectMsg<JournalCompleted>();
        gateway.Tell(Batch(2), TestActor);
        Assert.Contains("batch 2 of core-0", parent.ExpectMsg<PartFailed>().Cause.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_out_of_turn_is_a_failure()
    {
        IActorRef gateway = Wired(CreateTestProbe(), out TestProbe parent);
        gateway.Tell(Batch(5), TestActor);
        Assert.IsType<JournalFailedException>(parent.ExpectMsg<PartFailed>().Cause);
    }

    private IActorRef Wired(TestProbe clock, out TestProbe parent)
    {
        parent = CreateTestProbe();
        IActorRef observer = parent.Ref;
        TestActorRef<Supervisor> supervisor = ActorOfAsTestActorRef<Supervisor>(Props.Create(() => new Supervisor(observer)));
        IActorRef gateway = supervisor.UnderlyingActor.Gateway;
        gateway.Tell(new Wire(ImmutableDictionary<Address, IActorRef>.Empty
            .Add(Address.Clock, clock.Ref).Add(Address.Simulation, TestActor)), TestActor);
        return gateway;
    }

    private static StoreBatch Batch(long number) =>
        new("core-0", new TraceBatch(number, VirtualInstant.Zero, VirtualInstant.Zero, 1, new byte[] { 1, 2, 3 }));

    private sealed class Supervisor : ReceiveActor
    {
        private readonly IActorRef observer;

        public Supervisor(IActorRef observer)
        {
            this.observer = observer;
            Props run = RunJournalActor.Props(new RunId(0x1234_5678, 1));
            Gateway = Context.ActorOf(Props.Create(() => new RunJournalGateway(run)), "gateway");
            ReceiveAny(_ => { });
        }

        public IActorRef Gateway { get; }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
        {
            observer.Tell(new PartFailed(Context.Sender, cause));
            return Directive.Stop;
        });
    }
}
