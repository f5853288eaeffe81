using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Experiments.Overhead;

/// <summary>How long an operation of a whole operating system takes on the bare board: an input of the experiment.</summary>
/// <param name="Name">The operation.</param>
/// <param name="Nanoseconds">What was measured, or follows from it.</param>
/// <param name="Source">Where from.</param>
public sealed record CalibratedPath(string Name, ulong Nanoseconds, string Source)
{
    /// <summary>In cycles of a board.</summary>
    public uint Cycles(ClockRates clock) => (uint)clock.FromNanoseconds(Nanoseconds).Cycles;
}

/// <summary>The paths of guests/overhead, in the order in which the guest's request has them.</summary>
public static class CalibratedPaths
{
    /// <summary>A system call that does nothing.</summary>
    public static CalibratedPath NullCall { get; } = new(
        "null call", 330, "KVM/ARM authors' lmbench on the Arndale, native: null call 0.33 us");

    /// <summary>One write to a pipe and the read of it, no switch.</summary>
    public static CalibratedPath Pipe { get; } = new(
        "pipe, write and read", 3_550,
        "KVM/ARM authors' lmbench on the Arndale, native: pipe 11.9 us is there and back: two writes, two reads, two switches; (11.9 - 2 x 2.40) / 2");

    /// <summary>One switch between two tasks.</summary>
    public static CalibratedPath Switch { get; } = new(
        "context switch", 2_400, "KVM/ARM authors' lmbench on the Arndale, native: context switch 2p/0K 2.40 us");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CalibratedPath> All { get; } = [NullCall, Pipe, Switch];
}
