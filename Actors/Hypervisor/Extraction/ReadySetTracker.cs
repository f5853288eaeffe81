using ActorTrace.Machine.Profiles;

namespace ActorTrace.Actors.Hypervisor.Extraction;

/// <summary>Remembers a guest's ready set as of the last record that reached the ring, so that a lost record loses no wake-up silently.</summary>
internal sealed class ReadySetTracker
{
    private ReadySet? last;

    /// <summary>The priorities that are ready now and were not: none at the first reading.</summary>
    public ReadySet Woken(ReadySet present) => last is { } before ? present.Except(before) : ReadySet.Empty;

    /// <summary>Takes a reading as the new base.</summary>
    public void Accept(ReadySet present) => last = present;
}
