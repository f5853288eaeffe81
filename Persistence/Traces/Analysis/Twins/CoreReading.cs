using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Analysis.Twins;

/// <summary>A core's own counters at an instant; each is counted on its own.</summary>
/// <param name="At">The core's local time.</param>
/// <param name="Instructions">Instructions completed since power on.</param>
/// <param name="IdleCycles">Cycles since power on with nothing to run.</param>
/// <param name="DeviceCycles">Cycles since power on by which loads and stores waited for a device.</param>
public readonly record struct CoreReading(VirtualInstant At, ulong Instructions, ulong IdleCycles, ulong DeviceCycles);
