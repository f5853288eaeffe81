using ActorTrace.Actors.Scenarios;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>
/// What the task sh is to write to the control files, ascending in time: what the scenario says, and what comes from outside while
/// the run is simulated. Belongs to the core of the GPOS.
/// </summary>
public sealed class ControlSchedule
{
    private readonly List<ControlWrite> writes;

    /// <summary>The writes of a scenario, with the commands that are known from an earlier execution.</summary>
    public ControlSchedule(Scenario scenario)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        writes = [.. scenario.Control];
        foreach (ControlWrite command in scenario.Commands)
        {
            Add(command);
        }
    }

    /// <summary>How many there are.</summary>
    public int Count => writes.Count;

    /// <summary>A write by its place.</summary>
    public ControlWrite this[int index] => writes[index];

    /// <summary>
    /// Adds a write behind those of its time. The place is the same whether the write is known from the beginning or comes in the
    /// moment of its time: what is later cannot have been begun yet.
    /// </summary>
    public void Add(ControlWrite write)
    {
        ArgumentNullException.ThrowIfNull(write);
        int place = writes.FindIndex(w => w.At > write.At);
        writes.Insert(place < 0 ? writes.Count : place, write);
    }
}
