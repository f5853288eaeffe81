using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>The probes of a guest: by number, and by physical address while armed. It travels with the guest, so that whichever core runs it finds them.</summary>
public sealed class ProbeTable
{
    private readonly SortedDictionary<ushort, InstalledProbe> byNumber = [];
    private readonly SortedDictionary<uint, Landing> landings = [];
    private readonly Dictionary<Pa, ProbeSite> sites = [];

    /// <summary>All probes, ascending by number.</summary>
    public IReadOnlyList<InstalledProbe> All => [.. byNumber.Values];

    /// <summary>All places where awaited calls come back, ascending by link register.</summary>
    public IReadOnlyList<Landing> Landings => [.. landings.Values];

    /// <summary>The calls that return probes have seen and whose returns are awaited.</summary>
    public PendingReturns Returns { get; } = new();

    /// <summary>How many sites have a breakpoint instruction: while there are any, debug exceptions go to the hypervisor.</summary>
    public int Breakpoints { get; private set; }

    /// <summary>Adds a probe that is not armed yet.</summary>
    public InstalledProbe Add(ProbeDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        InstalledProbe probe = new(definition);
        byNumber.Add(definition.Number, probe);
        return probe;
    }

    /// <summary>The probe with a number, or null.</summary>
    public InstalledProbe? Find(ushort number) => byNumber.GetValueOrDefault(number);

    /// <summary>Forgets a probe.</summary>
    public void Remove(InstalledProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        byNumber.Remove(probe.Probe);
    }

    /// <summary>The landing of a link register, or null.</summary>
    public Landing? FindLanding(uint link) => landings.GetValueOrDefault(link);

    /// <summary>Adds a landing.</summary>
    public void Add(Landing landing)
    {
        ArgumentNullException.ThrowIfNull(landing);
        landings.Add(landing.Link, landing);
    }

    /// <summary>Forgets a landing.</summary>
    public void Remove(Landing landing)
    {
        ArgumentNullException.ThrowIfNull(landing);
        landings.Remove(landing.Link);
    }

    /// <summary>The site at an address, or null.</summary>
    public ProbeSite? SiteAt(Pa address) => sites.GetValueOrDefault(address);

    /// <summary>The site that a virtual address led to when it was last resolved, or null: a fetch may still go by a translation that the tables no longer hold.</summary>
    public ProbeSite? LastSiteOf(GuestVa address) =>
        byNumber.Values.Cast<PlacedCode>().Concat(landings.Values).FirstOrDefault(c => c.Site is not null && c.Address == address)?.Site;

    /// <summary>The site whose displaced instruction shares bytes with an instruction, without beginning where that does; or null.</summary>
    /// <param name="address">The instruction's physical address.</param>
    /// <param name="length">Its bytes.</param>
    public ProbeSite? Overlapping(Pa address, int length)
    {
        const ulong Halfword = 2;
        return SiteAt(new Pa(address.Value - Halfword)) is { Extent: > (int)Halfword } before ? before
            : length > (int)Halfword ? SiteAt(new Pa(address.Value + Halfword))
            : null;
    }

    /// <summary>Adds a site.</summary>
    public void Add(ProbeSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        sites.Add(site.Address, site);
        Breakpoints += site.Instruction.IsBreakpoint ? 1 : 0;
    }

    /// <summary>Forgets a site.</summary>
    public void Remove(ProbeSite site)
    {
        ArgumentNullException.ThrowIfNull(site);
        sites.Remove(site.Address);
        Breakpoints -= site.Instruction.IsBreakpoint ? 1 : 0;
    }
}
