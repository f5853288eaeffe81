using ActorTrace.Machine.Images;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Uart;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Scenarios;

/// <summary>What is to be simulated: validated, with every file read; a run depends on nothing else.</summary>
public sealed record Scenario
{
    /// <summary>Name, [a-z0-9-]+, at most 40 characters.</summary>
    public required string Name { get; init; }

    /// <summary>How long to simulate.</summary>
    public required VirtualInstant Duration { get; init; }

    /// <summary>The board.</summary>
    public required BoardSpec Board { get; init; }

    /// <summary>False: `hypervisor: none`, each guest runs natively on its core.</summary>
    public required bool Hypervisor { get; init; }

    /// <summary>Round robin slice where several guests share a core.</summary>
    public required ulong SliceCycles { get; init; }

    /// <summary>The guests; index = <see cref="GuestId"/>.</summary>
    public required IReadOnlyList<GuestSpec> Guests { get; init; }

    /// <summary>Writes to the profiler's control files, ascending in time; same times keep their order.</summary>
    public required IReadOnlyList<ControlWrite> Control { get; init; }

    /// <summary>
    /// Writes that came from outside while the run was first simulated, in their order; none for a run that is simulated for the first time.
    /// They are no part of what the user wrote, and unlike <see cref="Control"/> are not checked before the run.
    /// </summary>
    public IReadOnlyList<ControlWrite> Commands { get; init; } = [];

    /// <summary>Ring geometry and announcement.</summary>
    public required TraceSpec Trace { get; init; }

    /// <summary>The text it was read from, for the journal.</summary>
    public required string SourceText { get; init; }

    /// <summary>The files it names, for the journal, in ordinal order of path.</summary>
    public required IReadOnlyList<SourceFile> Files { get; init; }
}

/// <summary>A file that the scenario names.</summary>
/// <param name="Path">As the scenario names it.</param>
/// <param name="Content">Its bytes.</param>
public sealed record SourceFile(string Path, ReadOnlyMemory<byte> Content);

/// <summary>The board: clocks, cores, costs.</summary>
public sealed record BoardSpec
{
    /// <summary>Number of cores, 1..8.</summary>
    public required int Cores { get; init; }

    /// <summary>Clocks.</summary>
    public required ClockRates Clock { get; init; }

    /// <summary>Cycles from the sending of a physical SGI until the other core sees it, at least 1. The lookahead of the simulation.</summary>
    public required ulong SgiLatency { get; init; }

    /// <summary>The longest window in cycles.</summary>
    public required ulong MaxWindow { get; init; }

    /// <summary>What each action of hypervisor and trace software costs.</summary>
    public required Machine.Boards.CostTable Costs { get; init; }
}

/// <summary>The shared rings.</summary>
/// <param name="RingSlots">Slots of each ring, a power of two, 4..65536.</param>
public sealed record TraceSpec(int RingSlots);

/// <summary>A write to the control tree.</summary>
/// <param name="At">When the task sh becomes runnable to do it.</param>
/// <param name="File">e.g. trace/guest, trace/symbol, trace/address, trace/probes, trace/filter, trace/start_ns, trace/end_ns, trace/enable.</param>
/// <param name="Value">What is written.</param>
public sealed record ControlWrite(VirtualInstant At, string File, string Value);

/// <summary>A guest.</summary>
public sealed record GuestSpec
{
    /// <summary>Bytes that are kept free for a device tree.</summary>
    public const uint DeviceTreeRoom = 0x1000;

    /// <summary>Name, unique in the scenario.</summary>
    public required string Name { get; init; }

    /// <summary>The core that it is pinned to; of several vCPUs the first.</summary>
    public required CoreId Core { get; init; }

    /// <summary>For each vCPU the core that it is pinned to; a guest that says nothing has one.</summary>
    public IReadOnlyList<CoreId> VcpuCores
    {
        get => field ?? [Core];
        init;
    }

    /// <summary>Its program image.</summary>
    public required ElfImage Image { get; init; }

    /// <summary>Its memory map.</summary>
    public required PlatformSpec Platform { get; init; }

    /// <summary>How to read its kernel's tasks, bound to the image; null where no profile is named.</summary>
    public required CompiledProfile? Profile { get; init; }

    /// <summary>True for the guest that has the trace control device (the GPOS).</summary>
    public required bool Profiler { get; init; }

    /// <summary>Linux pid of the guest's task with id 0; its tasks get PidBase + their number, its idle task pid 0. Also the tgid. 0 for a GPOS: pids are its own.</summary>
    public required int PidBase { get; init; }

    /// <summary>What its tasks do, for a workload guest; null for `kind: elf`.</summary>
    public required WorkloadSpec? Workload { get; init; }

    /// <summary>What the flash holds from its first byte on; empty for nothing.</summary>
    public ReadOnlyMemory<byte> FlashImage { get; init; }

    /// <summary>Where the device tree is put; null for a guest that gets none. R2 holds it at the start.</summary>
    public Ipa? DeviceTree { get; init; }

    /// <summary>What is typed at its console, in order.</summary>
    public IReadOnlyList<TypedText> Input { get; init; } = [];
}
