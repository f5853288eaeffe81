using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Hypervisor.Scheduler;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Tests;

/// <summary>Two cores under the hypervisor, the RTOS image on each; guest 0 has the profiler.</summary>
internal sealed class TestWorld
{
    public const ulong TrapEntry = 100;
    public const ulong TrapExit = 70;

    private readonly SimulatedBoard board;
    private readonly Collector collector = new();

    public TestWorld()
        : this(Scenario())
    {
    }

    public TestWorld(Scenario scenario)
    {
        board = SimulatedBoard.Build(scenario);
    }

    public static Address Core(Role role, int core) => Address.Of(role, new CoreId((byte)core));

    public SimulatedBoard Board => board;

    public static Scenario Scenario()
    {
        ElfImage image = ElfImage.Parse(File.ReadAllBytes(Path.Combine(Root(), "guests", "rtos", "bin", "rtos.elf")), "rtos.elf");
        return new Scenario
        {
            Name = "test",
            Duration = new VirtualInstant(10_000_000),
            Board = new BoardSpec
            {
                Cores = 2,
                Clock = new ClockRates(1_700_000_000, 24_000_000, 1),
                SgiLatency = 850,
                MaxWindow = 1_700_000,
                Costs = CostTable.Zero.With("trap-entry", TrapEntry).With("trap-exit", TrapExit),
            },
            Hypervisor = true,
            SliceCycles = 1_000_000,
            Guests = [Guest("gpos", 0, image), Guest("rtos", 1, image)],
            Control = [],
            Trace = new TraceSpec(64),
            SourceText = string.Empty,
            Files = [],
        };
    }

    /// <summary>A core's resources without a guest, as the core hands them to the scheduler at the start.</summary>
    public CoreLease Lease(int core)
    {
        board.Cores[core].Core.Handle(new StartCore(), collector);
        return collector.Take<StartScheduling>().Lease;
    }

    /// <summary>A core's resources with its guest on it.</summary>
    public CoreLease LeaseWithGuest(int core)
    {
        CoreLease lease = Lease(core);
        Address scheduler = Core(Role.Scheduler, core);
        board.Cores[core].Hypervisor!.Scheduler.Handle(
            new StartScheduling(VirtualInstant.Zero, lease.NewStamp(VirtualInstant.Zero), lease), collector);
        board.Guests[core].Handle(collector.Take<SwitchIn>(), collector);
        board.Cores[core].Hypervisor!.Scheduler.Handle(collector.Take<GuestSwitchedIn>(), collector);
        Assert.Equal(Role.Router, collector.Last.To.Role);
        Assert.Equal(core, scheduler.Index);
        return lease;
    }

    private static GuestSpec Guest(string name, byte core, ElfImage image) => new()
    {
        Name = name,
        Core = new CoreId(core),
        Image = image,
        Platform = PlatformSpec.Virt(16 << 20),
        Profile = CompiledProfile.Bind(Ucos2(), image),
        Profiler = core == 0,
        PidBase = 2000,
        Workload = null,
    };

    private static KernelProfile Ucos2() => new()
    {
        Name = "ucos2",
        TaskType = "struct os_tcb",
        Current = "OSTCBCur",
        Next = "OSTCBHighRdy",
        Task = new TaskFields
        {
            Id = "task->OSTCBPrio",
            Name = "task->OSTCBTaskName",
            Priority = "task->OSTCBPrio",
            State = "0",
            Idle = "task->OSTCBPrio == 63",
        },
        ProbeSets = [new ProbeSet("switch", [new ProbePoint("OSCtxSw", "OSCtxSw", ProbePointKind.Switch)])],
    };

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ActorTrace.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run inside a checkout.");
    }

    private sealed class Collector : IOutbox
    {
        private readonly List<(Address To, object Message)> sent = [];

        public (Address To, object Message) Last => sent[^1];

        public void Send(Address to, object message) => sent.Add((to, message));

        public T Take<T>() => sent.Select(s => s.Message).OfType<T>().Last();
    }
}
