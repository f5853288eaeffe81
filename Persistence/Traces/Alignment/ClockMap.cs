namespace ActorTrace.Traces.Alignment;

/// <summary>Where the times of a log lie on another's timeline: t + Offset + Drift x (t - Pivot), in nanoseconds.</summary>
/// <param name="Offset">What is added at the pivot.</param>
/// <param name="Pivot">A time of the log at which the offset alone holds.</param>
/// <param name="Drift">By how much the other clock is faster: 1e-6 is one part in a million.</param>
public sealed record ClockMap(Int128 Offset, ulong Pivot = 0, double Drift = 0)
{
    /// <summary>Times stay as they are.</summary>
    public static ClockMap Identity { get; } = new(0);

    /// <summary>The time on the other timeline; may be before its zero.</summary>
    public Int128 Map(ulong nanoseconds)
    {
        Int128 moved = nanoseconds + Offset;
        return Drift == 0 ? moved : moved + (Int128)Math.Round((double)((Int128)nanoseconds - Pivot) * Drift);
    }

    /// <summary>The same, later by an amount.</summary>
    public ClockMap Later(Int128 amount) => this with { Offset = Offset + amount };
}
