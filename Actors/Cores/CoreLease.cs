using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Cores;

/// <summary>
/// A physical core with all that belongs to it: passed from the core to the hypervisor's services and back.
/// Only its holder touches it; that is what makes a run deterministic.
/// </summary>
public sealed class CoreLease
{
    private readonly Scenario scenario;
    private readonly MemoryTurns turns;
    private ulong nextSequence;

    /// <summary>Creates the resources of a core.</summary>
    public CoreLease(Scenario scenario, CoreId id, Core core, CorePeripherals peripherals, CoreRecorder recorder, TraceTopology topology)
    {
        this.scenario = scenario;
        turns = new MemoryTurns(scenario);
        Id = id;
        Core = core;
        Peripherals = peripherals;
        Recorder = recorder;
        Topology = topology;
    }

    /// <summary>Which core.</summary>
    public CoreId Id { get; }

    /// <summary>The processor.</summary>
    public Core Core { get; }

    /// <summary>Its timers and interrupt interfaces.</summary>
    public CorePeripherals Peripherals { get; }

    /// <summary>Its journal streams.</summary>
    public CoreRecorder Recorder { get; }

    /// <summary>Rings and lanes of the run.</summary>
    public TraceTopology Topology { get; }

    /// <summary>What the hypervisor's timer is set for.</summary>
    public HypTimerQueue Timers { get; } = new();

    /// <summary>The guest whose vCPU is on the core; null while there is none. Of an SMP guest its other cores have it too, each in its turn.</summary>
    public GuestLease? Guest { get; private set; }

    /// <summary>The vCPU on the core; null while there is none.</summary>
    public VcpuLease? Vcpu { get; private set; }

    /// <summary>Ring memory of the GPOS; only on the GPOS's core, null elsewhere.</summary>
    public RingArea? Rings { get; init; }

    /// <summary>What is to be written to the control files; only on the GPOS's core, null elsewhere.</summary>
    public Guests.Workload.ControlSchedule? Writes { get; init; }

    /// <summary>For rings that this core produces into another core's memory: the consumer index as last seen.</summary>
    public Dictionary<int, uint> ConsumerViews { get; } = [];

    /// <summary>vCPUs that are off the core and got an interrupt in this trap: the scheduler is told before it ends.</summary>
    public Queue<VcpuId> Woken { get; } = [];

    /// <summary>At the end of a run: messages that arrived and were not due yet.</summary>
    public List<CrossCoreMessage> Undelivered { get; } = [];

    /// <summary>What other hypervisors put into this core's mailbox, in the order of arrival.</summary>
    public Queue<(Stamp Stamp, Stamp Cause, MailboxItem Item)> Mailbox { get; } = [];

    /// <summary>Cross-core messages sent since the run began.</summary>
    public long Sends { get; private set; }

    /// <summary>The core must not run beyond this instant in the present window: an answer may arrive then.</summary>
    public VirtualInstant Cut { get; set; } = VirtualInstant.Never;

    /// <summary>Where messages go that arise while guest code runs; set while the core runs.</summary>
    public IOutbox? Outbox { get; set; }

    /// <summary>Costs of the board.</summary>
    public CostTable Costs => scenario.Board.Costs;

    /// <summary>The scenario.</summary>
    public Scenario Scenario => scenario;

    /// <summary>Puts a vCPU on the core.</summary>
    public void Attach(GuestLease guest, VcpuLease vcpu)
    {
        ArgumentNullException.ThrowIfNull(guest);
        ArgumentNullException.ThrowIfNull(vcpu);
        (Guest, Vcpu) = (guest, vcpu);
        BeginTurn();
        Core.Attach(vcpu.Context, guest.Memory);
    }

    /// <summary>Takes the vCPU off the core.</summary>
    public void Detach()
    {
        Core.Detach();
        (Guest, Vcpu) = (null, null);
    }

    /// <summary>It is this core's turn: of the guest's vCPUs that on this core is present now.</summary>
    public void BeginTurn()
    {
        if (Guest is not null && Vcpu is not null)
        {
            Guest.Present = Vcpu;
        }
    }

    /// <summary>A fresh stamp of this core.</summary>
    public Stamp NewStamp(VirtualInstant at) => new(at, SourceId.Of(Id), nextSequence++);

    /// <summary>Sends to another core; it arrives after the SGI latency.</summary>
    /// <param name="at">When it is sent.</param>
    /// <param name="cause">What began the chain.</param>
    /// <param name="target">To which core.</param>
    /// <param name="effect">What it does there.</param>
    /// <param name="outbox">The sender's outbox.</param>
    public void SendAcross(VirtualInstant at, Stamp cause, CoreId target, CrossCoreEffect effect, IOutbox outbox)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        ulong latency = scenario.Board.SgiLatency;
        outbox.Send(Address.Gic, new Gic.SendSgi(new CrossCoreMessage(NewStamp(at + latency), cause, target, effect)));
        Sends++;
        if (effect is SgiSignal or EventSignal)
        {
            Cut = VirtualInstant.Min(Cut, VirtualInstant.Min(at + (2 * latency), turns.LimitAfter(Id, target, at)));
        }
    }

    /// <summary>Tells the core that fills a ring how far the GPOS has emptied it; on this core its hypervisor reads that in memory.</summary>
    /// <param name="ring">Which ring.</param>
    /// <param name="consumer">The index as it stands in memory.</param>
    /// <param name="at">When it was stored.</param>
    public void PublishConsumer(int ring, uint consumer, VirtualInstant at)
    {
        CoreId producer = Topology.Rings[ring].Producer;
        if (producer != Id)
        {
            SendAcross(at, NewStamp(at), producer, new ConsumerStore(ring, consumer), Outbox ?? throw new InvalidOperationException($"{Id} is not running."));
        }
    }

    /// <summary>Charges a hypervisor step and records it.</summary>
    /// <returns>The instant after it.</returns>
    public VirtualInstant Charge(
        Stamp cause, StepKind step, CostCategory category, VirtualInstant start, ulong cycles, uint pc, ulong detail, ulong detail2 = 0)
    {
        VirtualInstant end = start + cycles;
        VcpuId vcpu = Vcpu?.Id ?? new VcpuId(new GuestId(byte.MaxValue), 0);
        Recorder.Step(new StepRecord(cause, step, category, start, end, Id, vcpu, pc, detail, detail2));
        return end;
    }
}
