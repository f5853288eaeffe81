using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Spans;

/// <summary>Is told where the traces of a run begin and end among its records.</summary>
internal interface ITraceBounds
{
    /// <summary>A chain begins with a record of this instant.</summary>
    void ChainOpened(UInt128 trace, in Stamp cause, VirtualInstant now);

    /// <summary>A chain that has too many spans goes on in another trace.</summary>
    void ChainGoesOn(UInt128 trace, UInt128 next);

    /// <summary>A lane begins a trace: what is known to begin it anew from there.</summary>
    void LaneOpened(UInt128 trace, LaneStart start);

    /// <summary>A trace is complete: its last spans are made with the present record.</summary>
    /// <param name="trace">Which.</param>
    /// <param name="last">The instant of its last record.</param>
    void Closed(UInt128 trace, VirtualInstant last);
}

/// <summary>The beginning of a lane's trace.</summary>
/// <param name="Subject">Tasks of a vCPU, or vCPUs of a core.</param>
/// <param name="Number">Which lane.</param>
/// <param name="Part">Which trace of it.</param>
/// <param name="From">The instant of the record that the first slice may begin with.</param>
/// <param name="Skipped">Slices of the trace before that begin at that instant.</param>
internal readonly record struct LaneStart(SpanIds.Subject Subject, ulong Number, ulong Part, VirtualInstant From, int Skipped);
