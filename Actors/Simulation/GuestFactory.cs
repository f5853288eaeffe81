using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Guests.Workload;
using ActorTrace.Actors.Hypervisor;
using ActorTrace.Actors.Hypervisor.VirtualDevices;
using ActorTrace.Actors.Recording;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Flash;
using ActorTrace.Machine.Gic;
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
    /// <summary>CBAR: PERIPHBASE, of which the distributor is part (Cortex-A15 TRM 4.3.66).</summary>
    private const uint PeripheralBase = 0xFFFF_8000;

    private const uint InterfaceSize = 0x2000;
    private readonly Dictionary<GuestId, (Terminal Uart, GuestConsole Console)> native = [];
    private readonly Dictionary<GuestId, GuestMemory> memories = Enumerable.Range(0, scenario.Guests.Count)
        .Select(index => new GuestId((byte)index)).ToDictionary(id => id, id => CreateMemory(scenario, id));

    private readonly ControlSchedule writes = new(scenario);
    private readonly RamRegion erased = GuestMemory.Erased();

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
            Writes = topology.Gpos is not null && topology.GposCore == id ? writes : null,
        };
    }

    /// <summary>A guest, ready to run.</summary>
    /// <param name="id">Which.</param>
    /// <param name="cores">The cores: its vCPUs' records go to theirs.</param>
    public GuestLease CreateGuest(GuestId id, IReadOnlyList<CoreLease> cores)
    {
        GuestSpec spec = scenario.Guests[id.Index];
        CoreLease core = cores[spec.Core.Index];
        GuestMemory own = memories[id];
        VcpuContext[] vcpus = [.. spec.VcpuCores.Select((_, number) => new VcpuContext(new VcpuId(id, (byte)number)))];
        if (!scenario.Hypervisor)
        {
            vcpus[0].Cp15.Mpidr = (vcpus[0].Cp15.Mpidr & ~0xFFu) | core.Id.Index;
        }

        foreach (VcpuContext vcpu in vcpus)
        {
            vcpu.Cp15.ClusterSize = (uint)(scenario.Hypervisor ? vcpus.Length : scenario.Board.Cores);
            vcpu.Cp15.Cbar = (uint)spec.Platform.Distributor.Value & PeripheralBase;
        }

        List<RamRegion> regions = [own.Ram];
        if (own.Flash?.Content is { } content)
        {
            regions.Add(content);
        }

        Stage2Tables? stage2 = null;
        if (scenario.Hypervisor)
        {
            regions.AddRange(MapStage2(id, spec, vcpus, own, out stage2));
        }

        PhysicalMemory memory = new(regions);
        FollowFlash(spec, own.Flash, memory, stage2);
        vcpus[0].Reset(spec.Image.EntryPoint, 0, uint.MaxValue, own.PlaceDeviceTree(vcpus.Length, scenario.Hypervisor));
        (Terminal uart, GuestConsole console) = native.TryGetValue(id, out (Terminal, GuestConsole) present)
            ? present
            : CreateUart(spec, vcpus[0].Id, core.Id, core.Recorder);
        return new GuestLease
        {
            Id = id,
            Spec = spec,
            Memory = memory,
            Vcpus = [.. vcpus.Select(v => CreateVcpu(v, spec, cores[spec.VcpuCores[v.Id.Index].Index], own.Ram))],
            Distributor = scenario.Hypervisor ? new VirtualDistributor(vcpus.Length) : null,
            Uart = uart,
            Flash = own.Flash,
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

    private static GuestMemory CreateMemory(Scenario scenario, GuestId id)
    {
        GuestSpec spec = scenario.Guests[id.Index];
        return scenario.Hypervisor
            ? new GuestMemory(spec, PhysicalLayout.GuestRam(id), PhysicalLayout.GuestFlash(id))
            : new GuestMemory(spec, new Pa(spec.Platform.RamStart.Value), new Pa(spec.Platform.Flash?.Value ?? 0));
    }

    private NativeDevices NativeDevices(GuestId guest, CoreId core, CoreRecorder recorder)
    {
        GuestSpec spec = scenario.Guests[guest.Index];
        PlatformSpec platform = spec.Platform;
        native[guest] = CreateUart(spec, new VcpuId(guest, 0), core, recorder);
        return new NativeDevices(
            new Pa(platform.Distributor.Value), new Pa(platform.CpuInterface.Value), new Pa(platform.Uart.Value), native[guest].Uart,
            platform.UartInterrupt)
        {
            Flash = memories[guest].Flash,
        };
    }

    /// <summary>A bank that answers a query is not memory: natively the bus leaves it to the device, else stage 2 does.</summary>
    private static void FollowFlash(GuestSpec spec, CfiFlash? flash, PhysicalMemory memory, Stage2Tables? stage2)
    {
        if (flash is null)
        {
            return;
        }

        flash.ModeChanged = bank =>
        {
            if (stage2 is not null && spec.Platform.Flash is { } start)
            {
                stage2.SetValid(new Ipa(start.Value + ((ulong)bank * CfiFlash.BankSize)), CfiFlash.BankSize, flash.ReadsArray(bank));
                memory.ForgetTranslations();
            }
            else if (flash.Content is { } content)
            {
                bool second = content.Bytes.Length > CfiFlash.BankSize;
                memory.Show(content, flash.ReadsArray(0) && (!second || flash.ReadsArray(1)));
            }
        };
    }

    private static (Terminal Uart, GuestConsole Console) CreateUart(GuestSpec spec, VcpuId vcpu, CoreId core, CoreRecorder recorder)
    {
        GuestConsole console = new(vcpu);
        ISerialPort port = spec.Platform.UartModel == UartModel.Pl011 ? new Pl011(null) : new Exynos4210Uart(null);
        Terminal terminal = new(port, spec.Input, (value, at) =>
        {
            if (console.Write(value, at, core) is { } line)
            {
                recorder.Console(line);
            }
        });
        return (terminal, console);
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
            Writes = writes,
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

    private List<RamRegion> MapStage2(GuestId id, GuestSpec spec, VcpuContext[] vcpus, GuestMemory own, out Stage2Tables stage2)
    {
        RamRegion tables = new(PhysicalLayout.Stage2Tables(id), PhysicalLayout.TablesLength);
        List<RamRegion> added = [tables];
        stage2 = new Stage2Tables(tables);
        stage2.Map(spec.Platform.RamStart, own.Ram.Start, spec.Platform.RamSize, writable: true, executable: true, device: false);
        stage2.Map(spec.Platform.CpuInterface, ArndaleMap.VirtualCpuInterface, InterfaceSize, writable: true, executable: false, device: true);
        if (own.Flash is not null)
        {
            own.MapFlash(stage2, erased);
            added.Add(erased);
        }

        if (spec.Profiler && rings is not null)
        {
            stage2.Map(
                new Ipa(PlatformMap.RingArea), rings.Region.Start, (ulong)rings.Region.Bytes.Length, writable: true, executable: false, device: false);
            added.Add(rings.Region);
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

        return added;
    }
}
