using System.Globalization;
using ActorTrace.Actors.Scenarios;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Guests.Workload;

/// <summary>The Linux identity of a guest's task: pid = the guest's base + the task's number, idle = 0.</summary>
internal static class LinuxTask
{
    private const int CommLength = 15;
    private const int IdlePriority = 120;
    private const int LargestPid = 4_194_303;

    /// <summary>The idle task of a Linux CPU. Every guest has one vCPU, so the CPU's number is the guest's.</summary>
    public static TaskReference IdleOf(VcpuId vcpu) =>
        new(0, string.Create(CultureInfo.InvariantCulture, $"swapper/{vcpu.Guest.Index + vcpu.Index}"), IdlePriority);

    /// <summary>Finds it.</summary>
    /// <param name="guest">The guest.</param>
    /// <param name="vcpu">The vCPU on which the task was seen.</param>
    /// <param name="numbers">The guest's numbers.</param>
    /// <param name="task">The task as its kernel describes it.</param>
    /// <param name="mapped">Its identity.</param>
    /// <returns>False where it would be no possible pid.</returns>
    public static bool TryMap(GuestSpec guest, VcpuId vcpu, TaskNumbers numbers, TaskSnapshot task, out TaskReference mapped)
    {
        if (task.Idle)
        {
            mapped = IdleOf(vcpu);
            return true;
        }

        mapped = default;
        long pid = guest.PidBase == 0 ? task.Id : guest.PidBase + numbers.Of(task.Id);
        if (pid is < 1 or > LargestPid)
        {
            return false;
        }

        string name = task.Name ?? string.Empty;
        mapped = new TaskReference((int)pid, name.Length > CommLength ? name[..CommLength] : name, task.Priority);
        return true;
    }
}
