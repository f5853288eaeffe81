using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Analysis.Report;

/// <summary>Collects how long the hits of one lane took to the trace buffer.</summary>
internal sealed class LaneFigures
{
    private readonly Samples _hitToBuffer = new();
    private Stamp? _last;

    /// <summary>A record; those that one hit leads to follow each other and count once.</summary>
    public void Add(Stamp hit, ulong at, ulong bufferedAt)
    {
        if (_last != hit)
        {
            _last = hit;
            _hitToBuffer.Add(bufferedAt - Math.Min(at, bufferedAt));
        }
    }

    public Distribution HitToBuffer() => _hitToBuffer.Distribution();
}
