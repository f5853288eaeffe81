using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Cores;

/// <summary>A core without a runnable guest: time passes until an interrupt calls the hypervisor.</summary>
internal static class HaltedProgram
{
    /// <summary>Lets time pass up to the limit, or to the first physical interrupt.</summary>
    public static CoreExit RunUntil(CoreLease own, VirtualInstant limit)
    {
        while (own.Core.Now < limit)
        {
            own.Peripherals.AdvanceTo(own.Core.Now);
            if (Interrupted(own))
            {
                return new CoreExit(CoreExitKind.PhysicalInterrupt, default, 0, default, default, 0);
            }

            own.Core.AdvanceTo(VirtualInstant.Min(limit, own.Peripherals.NextDeadline), idle: true);
        }

        return new CoreExit(CoreExitKind.LimitReached, default, 0, default, default, 0);
    }

    /// <summary>When an interrupt may come by itself.</summary>
    public static VirtualInstant NextActivity(CoreLease own) => Interrupted(own) ? own.Core.Now : own.Peripherals.NextDeadline;

    private static bool Interrupted(CoreLease own) =>
        own.Scenario.Hypervisor && own.Peripherals.Lines.HasFlag(InterruptLines.Irq);
}
