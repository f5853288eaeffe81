using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Recording;

/// <summary>How long records stay with the core that made them.</summary>
public static class BatchSpan
{
    private const ulong BatchesPerSecond = 20;

    /// <summary>Cycles of virtual time that a batch covers at the most: 50 ms.</summary>
    public static ulong Of(ClockRates clock) => Math.Max(1, clock.CoreHz / BatchesPerSecond);

    /// <summary>
    /// Cycles after which a record has been sent to the journal: a batch is cut after two spans at the latest, and the clock lets a core
    /// that has nothing to do fall behind by one. The fourth covers windows and steps that are written down when they end.
    /// </summary>
    public static ulong LagOf(ClockRates clock) => 4 * Of(clock);
}
