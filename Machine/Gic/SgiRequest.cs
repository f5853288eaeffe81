using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Gic;

/// <summary>A write to GICD_SGIR, resolved (ARM IHI 0048B 4.3.15).</summary>
/// <param name="Sgi">0..15.</param>
/// <param name="Source">The CPU that wrote it.</param>
/// <param name="Targets">Who gets it, ascending. Of an emulated distributor these are vCPU numbers.</param>
/// <param name="At">When the store completes.</param>
public sealed record SgiRequest(byte Sgi, CoreId Source, IReadOnlyList<CoreId> Targets, VirtualInstant At);
