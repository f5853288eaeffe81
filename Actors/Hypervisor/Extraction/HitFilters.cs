using ActorTrace.Machine.Profiles;

namespace ActorTrace.Actors.Hypervisor.Extraction;

/// <summary>Decides by the filters of a guest's probes which hits are recorded, and counts for it. Travels with the guest.</summary>
public sealed class HitFilters
{
    private readonly Dictionary<ushort, ulong> admitted = [];

    /// <summary>
    /// Decides on a hit of a function before anything of the guest is read, where the filter allows that; true where it does not.
    /// </summary>
    public bool AdmitsUnread(ProbeDefinition probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return !DecidesUnread(probe) || IsTurn(probe);
    }

    /// <summary>Decides on what was read; true where <see cref="AdmitsUnread"/> has decided.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="current">The task that runs, or that a switch leaves.</param>
    /// <param name="next">The task that a switch enters; else the same.</param>
    public bool AdmitsRead(ProbeDefinition probe, TaskSnapshot current, TaskSnapshot next)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return DecidesUnread(probe) || ((probe.Filter.AdmitsTask(current) || probe.Filter.AdmitsTask(next)) && IsTurn(probe));
    }

    /// <summary>Every hit of a function is an event, so the task is all that must be read to decide on it.</summary>
    private static bool DecidesUnread(ProbeDefinition probe) => !probe.ConcernsScheduler && !probe.Filter.NamesTask;

    private bool IsTurn(ProbeDefinition probe)
    {
        if (probe.Filter.Every <= 1)
        {
            return true;
        }

        ulong count = admitted[probe.Number] = admitted.GetValueOrDefault(probe.Number) + 1;
        return count % probe.Filter.Every == 0;
    }
}
