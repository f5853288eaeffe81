using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Boards;
using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>All that a workload guest is put together from, and whom it tells what happens.</summary>
public sealed record WorkloadContext
{
    /// <summary>The interrupt that announces trace records: SPI 32.</summary>
    public const uint TraceInterruptId = 64;

    /// <summary>Intermediate physical, and kernel virtual, address of the trace control device.</summary>
    public const uint TraceControlAddress = 0x0A00_0000;

    /// <summary>The scenario.</summary>
    public required Scenario Scenario { get; init; }

    /// <summary>Which vCPU this is.</summary>
    public required VcpuId Vcpu { get; init; }

    /// <summary>The core it is pinned to.</summary>
    public required CoreId Core { get; init; }

    /// <summary>The guest's RAM, the kernel's image in it.</summary>
    public required RamRegion Ram { get; init; }

    /// <summary>The devices of that core.</summary>
    public required ICorePeripherals Peripherals { get; init; }

    /// <summary>The trace rings; none where the guest has no profiler.</summary>
    public required IReadOnlyList<GposRing> Rings { get; init; }

    /// <summary>What is to be written to the control files; used where the guest has the profiler.</summary>
    public required ControlSchedule Writes { get; init; }

    /// <summary>The lane of the guest's own tracer.</summary>
    public required int Lane { get; init; }

    /// <summary>Takes its records.</summary>
    public required IRecordSink Sink { get; init; }

    /// <summary>Makes a fresh stamp of the core.</summary>
    public required Func<VirtualInstant, Stamp> NewStamp { get; init; }

    /// <summary>Told when the consumer index of a ring changed in memory: ring, index, when.</summary>
    public required Action<int, uint, VirtualInstant> ConsumerMoved { get; init; }

    /// <summary>How the scenario describes the guest.</summary>
    public GuestSpec Guest => Scenario.Guests[Vcpu.Guest.Index];

    /// <summary>What the tasks do.</summary>
    public WorkloadSpec Workload => Guest.Workload ?? throw new InvalidOperationException($"{Guest.Name} has no workload.");

    /// <summary>The board's costs.</summary>
    public CostTable Costs => Scenario.Board.Costs;
}
