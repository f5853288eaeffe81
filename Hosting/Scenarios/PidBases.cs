using ActorTrace.Actors.Scenarios;

namespace ActorTrace.Hosting.Scenarios;

/// <summary>Gives each traced guest a range of 1000 Linux pids that nobody else uses.</summary>
internal static class PidBases
{
    /// <summary>Marks a guest whose base is to be chosen.</summary>
    public const int Unset = -1;

    private const int RangeLength = 1000;

    /// <summary>
    /// Fills in the bases left open: the smallest multiple of 1000, from 2000 times the guest's position on, whose
    /// range holds no pid of a workload task and meets no other guest's range.
    /// </summary>
    public static IReadOnlyList<GuestSpec> Assign(IReadOnlyList<GuestSpec> guests)
    {
        var taken = new HashSet<int>(guests.Where(g => g.PidBase > 0).SelectMany(g => new[] { g.PidBase / RangeLength, (g.PidBase + RangeLength - 1) / RangeLength }));
        taken.UnionWith(guests.Where(g => g.Workload is not null)
            .SelectMany(g => g.Workload!.Tasks.Select(t => t.Pid).Concat(g.Workload.Bursts.Select(b => b.Pid)))
            .Select(pid => pid / RangeLength));
        var assigned = new List<GuestSpec>();
        foreach (GuestSpec guest in guests)
        {
            int range = Math.Max(1, 2 * assigned.Count);
            while (guest.PidBase == Unset && !taken.Add(range))
            {
                range++;
            }

            assigned.Add(guest.PidBase == Unset ? guest with { PidBase = range * RangeLength } : guest);
        }

        return assigned;
    }
}
