using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Guests;

/// <summary>What drives a core that holds a guest: machine code alone, or machine code together with a model.</summary>
public interface IGuestProgram
{
    /// <summary>Runs the guest until an instant, or until it leaves the core for another reason.</summary>
    /// <param name="core">The core that the guest's vCPU is attached to.</param>
    /// <param name="limit">Nothing begins at or after this instant.</param>
    /// <returns>Why it stopped, with the meaning that <see cref="Core.RunUntil"/> gives it; never a gate.</returns>
    CoreExit RunUntil(Core core, VirtualInstant limit);

    /// <summary>The earliest instant at which code of the guest could run that leaves the core, if no message arrives: a lower bound.</summary>
    /// <param name="core">The core that the guest's vCPU is attached to.</param>
    VirtualInstant NextActivity(Core core);
}
