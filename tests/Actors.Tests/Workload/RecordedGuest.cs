using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Guests.Workload;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Gic;
using ActorTrace.Machine.Images;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Sharing;
using ActorTrace.Machine.Uart;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Tests.Workload;

/// <summary>A workload guest on a real core without a hypervisor, with one trace ring and a trace control device that answers 0; everything it records is kept.</summary>
internal sealed class RecordedGuest : IRecordSink
{
    public const int RingSlots = 8;
    public static readonly ClockRates Clock = new(1_700_000_000, 24_000_000, 1);
    public static readonly VcpuId Gpos = new(new GuestId(0), 0);
    public static readonly VcpuId Rtos = new(new GuestId(1), 0);
    private const ulong Gicd = 0x0800_0000;
    private readonly byte[] ring = new byte[TraceRing.SizeInBytes(RingSlots)];
    private readonly TraceRingProducer producer = new(RingSlots);
    private ulong stamps;

    public RecordedGuest(
        WorkloadSpec workload, IReadOnlyList<ControlWrite>? control = null, CostTable? costs = null, ClockRates? clock = null, bool tracing = true)
    {
        ElfImage image = ElfImage.Parse(File.ReadAllBytes(Repository.File("guests", "gpos", "bin", "gpos.elf")), "gpos.elf");
        ElfImage rtos = ElfImage.Parse(File.ReadAllBytes(Repository.File("guests", "rtos", "bin", "rtos.elf")), "rtos.elf");
        Platform = PlatformSpec.Virt(16 << 20);
        Scenario scenario = new()
        {
            Name = "workload",
            Duration = new VirtualInstant(ulong.MaxValue),
            Board = new BoardSpec
            {
                Cores = 1,
                Clock = clock ?? Clock,
                SgiLatency = 850,
                MaxWindow = 1_700_000,
                Costs = costs ?? CostTable.Zero,
            },
            Hypervisor = false,
            SliceCycles = 1_000_000,
            Guests = [Guest("android", image, workload, 0), Guest("ucos", rtos, null, 2000)],
            Control = control ?? [],
            Trace = new TraceSpec(RingSlots),
            SourceText = string.Empty,
            Files = [],
        };
        Ram = new RamRegion(new Pa(Platform.RamStart.Value), (int)Platform.RamSize);
        foreach (ElfSegment segment in image.Segments)
        {
            segment.FileBytes.Span.CopyTo(Ram.Bytes.AsSpan((int)(segment.PhysicalAddress.Value - Platform.RamStart.Value)));
        }

        NativeDevices devices = new(new Pa(Gicd), new Pa(Platform.CpuInterface.Value), new Pa(Platform.Uart.Value), new Pl011((_, _) => { }));
        Peripherals = new WithControlDevice(CorePeripherals.Native(scenario.Board.Clock, new CoreId(0), 1, devices));
        Core = new Core(new CoreId(0), scenario.Board.Clock, Peripherals);
        VcpuContext vcpu = new(Gpos);
        vcpu.Reset(image.EntryPoint, 0, 0, 0);
        Core.Attach(vcpu, new PhysicalMemory([Ram]));
        Vcpu = vcpu;
        TraceRing.Initialize(ring);
        Image = image;
        Program = new WorkloadProgram(new WorkloadContext
        {
            Scenario = scenario,
            Vcpu = Gpos,
            Core = new CoreId(0),
            Ram = Ram,
            Peripherals = Peripherals,
            Rings = tracing ? [new GposRing(0, Rtos, new CoreId(1), 1, ring)] : [],
            Writes = new ControlSchedule(scenario),
            Lane = 0,
            Sink = this,
            NewStamp = at => new Stamp(at, new SourceId(0), stamps++),
            ConsumerMoved = (_, index, _) => Consumed.Add(index),
        });
    }

    public PlatformSpec Platform { get; }

    public RamRegion Ram { get; }

    public ElfImage Image { get; }

    public Core Core { get; }

    public VcpuContext Vcpu { get; }

    public WithControlDevice Peripherals { get; }

    public WorkloadProgram Program { get; }

    public List<StepRecord> Steps { get; } = [];

    public List<(int Lane, LaneRecord Record)> Lanes { get; } = [];

    public List<ControlRecord> Controls { get; } = [];

    public List<uint> Consumed { get; } = [];

    public IEnumerable<SwitchRecord> Switches => Lanes.Where(l => l.Lane == 0).Select(l => l.Record).OfType<SwitchRecord>();

    public Span<byte> Ring => ring;

    /// <summary>Runs to an instant; any other exit is a failure.</summary>
    public void RunTo(VirtualInstant limit)
    {
        CoreExit exit = Program.RunUntil(Core, limit);
        Assert.Equal(CoreExitKind.LimitReached, exit.Kind);
    }

    /// <summary>Puts a record into the ring as the hypervisor would; false where it found no room.</summary>
    public bool Produce(RingRecord record)
    {
        byte[] slot = new byte[RingRecord.Size];
        bool written = producer.TryProduce(record, TraceRing.ReadConsumer(ring), slot);
        TraceRing.ApplyRemoteStore(ring, written ? slot : [], producer.Next, producer.Overrun);
        return written;
    }

    /// <summary>Makes the trace interrupt pending, by the distributor's set-pending register.</summary>
    public void Announce() => Assert.True(Peripherals.TryWrite(new Pa(Gicd + 0x208), 4, 1, Core.Now));

    public void Step(StepRecord record) => Steps.Add(record);

    public void Lane(int lane, LaneRecord record) => Lanes.Add((lane, record));

    public void Control(ControlRecord record) => Controls.Add(record);

    private GuestSpec Guest(string name, ElfImage image, WorkloadSpec? workload, int pidBase) => new()
    {
        Name = name,
        Core = new CoreId(0),
        Image = image,
        Platform = Platform,
        Profile = workload is null ? CompiledProfile.Bind(Profiles.Ucos2, image) : null,
        Profiler = workload is not null,
        PidBase = pidBase,
        Workload = workload,
    };

    /// <summary>The native devices and, at the address of the trace control device, a register file that remembers the stores.</summary>
    internal sealed class WithControlDevice(CorePeripherals inner) : ICorePeripherals
    {
        private const ulong Start = WorkloadContext.TraceControlAddress;

        private VirtualInstant due = VirtualInstant.Never;
        private Action? happens;

        public List<(uint Offset, uint Value)> Stores { get; } = [];

        public uint Answer { get; set; }

        public InterruptLines Lines => inner.Lines;

        public VirtualInstant NextDeadline => VirtualInstant.Min(inner.NextDeadline, due);

        public void AdvanceTo(VirtualInstant now)
        {
            inner.AdvanceTo(now);
            if (now >= due)
            {
                due = VirtualInstant.Never;
                happens?.Invoke();
            }
        }

        /// <summary>Has something happen at an instant, as a device does whose deadline it is.</summary>
        public void AtFirst(VirtualInstant at, Action action) => (due, happens) = (at, action);

        public ulong ReadTimer(TimerRegister register, VirtualInstant now) => inner.ReadTimer(register, now);

        public void WriteTimer(TimerRegister register, ulong value, VirtualInstant now) => inner.WriteTimer(register, value, now);

        public bool TryRead(Pa address, int size, VirtualInstant now, out uint value)
        {
            value = Answer;
            return Mine(address) || inner.TryRead(address, size, now, out value);
        }

        public void SendEvent(VirtualInstant now) => inner.SendEvent(now);

        public bool TryWrite(Pa address, int size, uint value, VirtualInstant now)
        {
            if (!Mine(address))
            {
                return inner.TryWrite(address, size, value, now);
            }

            Stores.Add(((uint)(address.Value - Start), value));
            return true;
        }

        private static bool Mine(Pa address) => address.Value - Start < 0x1000;
    }
}
