using System.Globalization;

namespace ActorTrace.Traces.Timelines;

/// <summary>What the lanes are called, and under which heading they stand.</summary>
internal static class LaneNames
{
    public static TimelineLane Cpu(int cpu, string guest) =>
        new(LaneKind.Cpu, cpu, string.Create(CultureInfo.InvariantCulture, $"CPU {cpu}"), guest, "CPUs");

    public static TimelineLane Interrupts(int cpu) =>
        new(LaneKind.Interrupts, cpu, "interrupts", string.Create(CultureInfo.InvariantCulture, $"CPU {cpu}"), "CPUs");

    public static TimelineLane Hypervisor(int core) =>
        new(LaneKind.Hypervisor, core, string.Create(CultureInfo.InvariantCulture, $"Core {core}"), string.Empty, "Hypervisor");

    public static TimelineLane Task(int pid, string name, string guest) =>
        new(LaneKind.Task, pid, name, pid.ToString(CultureInfo.InvariantCulture), guest.Length > 0 ? "Tasks of " + guest : "Tasks");
}
