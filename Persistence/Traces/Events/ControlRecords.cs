using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Events;

/// <summary>A command of the profiler's sysfs tree: what was written, and when it took effect.</summary>
/// <param name="Cause">The command's own stamp.</param>
/// <param name="At">When the write took effect.</param>
/// <param name="File">Path in the control tree, e.g. trace/enable.</param>
/// <param name="Value">What was written.</param>
/// <param name="Result">"ok", or the error as status shows it.</param>
public sealed record ControlRecord(Stamp Cause, VirtualInstant At, string File, string Value, string Result) : TraceRecord(Cause)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.Control;
}

/// <summary>The loss equation of one probe at the end of a run: Hits = Filtered + InRing + Overrun + Drained, Drained = Converted + Rejected.</summary>
/// <param name="Cause">The end of the run.</param>
/// <param name="Probe">Probe number.</param>
/// <param name="Vcpu">Probed vCPU.</param>
/// <param name="Lane">Lane its records go to.</param>
/// <param name="Name">Symbol or address as the user named it.</param>
/// <param name="Status">armed, pending, removed, or error: reason.</param>
/// <param name="Hits">Times the probe instruction was reached.</param>
/// <param name="Filtered">Hits that a rule of the hypervisor discarded (no switch: previous = next).</param>
/// <param name="InRing">Written or on the way, not drained yet.</param>
/// <param name="Overrun">Lost because the ring was full.</param>
/// <param name="Drained">Taken out by the trace ISR.</param>
/// <param name="Converted">Of those, converted into trace records.</param>
/// <param name="Rejected">Of those, refused by the converter.</param>
public sealed record ProbeCountsRecord(
    Stamp Cause, ushort Probe, VcpuId Vcpu, ushort Lane, string Name, string Status,
    ulong Hits, ulong Filtered, ulong InRing, ulong Overrun, ulong Drained, ulong Converted, ulong Rejected) : TraceRecord(Cause)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.ProbeCounts;

    /// <summary>True where the loss equation holds.</summary>
    public bool Balances => Hits == Filtered + InRing + Overrun + Drained && Drained == Converted + Rejected;
}

/// <summary>The last record of a run's control stream.</summary>
/// <param name="Cause">The end of the run.</param>
/// <param name="At">The last instant simulated.</param>
/// <param name="Reason">completed, idle, interrupted, or failed: cause; of an imported run imported.</param>
/// <param name="Instructions">Instructions completed over all cores.</param>
public sealed record RunEndRecord(Stamp Cause, VirtualInstant At, string Reason, ulong Instructions) : TraceRecord(Cause)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.RunEnd;
}
