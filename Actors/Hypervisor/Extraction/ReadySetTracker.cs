using ActorTrace.Machine.Profiles;

namespace ActorTrace.Actors.Hypervisor.Extraction;

/// <summary>
/// Remembers what the last hits told of a guest: its ready set as of the last record that reached the ring, so that a lost record loses
/// no wake-up silently, and the task that came last.
/// </summary>
internal sealed class ReadySetTracker
{
    private ReadySet? last;
    private int lifted;
    private bool told;
    private bool gap;

    /// <summary>Control block of the task that the last switch hit found coming; null where that is not known.</summary>
    public uint? Running { get; set; }

    /// <summary>What is ready now and was not: none at the first reading.</summary>
    public ReadySet Woken(ReadySet present) => last is { } before ? present.Except(before) : ReadySet.Empty;

    /// <summary>Forgets the base where a probe was taken out since: what happened meanwhile was not seen.</summary>
    /// <param name="probesLifted">How often a probe was taken out of the guest.</param>
    public void Renew(int probesLifted)
    {
        if (probesLifted != lifted)
        {
            (lifted, Running) = (probesLifted, null);
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
