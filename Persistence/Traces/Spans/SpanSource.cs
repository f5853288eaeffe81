using ActorTrace.Traces.Formats;
using ActorTrace.Traces.Merge;

namespace ActorTrace.Traces.Spans;

/// <summary>Names an address of a guest for people, e.g. OSCtxSw.</summary>
/// <param name="guest">Index of the guest.</param>
/// <param name="address">Guest virtual address.</param>
public delegate string SymbolName(int guest, uint address);

/// <summary>A run that spans are made of.</summary>
/// <param name="Records">Its records.</param>
/// <param name="Run">Its id: a part of the spans' identities.</param>
/// <param name="Symbols">Names the places of its probes; null for addresses.</param>
public sealed record SpanSource(ITraceSource Records, string Run, SymbolName? Symbols)
{
    private SpanIds? _ids;

    /// <summary>Its identities; the manifest holds the images, so they are computed once.</summary>
    internal SpanIds Ids => _ids ??= new SpanIds(new Replay(Records, TraceView.Board).TraceId, Run);

    /// <summary>No probe is known yet.</summary>
    internal ProbeNames NewNames() => new(Symbols ?? ((_, address) => StepSpans.Hexadecimal(address)));
}
