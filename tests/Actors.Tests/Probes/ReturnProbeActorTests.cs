using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Actors.Hypervisor.Instrumentation;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTrace.Actors.Tests.Probes;

/// <summary>The instrumentation's protocol at a return probe.</summary>
public sealed class ReturnProbeActorTests : TestKit
{
    private const uint Function = 0x4000_8848;
    private const uint Back = 0x4000_8504;
    private const uint Stack = 0x4001_0000;
    private static readonly CoreId One = new(1);
    private static readonly VirtualInstant Instant = new(5_000);
    private static readonly Address Router = Address.Of(Role.Router, One);
    private static readonly Address Extraction = Address.Of(Role.Extraction, One);
    private static readonly TaskSnapshot Runner = new() { Tcb = 0x4000_1000, Id = 4, Name = "RTOS-Task1" };

    private readonly CoreLease lease = new TestWorld().LeaseWithGuest(1);
    private readonly WiredPart instrumentation;

    public ReturnProbeActorTests()
    {
        instrumentation = new WiredPart(
            this, r => Props.Create(() => new InstrumentationActor(new InstrumentationState(One), r)), Router, Address.Gic, Extraction);
        Install(7, ProbeKind.Function, true);
    }

    [Fact]
    public void The_call_asks_who_runs_and_puts_a_breakpoint_where_it_comes_back_to()
    {
        uint original = Word(Back);
        ServiceDone done = Call(Runner);
        Assert.NotNull(done.Displaced);
        Assert.NotEqual(original, Word(Back));
        Assert.True(lease.Guest!.Vcpu.Hyp.RouteDebug);
        ProbeTally tally = Assert.Single(lease.Guest!.ProbeTallies.All);
        Assert.Equal((1UL, 1UL), (tally.Hits, tally.Filtered));
    }

    [Fact]
    public void Its_return_is_recorded_with_its_entry_and_the_guests_word_comes_back()
    {
        uint original = Word(Back);
        Call(Runner);
        Trap(Back);
        instrumentation[Extraction].ExpectMsg<IdentifyTask>();
        instrumentation.Tell(new TaskIdentified(Instant + 100, lease, Runner));
        ExtractHit hit = instrumentation[Extraction].ExpectMsg<ExtractHit>();
        Assert.Equal((ushort)7, hit.Probe.Number);
        Assert.Equal(new EnteredCall(new GuestVa(Function), Instant), hit.Call);
        Assert.Equal(Runner, hit.Current);
        Assert.Equal(original, Word(Back));
        instrumentation.Tell(new HitExtracted(Instant + 200, lease));
        Assert.Equal(original, instrumentation[Router].ExpectMsg<ServiceDone>().Displaced?.Bits);
    }

    [Fact]
    public void Another_task_at_that_place_is_filtered_and_the_breakpoint_stays()
    {
        uint original = Word(Back);
        Call(Runner);
        Trap(Back);
        instrumentation[Extraction].ExpectMsg<IdentifyTask>();
        instrumentation.Tell(new TaskIdentified(Instant, lease, Runner with { Tcb = 0x4000_2000 }));
        instrumentation[Router].ExpectMsg<ServiceDone>();
        Assert.NotEqual(original, Word(Back));
        ProbeTally tally = Assert.Single(lease.Guest!.ProbeTallies.All);
        Assert.Equal((2UL, 2UL), (tally.Hits, tally.Filtered));
    }

    [Fact]
    public void A_caller_that_cannot_be_read_is_not_waited_for()
    {
        uint original = Word(Back);
        Call(null);
        Assert.Equal(original, Word(Back));
    }

    [Fact]
    public void Nothing_is_put_into_data_that_the_link_register_happens_to_point_to()
    {
        const uint Literals = 0x4000_94EC;
        uint original = Word(Literals);
        lease.Core[14] = Literals;
        Call(Runner, setLink: false);
        Assert.Equal(original, Word(Literals));
    }

    [Fact]
    public void With_the_probe_the_breakpoint_goes_and_what_it_awaited_is_counted_as_forgotten()
    {
        uint original = Word(Back);
        Call(Runner);
        instrumentation.Tell(new DoWork(Instant, lease, new MailboxWork(Stamped(), new RemoveRequest(7, new GuestId(1)))));
        instrumentation[Router].ExpectMsg<ServiceDone>();
        Assert.Equal(original, Word(Back));
        Assert.False(lease.Guest!.Vcpu.Hyp.RouteDebug);
        Assert.Equal(1UL, Assert.Single(lease.Guest!.ProbeTallies.All).Forgotten);
    }

    [Fact]
    public void A_function_probe_at_the_same_place_is_hit_with_the_call()
    {
        Install(8, ProbeKind.Function, false);
        Trap(Function);
        instrumentation[Extraction].ExpectMsg<IdentifyTask>();
        instrumentation.Tell(new TaskIdentified(Instant, lease, Runner));
        Assert.Equal((ushort)8, instrumentation[Extraction].ExpectMsg<ExtractHit>().Probe.Number);
        instrumentation.Tell(new HitExtracted(Instant, lease));
        instrumentation[Router].ExpectMsg<ServiceDone>();
    }

    [Fact]
    public void Of_a_switch_on_return_whichever_task_arrives_with_that_stack_pointer_brings_it_back()
    {
        const uint Switching = 0x4000_8958;
        ProbeDefinition probe = new(9, new GuestId(1), new GuestVa(Switching), ProbeKind.Switch, VirtualInstant.Zero, VirtualInstant.Never) { OnReturn = true };
        instrumentation.Tell(new DoWork(Instant, lease, new MailboxWork(Stamped(), new InstallRequest(probe))));
        instrumentation[Router].ExpectMsg<ServiceDone>();
        (lease.Core[13], lease.Core[14]) = (Stack, Back);
        Trap(Switching);
        instrumentation[Router].ExpectMsg<ServiceDone>();
        Trap(Back);
        ExtractHit hit = instrumentation[Extraction].ExpectMsg<ExtractHit>();
        Assert.Equal((ProbeKind.Switch, (ushort)9, true), (hit.Probe.Kind, hit.Probe.Number, hit.Probe.OnReturn));
        Assert.Null(hit.Current);
    }

    [Fact]
    public void A_hit_extracted_before_it_is_known_who_runs_violates_the_protocol()
    {
        Trap(Function);
        instrumentation[Extraction].ExpectMsg<IdentifyTask>();
        instrumentation.Tell(new HitExtracted(Instant, lease));
        Assert.IsType<ProtocolViolationException>(instrumentation.ExpectFailure());
    }

    private void Install(ushort number, ProbeKind kind, bool onReturn)
    {
        ProbeDefinition probe = new(number, new GuestId(1), new GuestVa(Function), kind, VirtualInstant.Zero, VirtualInstant.Never) { OnReturn = onReturn };
        instrumentation.Tell(new DoWork(Instant, lease, new MailboxWork(Stamped(), new InstallRequest(probe))));
        instrumentation[Router].ExpectMsg<ServiceDone>();
    }

    private ServiceDone Call(TaskSnapshot? caller, bool setLink = true)
    {
        lease.Core[13] = Stack;
        if (setLink)
        {
            lease.Core[14] = Back;
        }

        Trap(Function);
        instrumentation[Extraction].ExpectMsg<IdentifyTask>();
        instrumentation.Tell(new TaskIdentified(Instant, lease, caller));
        return instrumentation[Router].ExpectMsg<ServiceDone>();
    }

    private void Trap(uint pc) => instrumentation.Tell(
        new HandleTrap(Instant, Stamped(), lease, new CoreExit(CoreExitKind.DebugTrap, new GuestVa(pc), 0, default, default, 0)));

    private uint Word(uint address)
    {
        ulong offset = address - 0x4000_0000u;
        Assert.True(lease.Guest!.Memory.TryReadWord(new Pa(PhysicalLayout.GuestRam(new GuestId(1)).Value + offset), out uint word));
        return word;
    }

    private Stamp Stamped() => lease.NewStamp(Instant);
}
