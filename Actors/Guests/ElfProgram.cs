using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Guests;

/// <summary>A guest that is nothing but its machine code.</summary>
/// <param name="peripherals">The devices of the core that it is pinned to.</param>
public sealed class ElfProgram(ICorePeripherals peripherals) : IGuestProgram
{
    /// <inheritdoc/>
    public CoreExit RunUntil(Core core, VirtualInstant limit)
    {
        ArgumentNullException.ThrowIfNull(core);

        // A workload guest on the same core may have left its own.
        core.SetGates([]);
        return core.RunUntil(limit);
    }

    /// <inheritdoc/>
    public VirtualInstant NextActivity(Core core)
    {
        ArgumentNullException.ThrowIfNull(core);
        return core.Sleeping && !core.InterruptDeliverable
            ? VirtualInstant.Max(core.Now, peripherals.NextDeadline)
            : core.Now;
    }
}
