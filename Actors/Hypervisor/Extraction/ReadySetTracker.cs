using ActorTrace.Machine.Profiles;

namespace ActorTrace.Actors.Hypervisor.Extraction;

/// <summary>Remembers a guest's ready set as of the last record that reached the ring, so that a lost record loses no wake-up silently.</summary>
internal sealed class ReadySetTracker
{
    private ReadySet? last;

    /// <summary>The priorities that are ready now and were not; empty at the first reading, ascending.</summary>
    public IReadOnlyList<int> Woken(ReadySet present) => last is { } before ? [.. present.Bits.Where(b => !before.Contains(b))] : [];

    /// <summary>The set has changed since the last accepted one, or there was none.</summary>
    public bool Differs(ReadySet present) => last is not { } before || !before.Equals(present);

    /// <summary>Takes a reading as the new base.</summary>
    public void Accept(ReadySet present) => last = present;
}
