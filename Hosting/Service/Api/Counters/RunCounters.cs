namespace ActorTrace.Hosting.Service.Api.Counters;

/// <summary>What a run has counted up to a moment.</summary>
/// <param name="Events">Entries of the trace buffer.</param>
/// <param name="Switches">Task switches among them.</param>
/// <param name="Wakeups">Wake-ups among them.</param>
/// <param name="Hits">Hits of probes.</param>
/// <param name="Ipis">SGIs that the hypervisor sent to another core.</param>
/// <param name="Injections">Virtual interrupts injected or queued.</param>
/// <param name="Traps">Entries into the hypervisor.</param>
/// <param name="Lost">Events that simulated buffers lost.</param>
/// <param name="Probes">The probes, by number.</param>
internal sealed record RunCounters(
    ulong Events, ulong Switches, ulong Wakeups, ulong Hits, ulong Ipis, ulong Injections, ulong Traps, ulong Lost, IReadOnlyList<ProbeCounters> Probes);

/// <summary>A probe of a run.</summary>
/// <param name="Probe">Its number.</param>
/// <param name="Name">Where it stands.</param>
/// <param name="Status">armed, pending, removed, or error: reason.</param>
/// <param name="Hits">Times it was reached.</param>
/// <param name="Filtered">Hits that a rule of the hypervisor discarded.</param>
/// <param name="Overrun">Lost because the ring was full.</param>
/// <param name="Drained">Taken out of the ring.</param>
/// <param name="Converted">Of those, converted into entries of the trace buffer.</param>
internal sealed record ProbeCounters(int Probe, string Name, string Status, ulong Hits, ulong Filtered, ulong Overrun, ulong Drained, ulong Converted);
