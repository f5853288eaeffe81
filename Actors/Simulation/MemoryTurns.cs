using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Simulation;

/// <summary>
/// The order in which the cores of an SMP guest touch its memory. Virtual time is cut into turns of one SGI latency; what the
/// cores of a guest begin in a turn happens core by core, in the order of their numbers. So it depends on simulated time
/// alone, not on how far each core happened to be granted. Cores whose guests have no memory in common are not concerned.
/// </summary>
public sealed class MemoryTurns
{
    private readonly int[] groups;
    private readonly ulong turn;

    /// <summary>Finds the cores that belong together.</summary>
    /// <param name="scenario">The scenario: which vCPUs are pinned where, the latency of an SGI.</param>
    public MemoryTurns(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        turn = scenario.Board.SgiLatency;
        groups = [.. Enumerable.Range(0, scenario.Board.Cores)];
        foreach (GuestSpec guest in scenario.Guests)
        {
            foreach (CoreId other in guest.VcpuCores)
            {
                (int one, int two) = (groups[guest.Core.Index], groups[other.Index]);
                groups = [.. groups.Select(g => g == two ? one : g)];
            }
        }
    }

    /// <summary>How far a core may run before it is another one's turn.</summary>
    /// <param name="core">Which core.</param>
    /// <param name="next">For each core a lower bound of when it acts next, messages on their way included.</param>
    /// <returns>It must not begin anything at or after this instant; Never where it has all the time.</returns>
    public VirtualInstant LimitFor(int core, ReadOnlySpan<VirtualInstant> next)
    {
        VirtualInstant limit = VirtualInstant.Never;
        for (int other = 0; other < groups.Length; other++)
        {
            if (other != core && groups[other] == groups[core])
            {
                limit = VirtualInstant.Min(limit, Before(core, other, Earliest(core, other, next)));
            }
        }

        return limit;
    }

    /// <summary>How far a core may run after it has sent an SGI.</summary>
    /// <param name="core">Which core.</param>
    /// <param name="target">To whom.</param>
    /// <param name="at">When it was sent.</param>
    public VirtualInstant LimitAfter(CoreId core, CoreId target, VirtualInstant at)
    {
        VirtualInstant limit = VirtualInstant.Never;
        for (int other = 0; other < groups.Length; other++)
        {
            if (other != core.Index && groups[other] == groups[core.Index])
            {
                // Whoever gets it may send on at once.
                VirtualInstant acts = other == target.Index ? at + turn : at + (2 * turn);
                limit = VirtualInstant.Min(limit, Before(core.Index, other, acts));
            }
        }

        return limit;
    }

    /// <summary>When another core may touch the memory: by itself, or because a third wakes it. What this core sends is not in it.</summary>
    private VirtualInstant Earliest(int core, int other, ReadOnlySpan<VirtualInstant> next)
    {
        VirtualInstant earliest = next[other];
        for (int third = 0; third < next.Length; third++)
        {
            if (third != core && third != other)
            {
                earliest = VirtualInstant.Min(earliest, next[third] + turn);
            }
        }

        return earliest;
    }

    /// <summary>The end of a core's own part before the other's, where the other acts at an instant: a lower number goes first in the same turn.</summary>
    private VirtualInstant Before(int core, int other, VirtualInstant acts)
    {
        if (acts == VirtualInstant.Never)
        {
            return acts;
        }

        VirtualInstant start = new(acts.Cycles - (acts.Cycles % turn));
        return other < core ? start : start + turn;
    }
}
