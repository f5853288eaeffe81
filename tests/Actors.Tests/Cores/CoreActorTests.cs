using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Hypervisor;
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
    private static readonly Address Router = Address.Of(Role.Router, One);

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
    public void Messages_that_fall_into_a_long_trap_are_taken_in_the_order_of_their_stamps_not_of_their_arrival()
    {
        WiredPart core = Wired();
        core.Tell(new StartCore());
        StartScheduling start = core[Scheduler].ExpectMsg<StartScheduling>();
        core.Tell(new ResumeGuest(VirtualInstant.Zero, start.Cause, start.Lease, null));
        core[Address.Clock].ExpectMsg<QuantumEnded>();
        core.Tell(new Deliver(Announcement(100, ring: 7)));
        core.Tell(new RunUntil(new VirtualInstant(1_000), 1));
        TrapTaken trap = core[Router].ExpectMsg<TrapTaken>();
        AnswerAll(trap.Lease);

        // The trap ends long after the window; of two messages of that time the later one is here first.
        core.Tell(new Deliver(Announcement(1_300, ring: 2)));
        core.Tell(new ResumeGuest(new VirtualInstant(5_000), trap.Cause, trap.Lease, null));
        core[Address.Clock].ExpectMsg<QuantumEnded>();
        core.Tell(new Deliver(Announcement(1_200, ring: 1)));
        core.Tell(new RunUntil(new VirtualInstant(9_000), 3));
        TrapTaken next = core[Router].ExpectMsg<TrapTaken>();
        Assert.Equal([1, 2], next.Lease.Mailbox.Select(m => ((AnnounceRequest)m.Item).Ring));
    }

    [Fact]
    public void A_message_for_a_time_the_core_was_allowed_to_pass_is_a_failure()
    {
        WiredPart core = Wired();
        core.Tell(new StartCore());
        StartScheduling start = core[Scheduler].ExpectMsg<StartScheduling>();
        core.Tell(new ResumeGuest(VirtualInstant.Zero, start.Cause, start.Lease, null));
        core.Tell(new RunUntil(new VirtualInstant(1_000), 0));
        core.Tell(new Deliver(Announcement(900, ring: 1)));
        Assert.IsType<InvalidOperationException>(core.ExpectFailure());
    }

    [Fact]
    public void A_window_before_the_start_violates_the_protocol()
    {
        WiredPart core = Wired();
        core.Tell(new RunUntil(new VirtualInstant(1_000), 0));
        Assert.IsType<ProtocolViolationException>(core.ExpectFailure());
    }

    private static CrossCoreMessage Announcement(ulong at, int ring)
    {
        Stamp stamp = new(new VirtualInstant(at), SourceId.Of(new CoreId(0)), (ulong)ring);
        return new CrossCoreMessage(stamp, stamp, One, new SgiSignal(InterruptNumbers.Mailbox, new AnnounceRequest(ring)));
    }

    /// <summary>What the router does: acknowledges the mailbox interrupt and empties the mailbox.</summary>
    private static void AnswerAll(CoreLease lease)
    {
        (int interrupt, _) = lease.Peripherals.AcknowledgePhysical(lease.Core.Now);
        Assert.Equal(InterruptNumbers.Mailbox, interrupt);
        lease.Peripherals.EndOfInterrupt(interrupt, lease.Core.Now);
        lease.Peripherals.Deactivate(interrupt, lease.Core.Now);
        lease.Mailbox.Clear();
    }

    private WiredPart Wired()
    {
        CoreState state = new TestWorld().Board.Cores[1].Core;
        return new WiredPart(
            this, r => Props.Create(() => new CoreActor(state, null, r)), Address.Clock, Address.Gic, Address.Journal, Scheduler, Router, Address.Simulation);
    }
}
