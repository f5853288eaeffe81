using ActorTrace.Machine.Cpu;

namespace ActorTrace.Actors.Cores;

/// <summary>Says in one line why a guest cannot go on.</summary>
internal static class GuestDeath
{
    /// <summary>The line.</summary>
    public static string Describe(CoreExit exit) =>
        $"exceptions without one completed instruction between them at {exit.Pc} (check the vectors and the entry address)";
}
