using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Hypervisor.Scheduler;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Values;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTrace.Actors.Tests.Cores;

public sealed class CoreActorTests : TestKit
{
    private static readonly CoreId One = new(1);
    private static readonly Address Scheduler = Address.Of(Role.Scheduler, One);

    [Fact]
    public void At_the_start_the_hypervisor_gets_the_core_and_gives_it_back()
    {
        WiredPart core = Wired();
        core.Tell(new StartCore());
        StartScheduling start = core[Scheduler].ExpectMsg<StartScheduling>();
        core.Tell(new ResumeGuest(VirtualInstant.Zero, start.Cause, start.Lease, null));
        Assert.Equal(One, core[Address.Clock].ExpectMsg<QuantumEnded>().Core);
    }

    [Fact]
    public void A_window_begins_only_when_all_its_messages_are_there()
    {
        WiredPart core = Wired();
        core.Tell(new StartCore());
        StartScheduling start = core[Scheduler].ExpectMsg<StartScheduling>();
        core.Tell(new ResumeGuest(VirtualInstant.Zero, start.Cause, start.Lease, null));
        core[Address.Clock].ExpectMsg<QuantumEnded>();
        core.Tell(new RunUntil(new VirtualInstant(1_000), 1));
        core[Address.Clock].ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Stamp stamp = new(new VirtualInstant(5_000), SourceId.Of(new CoreId(0)), 1);
        core.Tell(new Deliver(new CrossCoreMessage(stamp, stamp, One, new ConsumerStore(1, 3))));
        QuantumEnded ended = core[Address.Clock].ExpectMsg<QuantumEnded>();
        Assert.Equal((1_000UL, 5_000UL), (ended.Now.Cycles, ended.Next.Cycles));
    }

    [Fact]
    public void A_window_before_the_start_violates_the_protocol()
    {
        WiredPart core = Wired();
        core.Tell(new RunUntil(new VirtualInstant(1_000), 0));
        Assert.IsType<ProtocolViolationException>(core.ExpectFailure());
    }

    private WiredPart Wired()
    {
        CoreState state = new TestWorld().Board.Cores[1].Core;
        return new WiredPart(
            this, r => Props.Create(() => new CoreActor(state, null, r)), Address.Clock, Address.Gic, Address.Journal, Scheduler, Address.Simulation);
    }
}
