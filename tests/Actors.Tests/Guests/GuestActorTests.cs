using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Values;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTrace.Actors.Tests.Guests;

public sealed class GuestActorTests : TestKit
{
    private static readonly Address Scheduler = Address.Of(Role.Scheduler, new CoreId(1));

    [Fact]
    public void A_guest_is_handed_to_who_asks_and_taken_back()
    {
        GuestLease lease = new TestWorld().Board.GuestLeases[1];
        WiredPart guest = Wired(lease);
        guest.Tell(new SwitchIn(Scheduler));
        Assert.Same(lease, guest[Scheduler].ExpectMsg<GuestSwitchedIn>().Guest);
        guest.Tell(new SwitchOut(lease, Scheduler));
        guest.Tell(new SwitchIn(Scheduler));
        guest[Scheduler].ExpectMsg<GuestSwitchedIn>();
    }

    [Fact]
    public void A_guest_cannot_be_on_two_cores()
    {
        WiredPart guest = Wired(new TestWorld().Board.GuestLeases[1]);
        guest.Tell(new SwitchIn(Scheduler));
        guest.Tell(new SwitchIn(Scheduler));
        Assert.IsType<ProtocolViolationException>(guest.ExpectFailure());
    }

    private WiredPart Wired(GuestLease lease) => new(this, r => Props.Create(() => new GuestActor(new GuestState(lease), r)), Scheduler);
}
