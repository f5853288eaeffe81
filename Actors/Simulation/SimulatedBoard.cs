using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Guests.Workload;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.Extraction;
using ActorTrace.Actors.Hypervisor.Hypercalls;
using ActorTrace.Actors.Hypervisor.Injection;
using ActorTrace.Actors.Hypervisor.Instrumentation;
using ActorTrace.Actors.Hypervisor.Router;
using ActorTrace.Actors.Hypervisor.Scheduler;
using ActorTrace.Actors.Hypervisor.TraceControl;
using ActorTrace.Actors.Hypervisor.VirtualDevices;
using ActorTrace.Actors.Hypervisor.VirtualTimers;
using ActorTrace.Actors.Observation;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Journal.Streams;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Binary;

namespace ActorTrace.Actors.Simulation;

/// <summary>The pure parts of one core.</summary>
/// <param name="Core">The core itself.</param>
/// <param name="Hypervisor">The hypervisor on it; null in the native world.</param>
public sealed record CoreParts(CoreState Core, HypervisorParts? Hypervisor);

/// <summary>A scenario put together: every part of the simulated system, not yet running. Actors or the sequential engine drive it, once.</summary>
public sealed class SimulatedBoard
{
    private readonly WorkloadProgram? profiler;
    private readonly IReadOnlyList<CoreLease> processors;

    private SimulatedBoard(
        Scenario scenario, TraceTopology topology, StreamRecorder control, IReadOnlyList<CoreRecorder> recorders,
        IReadOnlyList<GuestState> guests, IReadOnlyList<GuestLease> leases, IReadOnlyList<CoreLease> processors,
        IReadOnlyList<CoreParts> cores, WorkloadProgram? profiler)
    {
        Scenario = scenario;
        Topology = topology;
        Control = control;
        Guests = guests;
        GuestLeases = leases;
        Cores = cores;
        this.processors = processors;
        this.profiler = profiler;
        Inputs = new InputsStream(scenario, topology);
        Commands = new CommandLog(scenario);
        Streams = [control, Commands.Stream, .. recorders.SelectMany(r => r.Streams)];
    }

    /// <summary>The scenario.</summary>
    public Scenario Scenario { get; }

    /// <summary>Lanes and rings.</summary>
    public TraceTopology Topology { get; }

    /// <summary>The control stream.</summary>
    public StreamRecorder Control { get; }

    /// <summary>Whether it is a run that was cut off, and is executed again up to what is stored.</summary>
    public bool Continues { get; private init; }

    /// <summary>The commands stream.</summary>
    public CommandLog Commands { get; }

    /// <summary>All streams but the inputs.</summary>
    public IReadOnlyList<StreamRecorder> Streams { get; }

    /// <summary>The guests' parts.</summary>
    public IReadOnlyList<GuestState> Guests { get; }

    /// <summary>The guests themselves; to be looked at only before a run and after it.</summary>
    public IReadOnlyList<GuestLease> GuestLeases { get; }

    /// <summary>The cores' parts.</summary>
    public IReadOnlyList<CoreParts> Cores { get; }

    /// <summary>The stream that says what the run was made from.</summary>
    public InputsStream Inputs { get; }

    /// <summary>The batch that the journal gets first.</summary>
    public StoreBatch InputsBatch() => Inputs.Batch;

    /// <summary>What the GPOS's log converter counted of a probe.</summary>
    public DrainTally Drained(ushort probe) => profiler?.DrainTallyOf(probe) ?? default;

    /// <summary>Watches the tasks of every guest that is machine code and has a kernel profile; to be called before the run.</summary>
    /// <returns>An observer for each of their vCPUs; what they saw is complete after the run.</returns>
    public IReadOnlyList<TaskObserver> Observe() =>
    [
        .. GuestLeases.SelectMany(guest => guest.Vcpus.Select(vcpu => TaskObserver.Attach(processors[vcpu.Core.Index], guest, vcpu))).OfType<TaskObserver>(),
    ];

    /// <summary>Puts a scenario together.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="stored">What is stored of the run, where it is continued; null for a new one.</param>
    public static SimulatedBoard Build(Scenario scenario, StoredRun? stored = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        TraceTopology topology = TraceTopology.Of(scenario);
        ulong span = BatchSpan.Of(scenario.Board.Clock);
        StreamRecorder Create(string name) => new(name, span, stored?.Streams.GetValueOrDefault(name)?.Sizes);
        StreamRecorder control = Create(StreamNames.Control);
        CoreId? controlCore = scenario.Guests.FirstOrDefault(g => g.Profiler)?.Core;
        List<CoreRecorder> recorders = [];
        List<CoreLease> coreLeases = [];
        RingArea? rings = topology.Gpos is null
            ? null
            : new RingArea(topology, new RamRegion(PhysicalLayout.RingArea, topology.AreaLength));
        GuestFactory factory = new(scenario, topology, rings);
        for (byte i = 0; i < scenario.Board.Cores; i++)
        {
            CoreId id = new(i);
            IEnumerable<int> lanes = topology.Lanes.Select((lane, number) => (lane, number))
                .Where(p => (p.lane.Ring < 0 ? p.lane.Core : topology.GposCore) == id).Select(p => p.number);
            CoreRecorder recorder = new(id, lanes, controlCore == id ? control : null, Create);
            recorders.Add(recorder);
            coreLeases.Add(factory.CreateCore(id, recorder));
        }

        List<GuestLease> guests = [];
        for (byte i = 0; i < scenario.Guests.Count; i++)
        {
            guests.Add(factory.CreateGuest(new GuestId(i), coreLeases));
        }

        CoreParts[] cores = [.. coreLeases.Select(lease => Parts(lease, guests, scenario))];
        WorkloadProgram? gpos = guests.Where(g => g.Spec.Profiler).Select(g => g.Present.Program).OfType<WorkloadProgram>().FirstOrDefault();
        return new SimulatedBoard(
            scenario, topology, control, recorders, [.. guests.Select(g => new GuestState(g))], guests, coreLeases, cores, gpos)
        {
            Continues = stored is { Batches: > 0 },
        };
    }

    private static CoreParts Parts(CoreLease lease, List<GuestLease> guests, Scenario scenario)
    {
        CoreId id = lease.Id;
        VcpuId[] own = [.. guests.SelectMany(g => g.Vcpus).Where(v => v.Core == id).Select(v => v.Id)];
        HypervisorParts? hypervisor = scenario.Hypervisor
            ? new HypervisorParts(
                new RouterState(id), new SchedulerState(id, own), new VirtualDevicesState(id), new TraceControlState(id),
                new InstrumentationState(id), new ExtractionState(id), new InjectionState(id),
                new VirtualTimersState(id), new HypercallsState(id))
            : null;
        return new CoreParts(new CoreState(lease, own.Length == 0 ? null : own[0].Guest), hypervisor);
    }
}
