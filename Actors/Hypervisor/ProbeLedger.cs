namespace ActorTrace.Actors.Hypervisor;

/// <summary>One side of a probe's loss equation: what was counted in its guest.</summary>
public sealed class ProbeTally
{
    /// <summary>Times the probe instruction was reached.</summary>
    public ulong Hits { get; set; }

    /// <summary>
    /// Hits that are no event: previous = next, ready set unchanged, unreadable task information, refused by the probe's filter;
    /// of a return probe the calls, and other tasks that pass where a return is awaited.
    /// </summary>
    public ulong Filtered { get; set; }

    /// <summary>Hits lost because the ring was full.</summary>
    public ulong Overrun { get; set; }

    /// <summary>Hits whose record went into the ring.</summary>
    public ulong Written { get; set; }

    /// <summary>Calls whose return was still awaited when they were dropped for younger ones.</summary>
    public ulong Forgotten { get; set; }

    /// <summary>The probe's last state.</summary>
    public ProbeState State { get; set; }

    /// <summary>Why it was refused.</summary>
    public ProbeError Error { get; set; }

    /// <summary>As the user asked for it.</summary>
    public required ProbeDefinition Definition { get; init; }
}

/// <summary>The probes that a guest has had, by number.</summary>
public sealed class ProbeLedger
{
    private readonly SortedDictionary<ushort, ProbeTally> tallies = [];

    /// <summary>All, ascending by number.</summary>
    public IEnumerable<ProbeTally> All => tallies.Values;

    /// <summary>The counts of a probe; created at its first mention.</summary>
    public ProbeTally Of(ProbeDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        if (!tallies.TryGetValue(definition.Number, out ProbeTally? tally))
        {
            tallies[definition.Number] = tally = new ProbeTally { Definition = definition };
        }

        return tally;
    }
}
