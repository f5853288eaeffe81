using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Gic;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Values;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTrace.Actors.Tests.Gic;

public sealed class GicActorTests : TestKit
{
    private static readonly Address CoreOne = Address.Of(Role.Core, new CoreId(1));

    [Fact]
    public void An_sgi_reaches_the_core_it_names_and_the_window_closes_when_all_sends_are_there()
    {
        WiredPart gic = Wired();
        CrossCoreMessage message = Message(100, 1);
        gic.Tell(new CloseWindow(1));
        gic[Address.Clock].ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        gic.Tell(new SendSgi(message));
        Assert.Equal(message, gic[CoreOne].ExpectMsg<Deliver>().Message);
        WindowRouted routed = gic[Address.Clock].ExpectMsg<WindowRouted>();
        Assert.Equal([0L, 1L], routed.Routed);
        Assert.Equal([VirtualInstant.Never, new VirtualInstant(100)], routed.Earliest);
    }

    [Fact]
    public void The_earliest_arrival_is_that_of_the_window_not_of_the_run()
    {
        WiredPart gic = Wired();
        gic.Tell(new SendSgi(Message(100, 1)));
        gic.Tell(new CloseWindow(1));
        gic[Address.Clock].ExpectMsg<WindowRouted>();
        gic.Tell(new SendSgi(Message(900, 2)));
        gic.Tell(new SendSgi(Message(500, 3)));
        gic.Tell(new CloseWindow(3));
        Assert.Equal(new VirtualInstant(500), gic[Address.Clock].ExpectMsg<WindowRouted>().Earliest[1]);
    }

    [Fact]
    public void A_second_close_before_the_first_is_answered_is_a_protocol_violation()
    {
        WiredPart gic = Wired();
        gic.Tell(new CloseWindow(1));
        gic.Tell(new CloseWindow(2));
        Assert.IsType<ProtocolViolationException>(gic.ExpectFailure());
    }

    [Fact]
    public void A_message_for_a_core_that_is_not_there_is_a_failure()
    {
        WiredPart gic = Wired();
        gic.Tell(new SendSgi(Message(100, 1) with { Target = new CoreId(7) }));
        Assert.Contains("2 cores", gic.ExpectFailure().Message, StringComparison.Ordinal);
    }

    private WiredPart Wired() => new(
        this, registry => Props.Create(() => new GicActor(new GicState(2), registry)), Address.Clock, Address.Of(Role.Core, new CoreId(0)), CoreOne);

    private static CrossCoreMessage Message(ulong at, ulong sequence)
    {
        Stamp stamp = new(new VirtualInstant(at), SourceId.Of(new CoreId(0)), sequence);
        return new CrossCoreMessage(stamp, stamp, new CoreId(1), new SgiSignal(1, null));
    }
}
