using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Guests.Workload;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.VirtualDevices;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Sharing;
using ActorTrace.Machine.Uart;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Simulation;

/// <summary>Makes the hardware of each core and guest: memory with the image in it, stage-2 tables, devices, registers at reset.</summary>
/// <param name="scenario">The scenario.</param>
/// <param name="topology">Lanes and rings.</param>
/// <param name="rings">The ring area; null where there is no GPOS.</param>
internal sealed class GuestFactory(Scenario scenario, TraceTopology topology, RingArea? rings)
{
    private const uint InterfaceSize = 0x2000;
    private readonly Dictionary<GuestId, (Pl011 Uart, GuestConsole Console)> native = [];

    /// <summary>A core with its timers and interrupt interfaces; natively with its guest's devices beside it.</summary>
    public CoreLease CreateCore(CoreId id, CoreRecorder recorder)
    {
        int guest = scenario.Hypervisor ? -1 : scenario.Guests.ToList().FindIndex(g => g.Core == id);
        CorePeripherals peripherals = guest >= 0
            ? CorePeripherals.Native(scenario.Board.Clock, id, scenario.Board.Cores, NativeDevices(new GuestId((byte)guest), id, recorder))
            : CorePeripherals.UnderHypervisor(scenario.Board.Clock, id, scenario.Board.Cores);
        Core core = new(id, scenario.Board.Clock, peripherals);
        return new CoreLease(scenario, id, core, peripherals, recorder, topology)
        {
            Rings = topology.Gpos is not null && topology.GposCore == id ? rings : null,
        };
    }

    /// <summary>A guest, ready to run.</summary>
    /// <param name="id">Which.</param>
    /// <param name="cores">The cores: its vCPUs' records go to theirs.</param>
    public GuestLease CreateGuest(GuestId id, IReadOnlyList<CoreLease> cores)
    {
        GuestSpec spec = scenario.Guests[id.Index];
        CoreLease core = cores[spec.Core.Index];
        Pa ramStart = scenario.Hypervisor ? PhysicalLayout.GuestRam(id) : new Pa(spec.Platform.RamStart.Value);
        RamRegion ram = new(ramStart, checked((int)spec.Platform.RamSize));
        Load(spec, ram);
        VcpuContext[] vcpus = [.. spec.VcpuCores.Select((_, number) => new VcpuContext(new VcpuId(id, (byte)number)))];
        List<RamRegion> regions = [ram];
        if (scenario.Hypervisor)
        {
            regions.AddRange(MapStage2(id, spec, vcpus, ram));
        }
        else
        {
            vcpus[0].Cp15.Mpidr = (vcpus[0].Cp15.Mpidr & ~0xFFu) | core.Id.Index;
        }

        PhysicalMemory memory = new(regions);
        vcpus[0].Reset(spec.Image.EntryPoint, 0, uint.MaxValue, 0);
        (Pl011 uart, GuestConsole console) = native.TryGetValue(id, out (Pl011, GuestConsole) present)
            ? present
            : CreateUart(vcpus[0].Id, core.Id, core.Recorder);
        return new GuestLease
        {
            Id = id,
            Spec = spec,
            Memory = memory,
            Vcpus = [.. vcpus.Select(v => CreateVcpu(v, spec, cores[spec.VcpuCores[v.Id.Index].Index], ram))],
            Distributor = scenario.Hypervisor ? new VirtualDistributor(vcpus.Length) : null,
            Uart = uart,
            Console = console,
        };
    }

    private VcpuLease CreateVcpu(VcpuContext vcpu, GuestSpec spec, CoreLease core, RamRegion ram) => new()
    {
        Context = vcpu,
        Core = core.Id,
        Program = CreateProgram(vcpu.Id.Guest, spec, core, ram),
        Power = vcpu.Id.Index == 0 ? VcpuPower.On : VcpuPower.Off,
    };

    private NativeDevices NativeDevices(GuestId guest, CoreId core, CoreRecorder recorder)
    {
        PlatformSpec platform = scenario.Guests[guest.Index].Platform;
        native[guest] = CreateUart(new VcpuId(guest, 0), core, recorder);
        return new NativeDevices(
            new Pa(platform.Distributor.Value), new Pa(platform.CpuInterface.Value), new Pa(platform.Uart.Value), native[guest].Uart);
    }

    private static (Pl011 Uart, GuestConsole Console) CreateUart(VcpuId vcpu, CoreId core, CoreRecorder recorder)
    {
        GuestConsole console = new(vcpu);
        Pl011 uart = new((value, at) =>
        {
            if (console.Write(value, at, core) is { } line)
            {
                recorder.Console(line);
            }
        });
        return (uart, console);
    }

    private IGuestProgram CreateProgram(GuestId id, GuestSpec spec, CoreLease core, RamRegion ram)
    {
        if (spec.Workload is null)
        {
            return new ElfProgram(core.Peripherals);
        }

        VcpuId vcpu = new(id, 0);
        return new WorkloadProgram(new WorkloadContext
        {
            Scenario = scenario,
            Vcpu = vcpu,
            Core = core.Id,
            Ram = ram,
            Peripherals = core.Peripherals,
            Rings = spec.Profiler && rings is not null ? [.. topology.Rings.Select(Ring)] : [],
            Lane = topology.Lanes.ToList().FindIndex(l => l.Vcpu == vcpu && l.Ring < 0),
            Sink = core.Recorder,
            NewStamp = core.NewStamp,
            ConsumerMoved = core.PublishConsumer,
        });
    }

    private GposRing Ring(RingDescriptor ring)
    {
        TraceRing.Initialize(rings!.Bytes(ring.Index));
        return new GposRing(ring.Index, ring.Vcpu, ring.Producer, ring.Lane, rings.Region.Bytes.AsMemory(ring.Offset, ring.Length));
    }

    /// <summary>Copies the image's segments to their physical addresses; what lies outside RAM is an error of the scenario, checked there.</summary>
    private static void Load(GuestSpec spec, RamRegion ram)
    {
        foreach (ElfSegment segment in spec.Image.Segments)
        {
            ulong offset = segment.PhysicalAddress.Value - spec.Platform.RamStart.Value;
            segment.FileBytes.Span.CopyTo(ram.Bytes.AsSpan(checked((int)offset)));
        }
    }

    private IEnumerable<RamRegion> MapStage2(GuestId id, GuestSpec spec, VcpuContext[] vcpus, RamRegion ram)
    {
        RamRegion tables = new(PhysicalLayout.Stage2Tables(id), PhysicalLayout.TablesLength);
        Stage2Tables stage2 = new(tables);
        stage2.Map(spec.Platform.RamStart, ram.Start, spec.Platform.RamSize, writable: true, executable: true, device: false);
        stage2.Map(spec.Platform.CpuInterface, ArndaleMap.VirtualCpuInterface, InterfaceSize, writable: true, executable: false, device: true);
        yield return tables;
        if (spec.Profiler && rings is not null)
        {
            stage2.Map(
                new Ipa(PlatformMap.RingArea), rings.Region.Start, (ulong)rings.Region.Bytes.Length, writable: true, executable: false, device: false);
            yield return rings.Region;
        }

        const int VmidShift = 48;
        foreach (VcpuContext vcpu in vcpus)
        {
            CoreId core = spec.VcpuCores[vcpu.Id.Index];
            vcpu.Hyp.Vttbr = stage2.Vttbr | ((ulong)(id.Index + 1) << VmidShift);
            vcpu.Hyp.Vtcr = Stage2Tables.Vtcr;
            vcpu.Hyp.Stage2 = true;
            vcpu.Hyp.RouteIrq = true;
            vcpu.Hyp.HypervisorPresent = true;
            vcpu.Hyp.TrapPhysicalTimer = true;
            vcpu.Hyp.TrapWait = scenario.Guests.SelectMany(g => g.VcpuCores).Count(c => c == core) > 1;
        }
    }
}
