using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Sharing;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>What the workload guest's kernel does at given times, whoever runs: mask interrupts, scribble over a ring's index.</summary>
/// <remarks>An event happens at its time, or where the kernel is busy then, as soon as it rests again.</remarks>
/// <param name="context">The workload guest.</param>
internal sealed class KernelEvents(WorkloadContext context)
{
    private const uint Garbage = 0xDEAD_BEEF;
    private readonly MaskedStretch[] stretches = [.. context.Workload.MaskedStretches.OrderBy(s => s.At)];
    private readonly VirtualInstant[] scribbles = [.. context.Workload.ScribbleAt.Order()];
    private int nextStretch;
    private int nextScribble;
    private VirtualInstant maskedUntil;

    /// <summary>Interrupts are masked.</summary>
    public bool IsMasked(VirtualInstant now) => now < maskedUntil;

    /// <summary>Lets what is due happen.</summary>
    public void Begin(VirtualInstant now)
    {
        while (now >= maskedUntil && nextStretch < stretches.Length && stretches[nextStretch].At <= now)
        {
            maskedUntil = now + stretches[nextStretch].Cycles;
            nextStretch++;
        }

        while (nextScribble < scribbles.Length && scribbles[nextScribble] <= now)
        {
            nextScribble++;
            if (context.Rings.Count > 0)
            {
                TraceRing.WriteConsumer(context.Rings[0].Memory.Span, Garbage);
                context.ConsumerMoved(context.Rings[0].Index, Garbage, now);
            }
        }
    }

    /// <summary>When there is next something to do: the begin or end of a stretch, a scribble.</summary>
    public VirtualInstant Next(VirtualInstant now)
    {
        VirtualInstant next = now < maskedUntil ? maskedUntil
            : nextStretch < stretches.Length ? stretches[nextStretch].At
            : VirtualInstant.Never;
        return nextScribble < scribbles.Length ? VirtualInstant.Min(next, scribbles[nextScribble]) : next;
    }
}
