using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.Hypercalls;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Tests.Hypervisor;

/// <summary>The hypercalls of guests, one at a time, on a core with a guest of one vCPU.</summary>
public sealed class HypercallsStateTests : IOutbox
{
    private const uint NotSupported = 0xFFFF_FFFF;
    private const uint InvalidParameters = 0xFFFF_FFFE;
    private const uint AlreadyOn = 0xFFFF_FFFC;
    private readonly CoreLease lease = new TestWorld().LeaseWithGuest(1);
    private readonly HypercallsState hypercalls = new(new CoreId(1));
    private ServiceDone? done;

    [Theory]
    [InlineData(0x8400_0000u, 0u, 0u, 2u)]
    [InlineData(0x8400_0001u, 0x8000_0000u, 0u, InvalidParameters)]
    [InlineData(0x8400_0003u, 0u, 0u, AlreadyOn)]
    [InlineData(0x8400_0003u, 1u, 0u, InvalidParameters)]
    [InlineData(0x8400_0003u, 0xFFFF_FFFFu, 0u, InvalidParameters)]
    [InlineData(0x8400_0004u, 0u, 0u, 0u)]
    [InlineData(0x8400_0004u, 0xFFu, 1u, 0u)]
    [InlineData(0x8400_0004u, 0x1_0000u, 1u, InvalidParameters)]
    [InlineData(0x8400_0004u, 0u, 4u, InvalidParameters)]
    [InlineData(0x8400_0004u, 0u, 0xFFFF_FFFFu, InvalidParameters)]
    [InlineData(0x8400_0005u, 0u, 0u, NotSupported)]
    [InlineData(0x8400_0006u, 0u, 0u, 2u)]
    [InlineData(0x8400_0007u, 0u, 0u, NotSupported)]
    [InlineData(0x8400_000Au, 0x8400_0003u, 0u, NotSupported)]
    [InlineData(0xC400_0003u, 0u, 0u, NotSupported)]
    [InlineData(0u, 0u, 0u, NotSupported)]
    public void Psci_answers_in_r0(uint function, uint first, uint second, uint expected)
    {
        (lease.Core[0], lease.Core[1], lease.Core[2]) = (function, first, second);
        Call(0);
        Assert.Equal(expected, lease.Core[0]);
        Assert.Empty(done!.FollowUp);
    }

    [Fact]
    public void A_suspended_vcpu_waits()
    {
        (lease.Core[0], lease.Core[1]) = (0x8400_0001, 0);
        Call(0);
        Assert.Equal(0u, lease.Core[0]);
        Assert.IsType<WaitWork>(Assert.Single(done!.FollowUp));
    }

    [Fact]
    public void A_vcpu_that_switches_itself_off_runs_no_more()
    {
        lease.Core[0] = 0x8400_0002;
        Call(0);
        Assert.False(lease.Vcpu!.Runs);
    }

    [Theory]
    [InlineData(0x8400_0008u)]
    [InlineData(0x8400_0009u)]
    public void A_guest_that_is_over_gets_no_turn_any_more(uint function)
    {
        lease.Core[0] = function;
        Call(0);
        Assert.False(lease.Vcpu!.Runs);
        Assert.IsType<StopGuestRequest>(Assert.IsType<MailboxWork>(Assert.Single(done!.FollowUp)).Item);
    }

    [Theory]
    [InlineData(0xFFFDu, true)]
    [InlineData(0xFFFEu, false)]
    [InlineData(0xFFFFu, false)]
    public void The_calls_of_k_hypervisor_guests_change_no_register(uint immediate, bool yields)
    {
        lease.Core[0] = 0x1234;
        Call(immediate);
        Assert.Equal(0x1234u, lease.Core[0]);
        Assert.Equal(yields, done!.FollowUp.OfType<YieldWork>().Any());
    }

    [Theory]
    [InlineData(0xFFFCu)]
    [InlineData(1u)]
    [InlineData(0x0100u)]
    public void Others_are_not_supported(uint immediate)
    {
        Call(immediate);
        Assert.Equal(NotSupported, lease.Core[0]);
    }

    void IOutbox.Send(Address to, object message)
    {
        if (message is ServiceDone answer)
        {
            done = answer;
        }
    }

    private void Call(uint immediate)
    {
        const uint HypercallSyndrome = (0x12u << 26) | (1u << 25);
        VirtualInstant at = lease.Core.Now;
        CoreExit exit = new(CoreExitKind.Hypercall, default, HypercallSyndrome | immediate, default, default, 0);
        hypercalls.Handle(new DoWork(at, lease, new HypercallWork(lease.NewStamp(at), exit)), this);
    }
}
