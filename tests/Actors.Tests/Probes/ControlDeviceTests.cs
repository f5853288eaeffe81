using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.TraceControl;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Values;
using Akka.Actor;
using Akka.TestKit.Xunit2;

namespace ActorTrace.Actors.Tests.Probes;

/// <summary>What the trace control device makes of its registers.</summary>
public sealed class ControlDeviceTests : TestKit
{
    private const uint Code = 0x4000_8000;
    private static readonly CoreId One = new(1);
    private static readonly VirtualInstant Instant = new(5_000);
    private static readonly Address Router = Address.Of(Role.Router, One);
    private readonly CoreLease lease = new TestWorld().LeaseWithGuest(1);
    private readonly WiredPart control;

    public ControlDeviceTests()
    {
        lease.Core[15] = Code;
        control = new WiredPart(this, r => Props.Create(() => new TraceControlActor(new TraceControlState(One), r)), Router);
        Store(ControlRegisters.Guest, 1);
    }

    [Fact]
    public void Bit_0_of_the_address_says_T32_and_bit_8_of_the_kind_on_return()
    {
        ProbeDefinition probe = Add(Code + 3, (uint)ProbeKind.ReadySet | ControlRegisters.KindOnReturn);
        Assert.Equal((Code + 2, true, ProbeKind.ReadySet, true), (probe.Address.Value, probe.Thumb, probe.Kind, probe.OnReturn));
        Assert.Equal(ProbeFilter.None, probe.Filter);
    }

    [Fact]
    public void The_filter_of_a_probe_is_what_the_registers_hold_when_it_is_added()
    {
        Store(ControlRegisters.FilterEvery, 10);
        Store(ControlRegisters.FilterTask, ControlRegisters.FilterTaskById | ControlRegisters.FilterTaskByName);
        Store(ControlRegisters.FilterId, 5);
        Store(ControlRegisters.FilterName, 0x534F_5452);
        Store(ControlRegisters.FilterName + 4, 0x3254_2D2D);
        Assert.Equal(new ProbeFilter(5, "RTOS--T2", 10), Add(Code, (uint)ProbeKind.Function).Filter);
        Store(ControlRegisters.FilterTask, 0);
        Store(ControlRegisters.FilterEvery, 0);
        Assert.Equal(ProbeFilter.None, Add(Code + 4, (uint)ProbeKind.Function).Filter);
    }

    [Fact]
    public void One_place_takes_each_kind_once_and_again_when_the_probe_is_removed()
    {
        ProbeDefinition first = Add(Code, (uint)ProbeKind.Function);
        Add(Code, (uint)ProbeKind.Switch);
        Add(Code, (uint)ProbeKind.Function | ControlRegisters.KindOnReturn);
        Assert.Empty(Command(Code, (uint)ProbeKind.Function).FollowUp);
        control.Tell(new DoWork(Instant, lease, new MailboxWork(Stamped(), new ProbeStateReport(first.Number, ProbeState.Removed, ProbeError.None))));
        control[Router].ExpectMsg<ServiceDone>();
        Assert.Equal((ushort)(first.Number + 3), Add(Code, (uint)ProbeKind.Function).Number);
    }

    [Fact]
    public void A_refusal_can_be_read_with_its_reason()
    {
        ProbeDefinition probe = Add(Code, (uint)ProbeKind.Function);
        control.Tell(new DoWork(Instant, lease, new MailboxWork(
            Stamped(), new ProbeStateReport(probe.Number, ProbeState.Error, ProbeError.ExclusiveSequence))));
        control[Router].ExpectMsg<ServiceDone>();
        Store(ControlRegisters.Index, probe.Number);
        Assert.Equal((uint)ProbeState.Error, Load(ControlRegisters.ProbeState));
        Assert.Equal((uint)ProbeError.ExclusiveSequence, Load(ControlRegisters.ProbeError));
    }

    private ProbeDefinition Add(uint address, uint kind) =>
        Assert.IsType<InstallRequest>(Assert.IsType<MailboxWork>(Assert.Single(Command(address, kind).FollowUp)).Item).Probe;

    private ServiceDone Command(uint address, uint kind)
    {
        Store(ControlRegisters.Address, address);
        Store(ControlRegisters.Kind, kind);
        return Store(ControlRegisters.Command, (uint)ControlCommand.Add);
    }

    private ServiceDone Store(uint offset, uint value) => Access(offset, value);

    /// <summary>The value is in the step that the access leaves in the journal.</summary>
    private uint Load(uint offset)
    {
        lease.Recorder.TakeBatches(true);
        Access(offset, null);
        return (uint)lease.Recorder.TakeBatches(true).SelectMany(b => new Traces.Binary.RecordReader(b.Batch.Payload).ReadAll())
            .OfType<Traces.Events.StepRecord>().Single(s => s.Step == Traces.Events.StepKind.Mmio).Detail2;
    }

    private ServiceDone Access(uint offset, uint? value)
    {
        control.Tell(new DoWork(VirtualInstant.Max(Instant, lease.Core.Now), lease, new ControlAccessWork(Stamped(), offset, value)));
        return control[Router].ExpectMsg<ServiceDone>();
    }

    private Stamp Stamped() => lease.NewStamp(Instant);
}
