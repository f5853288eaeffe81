using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Events;

/// <summary>What a journal says first of a run: enough to replay it, and with its files enough to run it again.</summary>
/// <param name="SchemaVersion">Version of the record schema, 1.</param>
/// <param name="Name">The scenario's name.</param>
/// <param name="Clock">The board's clocks.</param>
/// <param name="Cores">Number of physical cores.</param>
/// <param name="Guests">The guests in scenario order.</param>
/// <param name="Lanes">The lanes of the trace buffer; index = lane number.</param>
/// <param name="Scenario">The scenario's text as the user wrote it, command-line changes appended as a second YAML document.</param>
/// <param name="Files">Every file the scenario names, by the path it is named with, in ordinal order.</param>
public sealed record RunManifest(
    int SchemaVersion, string Name, ClockRates Clock, int Cores,
    IReadOnlyList<GuestManifest> Guests, IReadOnlyList<LaneManifest> Lanes,
    string Scenario, IReadOnlyList<InputFile> Files)
{
    /// <summary>The trace file that the run was imported from; null where it was simulated here.</summary>
    public string? ImportedFrom { get; init; }
}

/// <summary>A guest of a run.</summary>
/// <param name="Name">Its name in the scenario.</param>
/// <param name="FirstLinuxCpu">The CPU of the gpos view that its vCPU 0 appears as; its other vCPUs follow.</param>
/// <param name="VcpuCores">For each vCPU the core it is pinned to.</param>
/// <param name="ProcessId">Linux tgid of its tasks; 0 where each task is its own group.</param>
public sealed record GuestManifest(string Name, int FirstLinuxCpu, IReadOnlyList<CoreId> VcpuCores, int ProcessId);

/// <summary>A lane of the trace buffer.</summary>
/// <param name="Vcpu">The vCPU whose events it holds.</param>
/// <param name="Core">The core that writes it.</param>
/// <param name="Ring">The ring it is drained from, or -1 for the GPOS's own tracer.</param>
public sealed record LaneManifest(VcpuId Vcpu, CoreId Core, int Ring);

/// <summary>A file that went into a run.</summary>
/// <param name="Path">The path as the scenario names it.</param>
/// <param name="Content">Its bytes.</param>
public sealed record InputFile(string Path, ReadOnlyMemory<byte> Content);
