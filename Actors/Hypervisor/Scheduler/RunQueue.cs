using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Scheduler;

/// <summary>What a vCPU could do on its core.</summary>
public enum VcpuRunState
{
    /// <summary>Not switched on, or switched off (PSCI).</summary>
    Off,

    /// <summary>It runs, or would.</summary>
    Ready,

    /// <summary>It waits for an interrupt (WFI).</summary>
    Waiting,

    /// <summary>It cannot go on.</summary>
    Dead,
}

/// <summary>The vCPUs of a core in scenario order, and whose turn it is: round robin over those that are ready.</summary>
public sealed class RunQueue
{
    private readonly VcpuId[] vcpus;
    private readonly VcpuRunState[] states;

    /// <summary>Creates the queue; of each guest only vCPU 0 is switched on.</summary>
    /// <param name="vcpus">The vCPUs pinned to the core.</param>
    public RunQueue(IEnumerable<VcpuId> vcpus)
    {
        this.vcpus = [.. vcpus];
        states = [.. this.vcpus.Select(v => v.Index == 0 ? VcpuRunState.Ready : VcpuRunState.Off)];
    }

    /// <summary>What a vCPU of the core could do.</summary>
    public VcpuRunState this[VcpuId vcpu]
    {
        get => states[Place(vcpu)];
        set => states[Place(vcpu)] = value;
    }

    /// <summary>The ready vCPU whose turn it is after another, that one excluded; null if there is none.</summary>
    /// <param name="present">The one that has had its turn; null for the first turn of all.</param>
    public VcpuId? After(VcpuId? present)
    {
        int start = present is { } one ? Place(one) : vcpus.Length - 1;
        for (int i = 1; i <= vcpus.Length; i++)
        {
            int candidate = (start + i) % vcpus.Length;
            if (states[candidate] == VcpuRunState.Ready && vcpus[candidate] != present)
            {
                return vcpus[candidate];
            }
        }

        return null;
    }

    private int Place(VcpuId vcpu)
    {
        int place = Array.IndexOf(vcpus, vcpu);
        return place >= 0 ? place : throw new InvalidOperationException($"{vcpu} is not pinned to this core.");
    }
}
