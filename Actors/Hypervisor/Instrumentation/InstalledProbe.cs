using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>An entry of the probe table.</summary>
/// <param name="definition">As the user asked for it.</param>
public sealed class InstalledProbe(ProbeDefinition definition)
{
    /// <summary>As the user asked for it.</summary>
    public ProbeDefinition Definition { get; } = definition;

    /// <summary>Its state.</summary>
    public ProbeState State { get; set; } = ProbeState.Installing;

    /// <summary>Where the probe instruction is, while armed.</summary>
    public Pa Address { get; set; }

    /// <summary>The displaced instruction, while armed.</summary>
    public uint SavedBits { get; set; }
}
