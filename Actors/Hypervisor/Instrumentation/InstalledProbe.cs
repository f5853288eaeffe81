using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>Something that wants a probe instruction at an address of a guest.</summary>
/// <param name="address">Guest virtual address.</param>
/// <param name="thumb">T32 instructions are there.</param>
/// <param name="probe">The number of the probe it belongs to.</param>
public abstract class PlacedCode(GuestVa address, bool thumb, ushort probe)
{
    /// <summary>Guest virtual address.</summary>
    public GuestVa Address { get; } = address;

    /// <summary>T32 instructions are there.</summary>
    public bool Thumb { get; } = thumb;

    /// <summary>The number of the probe it belongs to.</summary>
    public ushort Probe { get; } = probe;

    /// <summary>Where its probe instruction is; null while the address does not translate.</summary>
    public ProbeSite? Site { get; set; }
}

/// <summary>An entry of the probe table.</summary>
/// <param name="definition">As the user asked for it.</param>
public sealed class InstalledProbe(ProbeDefinition definition) : PlacedCode(definition.Address, definition.Thumb, definition.Number)
{
    /// <summary>As the user asked for it.</summary>
    public ProbeDefinition Definition { get; } = definition;

    /// <summary>Its state.</summary>
    public ProbeState State { get; set; } = ProbeState.Installing;

    /// <summary>Why it was refused.</summary>
    public ProbeError Error { get; set; }
}

/// <summary>Where calls that a return probe has seen come back: a link register's value.</summary>
/// <param name="link">The link register; bit 0 set for T32.</param>
/// <param name="probe">The probe that asked for it first.</param>
public sealed class Landing(uint link, ushort probe) : PlacedCode(new GuestVa(link & ~1u), (link & 1) != 0, probe)
{
    /// <summary>The link register.</summary>
    public uint Link { get; } = link;

    /// <summary>There is code; else a probe instruction is never put there.</summary>
    public bool IsCode { get; set; }

    /// <summary>How many calls are to come back here; the probe instruction goes with the last of them.</summary>
    public int Awaited { get; set; }
}
