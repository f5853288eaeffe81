using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Events;

/// <summary>
/// A write to the profiler's control files that came from outside while the run was simulated: an input of the run, stored
/// before simulated time went on. What it came to is a <see cref="ControlRecord"/>.
/// </summary>
/// <param name="Cause">From when on the write waits for the task sh; its sequence is its place among the commands of the run.</param>
/// <param name="File">Path in the control tree, e.g. trace/enable.</param>
/// <param name="Value">What was written.</param>
public sealed record CommandRecord(Stamp Cause, string File, string Value) : TraceRecord(Cause)
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.Command;
}
