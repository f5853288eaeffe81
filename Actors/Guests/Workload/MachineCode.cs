using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>Runs the kernel's machine code and counts the cycles that are its own: instructions, not what the hypervisor takes between them.</summary>
/// <param name="cyclesPerInstruction">What an instruction takes.</param>
internal sealed class MachineCode(uint cyclesPerInstruction)
{
    private ulong? instructionsAtTrap;

    /// <summary>Own cycles since <see cref="Begin"/>.</summary>
    public ulong Spent { get; private set; }

    /// <summary>A piece of code begins.</summary>
    public void Begin() => Spent = 0;

    /// <summary>The guest has the core again. An instruction that the hypervisor completed meanwhile is the kernel's all the same.</summary>
    public void Resume(Core core)
    {
        if (instructionsAtTrap is { } before && core.Instructions > before)
        {
            Spent += cyclesPerInstruction;
        }

        instructionsAtTrap = null;
    }

    /// <summary>Runs until a gate, a trap, or the limit.</summary>
    public CoreExit Run(Core core, VirtualInstant limit)
    {
        VirtualInstant before = core.Now;
        CoreExit exit = core.RunUntil(limit);
        Spent += core.Now - before;
        instructionsAtTrap = CompletesOutside(exit.Kind) ? core.Instructions : null;
        return exit;
    }

    /// <summary>The hypervisor may complete the instruction that trapped: a device access, a displaced instruction.</summary>
    private static bool CompletesOutside(CoreExitKind kind) => kind is CoreExitKind.Hypercall or CoreExitKind.DebugTrap
        or CoreExitKind.Stage2DataAbort or CoreExitKind.SystemRegisterTrap or CoreExitKind.WaitTrap;
}
