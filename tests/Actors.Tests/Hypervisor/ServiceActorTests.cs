using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Gic;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Actors.Hypervisor.Injection;
using ActorTrace.Actors.Hypervisor.Instrumentation;
using ActorTrace.Actors.Hypervisor.Scheduler;
using ActorTrace.Actors.Hypervisor.TraceControl;
using ActorTrace.Actors.Hypervisor.VirtualDevices;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;
using ActorTrace.Traces.Events;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTrace.Actors.Tests.Hypervisor;

/// <summary>The protocols of the services: what they answer, and what ends the run.</summary>
public sealed class ServiceActorTests : TestKit
{
    private const uint Code = 0x4000_8000;
    private static readonly CoreId One = new(1);
    private static readonly VirtualInstant Instant = new(5_000);
    private static readonly Address Router = Address.Of(Role.Router, One);
    private static readonly Address[] Neighbours =
    [
        Router, Address.Gic, Address.Of(new GuestId(1)), Address.Of(Role.Instrumentation, One), Address.Of(Role.Extraction, One),
        Address.Of(Role.Injection, One), Address.Of(Role.TraceControl, One),
    ];

    [Fact]
    public void The_scheduler_fetches_the_first_guest_and_puts_it_on_the_core()
    {
        TestWorld world = new();
        CoreLease lease = world.Lease(1);
        WiredPart scheduler = Wire(r => Props.Create(() => new SchedulerActor(new SchedulerState(One, new[] { new VcpuId(new GuestId(1), 0) }), r)));
        scheduler.Tell(new StartScheduling(VirtualInstant.Zero, lease.NewStamp(VirtualInstant.Zero), lease));
        scheduler[Address.Of(new GuestId(1))].ExpectMsg<SwitchIn>();
        scheduler.Tell(new GuestSwitchedIn(world.Board.GuestLeases[1]));
        ServiceDone done = scheduler[Router].ExpectMsg<ServiceDone>();
        Assert.Same(world.Board.GuestLeases[1], done.Lease.Guest);
    }

    [Fact]
    public void The_scheduler_takes_no_guest_that_it_did_not_ask_for()
    {
        WiredPart scheduler = Wire(r => Props.Create(() => new SchedulerActor(new SchedulerState(One, new[] { new VcpuId(new GuestId(1), 0) }), r)));
        scheduler.Tell(new GuestSwitchedIn(new TestWorld().Board.GuestLeases[1]));
        Assert.IsType<ProtocolViolationException>(scheduler.ExpectFailure());
    }

    [Fact]
    public void An_access_to_no_device_is_an_external_abort_to_the_guest()
    {
        CoreLease lease = new TestWorld().LeaseWithGuest(1);
        WiredPart devices = Wire(r => Props.Create(() => new VirtualDevicesActor(new VirtualDevicesState(One), r)));
        devices.Tell(new HandleTrap(Instant, Stamped(lease), lease, WordStore(0x0B00_0000)));
        devices[Router].ExpectMsg<ServiceDone>();
        const uint AbortMode = 0x17;
        Assert.Equal(AbortMode, lease.Core.Cpsr & 0x1F);
    }

    [Fact]
    public void A_store_to_the_uart_is_completed_and_printed()
    {
        CoreLease lease = new TestWorld().LeaseWithGuest(1);
        const uint StoreR1AtR0 = 0xE580_1000;
        Assert.True(lease.Guest!.Memory.TryWriteWord(new Pa(PhysicalLayout.GuestRam(new GuestId(1)).Value + 0x8000), StoreR1AtR0));
        (lease.Core[0], lease.Core[1], lease.Core[15]) = (0x0900_0000, 'x', Code);
        CoreExit store = lease.Core.RunUntil(Instant);
        WiredPart devices = Wire(r => Props.Create(() => new VirtualDevicesActor(new VirtualDevicesState(One), r)));
        devices.Tell(new HandleTrap(Instant, Stamped(lease), lease, store));
        Assert.Equal(Instant + 1, devices[Router].ExpectMsg<ServiceDone>().At);
        Assert.Equal(Code + 4, lease.Core[15]);
        Assert.Equal("x", lease.Guest.Console.Take(One)?.Text);
    }

    [Fact]
    public void The_devices_know_no_work_of_others()
    {
        CoreLease lease = new TestWorld().LeaseWithGuest(1);
        WiredPart devices = Wire(r => Props.Create(() => new VirtualDevicesActor(new VirtualDevicesState(One), r)));
        devices.Tell(new DoWork(Instant, lease, new DistributorWork(Stamped(lease))));
        Assert.IsType<ProtocolViolationException>(devices.ExpectFailure());
    }

    [Fact]
    public void A_probe_is_written_into_the_guest_and_its_hit_is_extracted_before_the_displaced_instruction_goes_back()
    {
        CoreLease lease = new TestWorld().LeaseWithGuest(1);
        WiredPart instrumentation = Wire(r => Props.Create(() => new InstrumentationActor(new InstrumentationState(One), r)));
        Assert.True(lease.Guest!.Memory.TryReadWord(new Pa(PhysicalLayout.GuestRam(new GuestId(1)).Value + 0x8000), out uint original));
        instrumentation.Tell(new DoWork(Instant, lease, new MailboxWork(Stamped(lease), Install(Code))));
        instrumentation[Address.Gic].ExpectMsg<SendSgi>();
        instrumentation[Router].ExpectMsg<ServiceDone>();
        instrumentation.Tell(new HandleTrap(Instant, Stamped(lease), lease, new CoreExit(CoreExitKind.Hypercall, new GuestVa(Code), 0, default, default, 0)));
        Assert.Equal(7, instrumentation[Address.Of(Role.Extraction, One)].ExpectMsg<ExtractHit>().Probe.Number);
        instrumentation.Tell(new HitExtracted(Instant, lease));
        Assert.Equal(original, instrumentation[Router].ExpectMsg<ServiceDone>().Displaced?.Bits);
    }

    [Fact]
    public void A_probe_that_one_core_of_an_smp_guest_installed_is_found_by_the_other()
    {
        Scenario one = TestWorld.Scenario();
        TestWorld world = new(one with { Guests = [one.Guests[0], one.Guests[1] with { VcpuCores = [One, new CoreId(0)] }] });
        CoreLease installs = world.LeaseWithGuest(1);
        InstrumentationState first = new(One);
        first.Handle(new DoWork(Instant, installs, new MailboxWork(Stamped(installs), Install(Code))), new Sent());

        CoreLease hits = world.Lease(0);
        GuestLease guest = world.Board.GuestLeases[1];
        hits.Attach(guest, guest.Vcpus[1]);
        Assert.True(guest.Vcpu.Hyp.TrapVm);
        Sent sent = new();
        new InstrumentationState(new CoreId(0)).Handle(
            new HandleTrap(Instant, Stamped(hits), hits, new CoreExit(CoreExitKind.Hypercall, new GuestVa(Code), 0, default, default, 0)), sent);
        Assert.Equal(7, Assert.IsType<ExtractHit>(Assert.Single(sent.Messages)).Probe.Number);
    }

    [Fact]
    public void A_probe_in_an_unmapped_place_is_pending()
    {
        CoreLease lease = new TestWorld().LeaseWithGuest(1);
        WiredPart instrumentation = Wire(r => Props.Create(() => new InstrumentationActor(new InstrumentationState(One), r)));
        instrumentation.Tell(new DoWork(Instant, lease, new MailboxWork(Stamped(lease), Install(0xC000_8000))));
        SgiSignal signal = Assert.IsType<SgiSignal>(instrumentation[Address.Gic].ExpectMsg<SendSgi>().Message.Effect);
        Assert.Equal(ProbeState.Pending, Assert.IsType<ProbeStateReport>(signal.Item).State);
        Assert.True(lease.Guest!.Vcpu.Hyp.TrapVm);
    }

    [Fact]
    public void An_announcement_without_a_hit_violates_the_instrumentations_protocol()
    {
        CoreLease lease = new TestWorld().LeaseWithGuest(1);
        WiredPart instrumentation = Wire(r => Props.Create(() => new InstrumentationActor(new InstrumentationState(One), r)));
        instrumentation.Tell(new Announced(Instant, lease));
        Assert.IsType<ProtocolViolationException>(instrumentation.ExpectFailure());
    }

    [Fact]
    public void An_unreadable_task_is_no_event()
    {
        // Before the kernel has started OSTCBCur is null.
        CoreLease lease = new TestWorld().LeaseWithGuest(1);
        WiredPart extraction = Wire(r => Props.Create(() => new ExtractionActor(new ExtractionState(One), r)));
        extraction.Tell(new ExtractHit(Instant, Stamped(lease), lease, Install(Code).Probe));
        extraction[Address.Of(Role.Instrumentation, One)].ExpectMsg<HitExtracted>();
        Assert.Equal(1UL, Assert.Single(lease.Guest!.ProbeTallies.All).Filtered);
    }

    [Fact]
    public void The_extraction_knows_no_traps()
    {
        CoreLease lease = new TestWorld().LeaseWithGuest(1);
        WiredPart extraction = Wire(r => Props.Create(() => new ExtractionActor(new ExtractionState(One), r)));
        extraction.Tell(new HandleTrap(Instant, Stamped(lease), lease, WordStore(0)));
        Assert.IsType<ProtocolViolationException>(extraction.ExpectFailure());
    }

    [Fact]
    public void A_record_for_a_gpos_on_another_core_is_announced_by_sgi()
    {
        CoreLease lease = new TestWorld().LeaseWithGuest(1);
        WiredPart injection = Wire(r => Props.Create(() => new InjectionActor(new InjectionState(One), r)));
        injection.Tell(new AnnounceRecord(Instant, Stamped(lease), lease, 1));
        CrossCoreMessage message = injection[Address.Gic].ExpectMsg<SendSgi>().Message;
        Assert.Equal(Instant + 850, message.Stamp.At);
        Assert.IsType<AnnounceRequest>(Assert.IsType<SgiSignal>(message.Effect).Item);
        injection[Address.Of(Role.Instrumentation, One)].ExpectMsg<Announced>();
    }

    [Fact]
    public void An_interrupt_that_the_guest_has_not_enabled_waits_in_its_distributor()
    {
        CoreLease lease = new TestWorld().LeaseWithGuest(1);
        WiredPart injection = Wire(r => Props.Create(() => new InjectionActor(new InjectionState(One), r)));
        injection.Tell(new DoWork(Instant, lease, new InterruptWork(Stamped(lease), new VcpuId(new GuestId(1), 0), 40, null)));
        injection[Router].ExpectMsg<ServiceDone>();
        const uint SetPending1 = 0x204;
        Assert.Equal(1u << 8, lease.Guest!.Distributor!.Read(0, SetPending1, 4));
    }

    [Fact]
    public void The_injection_knows_no_traps()
    {
        CoreLease lease = new TestWorld().LeaseWithGuest(1);
        WiredPart injection = Wire(r => Props.Create(() => new InjectionActor(new InjectionState(One), r)));
        injection.Tell(new HandleTrap(Instant, Stamped(lease), lease, WordStore(0)));
        Assert.IsType<ProtocolViolationException>(injection.ExpectFailure());
    }

    [Theory]
    [InlineData(9u, Code, 1u, ControlStatus.NoSuchGuest)]
    [InlineData(1u, Code + 2, 1u, ControlStatus.Unaligned)]
    [InlineData(1u, Code, 77u, ControlStatus.NoProfile)]
    [InlineData(1u, Code, 1u, ControlStatus.Ok)]
    public void A_command_is_checked_and_its_status_recorded(uint guest, uint address, uint kind, ControlStatus expected)
    {
        CoreLease lease = new TestWorld().LeaseWithGuest(1);
        lease.Core[15] = Code;
        WiredPart control = Wire(r => Props.Create(() => new TraceControlActor(new TraceControlState(One), r)));
        Store(control, lease, ControlRegisters.Guest, guest);
        Store(control, lease, ControlRegisters.Address, address);
        Store(control, lease, ControlRegisters.Kind, kind);
        ServiceDone done = Store(control, lease, ControlRegisters.Command, (uint)ControlCommand.Add);
        Assert.Equal(expected == ControlStatus.Ok ? 1 : 0, done.FollowUp.Count);
        StepRecord command = lease.Recorder.TakeBatches(true).SelectMany(b => new RecordReader(b.Batch.Payload).ReadAll())
            .OfType<StepRecord>().Single(r => r.Step == StepKind.Command);
        Assert.Equal((ulong)expected, command.Detail2);
    }

    [Fact]
    public void The_trace_control_knows_no_interrupts()
    {
        CoreLease lease = new TestWorld().LeaseWithGuest(1);
        WiredPart control = Wire(r => Props.Create(() => new TraceControlActor(new TraceControlState(One), r)));
        control.Tell(new DoWork(Instant, lease, new InterruptWork(Stamped(lease), new VcpuId(new GuestId(1), 0), 27, null)));
        Assert.IsType<ProtocolViolationException>(control.ExpectFailure());
    }

    private sealed class Sent : IOutbox
    {
        public List<object> Messages { get; } = [];

        public void Send(Address to, object message) => Messages.Add(message);
    }

    private static ServiceDone Store(WiredPart control, CoreLease lease, uint offset, uint value)
    {
        control.Tell(new DoWork(VirtualInstant.Max(Instant, lease.Core.Now), lease, new ControlAccessWork(Stamped(lease), offset, value)));
        return control[Router].ExpectMsg<ServiceDone>();
    }

    private WiredPart Wire(Func<IActorRef, Props> props) => new(this, props, Neighbours);

    private static Stamp Stamped(CoreLease lease) => lease.NewStamp(Instant);

    private static InstallRequest Install(uint address) =>
        new(new ProbeDefinition(7, new GuestId(1), new GuestVa(address), ProbeKind.Switch, VirtualInstant.Zero, VirtualInstant.Never));

    /// <summary>A stage-2 abort of a word store from r0: EC 0x24, ISV, SAS = word, WnR.</summary>
    private static CoreExit WordStore(ulong address)
    {
        const uint Syndrome = (0x24u << 26) | (1u << 25) | (1u << 24) | (2u << 22) | (1u << 6) | 0b000111;
        return new CoreExit(CoreExitKind.Stage2DataAbort, new GuestVa(Code), Syndrome, new GuestVa((uint)address), new Ipa(address), 0);
    }
}
