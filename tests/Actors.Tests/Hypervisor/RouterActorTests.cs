using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.Router;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTrace.Actors.Tests.Hypervisor;

public sealed class RouterActorTests : TestKit
{
    private static readonly CoreId One = new(1);

    [Fact]
    public void A_hypercall_goes_to_the_instrumentation_after_the_cost_of_the_entry()
    {
        (WiredPart router, CoreLease lease) = Wired();
        router.Tell(Trap(lease, CoreExitKind.Hypercall));
        HandleTrap handed = router[Address.Of(Role.Instrumentation, One)].ExpectMsg<HandleTrap>();
        Assert.Equal(new VirtualInstant(5_000 + TestWorld.TrapEntry), handed.At);
    }

    [Fact]
    public void When_the_service_is_done_the_guest_goes_on_after_the_cost_of_the_exit()
    {
        (WiredPart router, CoreLease lease) = Wired();
        router.Tell(Trap(lease, CoreExitKind.Stage2DataAbort));
        router[Address.Of(Role.VirtualDevices, One)].ExpectMsg<HandleTrap>();
        router.Tell(new ServiceDone(new VirtualInstant(6_000), lease));
        Assert.Equal(new VirtualInstant(6_000 + TestWorld.TrapExit), router[Address.Of(Role.Core, One)].ExpectMsg<ResumeGuest>().At);
    }

    [Fact]
    public void What_a_service_asks_of_others_is_done_in_order_before_the_guest_goes_on()
    {
        (WiredPart router, CoreLease lease) = Wired();
        router.Tell(Trap(lease, CoreExitKind.Hypercall));
        Stamp cause = lease.NewStamp(new VirtualInstant(5_000));
        router.Tell(new ServiceDone(new VirtualInstant(6_000), lease, new DisplacedInstruction(0xE1A0_0000, 1),
        [
            new InterruptWork(cause, new VcpuId(new GuestId(1), 0), 27, null),
            new MailboxWork(cause, new ProbeStateReport(1, ProbeState.Armed, default)),
        ]));
        Assert.IsType<InterruptWork>(router[Address.Of(Role.Injection, One)].ExpectMsg<DoWork>().Work);
        router[Address.Of(Role.TraceControl, One)].ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        router.Tell(new ServiceDone(new VirtualInstant(6_100), lease));
        Assert.IsType<MailboxWork>(router[Address.Of(Role.TraceControl, One)].ExpectMsg<DoWork>().Work);
        router.Tell(new ServiceDone(new VirtualInstant(6_200), lease));
        ResumeGuest resume = router[Address.Of(Role.Core, One)].ExpectMsg<ResumeGuest>();
        Assert.Equal((ushort)1, resume.Displaced?.Probe);
    }

    [Fact]
    public void A_trap_inside_a_trap_violates_the_protocol()
    {
        (WiredPart router, CoreLease lease) = Wired();
        router.Tell(Trap(lease, CoreExitKind.Hypercall));
        router.Tell(Trap(lease, CoreExitKind.Hypercall));
        Assert.IsType<ProtocolViolationException>(router.ExpectFailure());
    }

    [Fact]
    public void A_message_that_no_protocol_knows_ends_it()
    {
        (WiredPart router, _) = Wired();
        router.Tell("what is this");
        Assert.IsType<ProtocolViolationException>(router.ExpectFailure());
    }

    private static TrapTaken Trap(CoreLease lease, CoreExitKind kind)
    {
        VirtualInstant at = new(5_000);
        return new TrapTaken(at, lease.NewStamp(at), lease, new CoreExit(kind, new GuestVa(0x4000_8000), 0, default, default, 0));
    }

    private (WiredPart Router, CoreLease Lease) Wired()
    {
        CoreLease lease = new TestWorld().LeaseWithGuest(1);
        Role[] services = [Role.Core, Role.Instrumentation, Role.VirtualDevices, Role.Injection, Role.TraceControl, Role.Scheduler];
        HypervisorParts parts = new TestWorld().Board.Cores[1].Hypervisor! with { Router = new RouterState(One) };
        WiredPart router = new(
            this, registry => Props.Create(() => new HypervisorActor(parts, registry)), [.. services.Select(s => Address.Of(s, One))]);
        return (router, lease);
    }
}
