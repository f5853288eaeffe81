using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>The probes of a guest: by number, and by physical address while armed. It travels with the guest, so that whichever core runs it finds them.</summary>
public sealed class ProbeTable
{
    private readonly SortedDictionary<ushort, InstalledProbe> byNumber = [];
    private readonly Dictionary<Pa, InstalledProbe> armed = [];

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

    /// <summary>The probe armed at an address, or null.</summary>
    public InstalledProbe? Find(Pa address) => armed.GetValueOrDefault(address);

    /// <summary>All probes, ascending by number.</summary>
    public IReadOnlyList<InstalledProbe> All => [.. byNumber.Values];

    /// <summary>Notes that a probe is armed at its address.</summary>
    public void Place(InstalledProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        armed.Add(probe.Address, probe);
    }

    /// <summary>Notes that a probe is no longer armed.</summary>
    public void Lift(InstalledProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        armed.Remove(probe.Address);
    }

    /// <summary>Forgets a probe.</summary>
    public void Remove(InstalledProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        byNumber.Remove(probe.Definition.Number);
    }
}
