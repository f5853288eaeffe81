using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>A place in a guest's memory where a probe instruction stands, for all who want one there.</summary>
/// <param name="address">Its physical address.</param>
/// <param name="thumb">It is in T32 code.</param>
public sealed class ProbeSite(Pa address, bool thumb)
{
    private readonly SortedDictionary<ushort, InstalledProbe> probes = [];
    private readonly SortedDictionary<uint, Landing> landings = [];

    /// <summary>Its physical address.</summary>
    public Pa Address { get; } = address;

    /// <summary>It is in T32 code.</summary>
    public bool Thumb { get; } = thumb;

    /// <summary>The probe instruction there.</summary>
    public required ProbeInstruction Instruction { get; init; }

    /// <summary>
    /// The bytes that the probe instruction displaced, in the form of <see cref="ProbeInstruction.Bits"/>: of a 32-bit T32 instruction
    /// under a breakpoint the first halfword, to which the core fetches the second.
    /// </summary>
    public required uint SavedBits { get; init; }

    /// <summary>Bytes of the guest's own instruction: more than the probe's where a breakpoint is on its first halfword.</summary>
    public required int Extent { get; init; }

    /// <summary>The probes, ascending by number.</summary>
    public IEnumerable<InstalledProbe> Probes => probes.Values;

    /// <summary>Where awaited calls come back, ascending by link register: more than one where the page is mapped twice.</summary>
    public IEnumerable<Landing> Landings => landings.Values;

    /// <summary>Nobody wants a probe instruction here.</summary>
    public bool IsEmpty => probes.Count + landings.Count == 0;

    /// <summary>The guest's own halfword at one of the addresses that the probe instruction covers.</summary>
    /// <param name="offset">0 or 2, less than the probe instruction's length.</param>
    public ushort OriginalHalfword(int offset)
    {
        // In A32 the first halfword is the lower half of the word, in T32 the upper one of the pair.
        bool upper = Instruction.Length == 4 && Thumb == (offset == 0);
        return (ushort)(upper ? SavedBits >> 16 : SavedBits);
    }

    /// <summary>Adds somebody who wants one.</summary>
    public void Add(PlacedCode code)
    {
        ArgumentNullException.ThrowIfNull(code);
        code.Site = this;
        if (code is InstalledProbe probe)
        {
            probes.Add(probe.Probe, probe);
        }
        else if (code is Landing landing)
        {
            landings.Add(landing.Link, landing);
        }
    }

    /// <summary>Takes somebody out.</summary>
    public void Remove(PlacedCode code)
    {
        ArgumentNullException.ThrowIfNull(code);
        code.Site = null;
        if (code is InstalledProbe probe)
        {
            probes.Remove(probe.Probe);
        }
        else if (code is Landing landing)
        {
            landings.Remove(landing.Link);
        }
    }

    /// <summary>Takes all out.</summary>
    public IReadOnlyList<PlacedCode> Clear()
    {
        PlacedCode[] all = [.. probes.Values, .. landings.Values];
        foreach (PlacedCode code in all)
        {
            Remove(code);
        }

        return all;
    }
}
