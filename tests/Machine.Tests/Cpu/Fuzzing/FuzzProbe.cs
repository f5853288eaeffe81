using ActorTrace.Machine.Cpu;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>What stands in the place of an instruction, as a hypervisor chooses it: HVC where it traps and fits, else BKPT.</summary>
/// <param name="Original">The instruction that was there.</param>
/// <param name="Bytes">What is there instead.</param>
/// <param name="Kind">The exit that it causes.</param>
internal sealed record FuzzProbe(uint Original, byte[] Bytes, CoreExitKind Kind)
{
    private const uint HypervisorCall = 0xE140_0070;
    private const uint Breakpoint = 0xE120_0070;
    private const uint ShortBreakpoint = 0xBE00;
    private const ushort ThumbHypervisorCall = 0xF7E0;
    private const ushort ThumbHypervisorCallLow = 0x8000;

    /// <summary>A probe on an instruction.</summary>
    /// <param name="original">The instruction.</param>
    /// <param name="thumb">It is of T32.</param>
    /// <param name="calls">HVC traps there: a privileged mode, not in an IT block.</param>
    internal static FuzzProbe On(uint original, bool thumb, bool calls)
    {
        CoreExitKind kind = calls && (!thumb || original > 0xFFFF) ? CoreExitKind.Hypercall : CoreExitKind.DebugTrap;
        byte[] bytes = (thumb, kind) switch
        {
            (false, CoreExitKind.Hypercall) => BitConverter.GetBytes(HypervisorCall),
            (false, _) => BitConverter.GetBytes(Breakpoint),
            (true, CoreExitKind.Hypercall) => [.. BitConverter.GetBytes(ThumbHypervisorCall), .. BitConverter.GetBytes(ThumbHypervisorCallLow)],
            _ => BitConverter.GetBytes((ushort)ShortBreakpoint),
        };
        return new FuzzProbe(original, bytes, kind);
    }

    internal bool Causes(CoreExit trap) => trap.Kind == Kind;
}
