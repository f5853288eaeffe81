using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Events;

/// <summary>
/// Says of a stream that is read while it is written: no record of before this instant will follow. Never stored; where a run is
/// followed it lets streams be merged of which some have nothing to say.
/// </summary>
/// <param name="At">The instant.</param>
public sealed record HorizonRecord(VirtualInstant At) : TraceRecord(new Stamp(At, SourceId.Outside, 0))
{
    /// <inheritdoc/>
    public override RecordKind Kind => RecordKind.Horizon;
}
