using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Extraction;

/// <summary>
/// Remembers what the last hits told of a guest: its ready set as of the last record that reached the ring, so that a lost record loses
/// no wake-up silently, and the task that came last.
/// </summary>
internal sealed class ReadySetTracker
{
    private readonly Dictionary<VcpuId, uint> running = [];
    private ReadySet? last;
    private int lifted;
    private bool told;
    private bool gap;

    /// <summary>A switch hit tells which task comes.</summary>
    /// <param name="vcpu">On which vCPU.</param>
    /// <param name="tcb">Its control block; null where it could not be read.</param>
    /// <returns>That of the task that came before it; null where that is not known.</returns>
    public uint? Comes(VcpuId vcpu, uint? tcb)
    {
        uint? before = running.TryGetValue(vcpu, out uint known) ? known : null;
        if (tcb is { } comes)
        {
            running[vcpu] = comes;
        }
        else
        {
            running.Remove(vcpu);
        }

        return before;
    }

    /// <summary>What is ready now and was not: none at the first reading.</summary>
    public ReadySet Woken(ReadySet present) => last is { } before ? present.Except(before) : ReadySet.Empty;

    /// <summary>Forgets the base where a probe was taken out since: what happened meanwhile was not seen.</summary>
    /// <param name="probesLifted">How often a probe was taken out of the guest.</param>
    public void Renew(int probesLifted)
    {
        if (probesLifted != lifted)
        {
            lifted = probesLifted;
            running.Clear();
            Miss();
        }
    }

    /// <summary>Something was not told: a switch or wake-up that the probe's filter refuses.</summary>
    public void Miss()
    {
        last = null;
        gap |= told;
    }

    /// <summary>True where a gap lies behind the last record that reached the ring.</summary>
    public bool HasGap => gap;

    /// <summary>A record has reached the ring: it tells of the gap.</summary>
    public void Told() => (gap, told) = (false, true);

    /// <summary>Takes a reading as the new base.</summary>
    public void Accept(ReadySet present) => last = present;
}
