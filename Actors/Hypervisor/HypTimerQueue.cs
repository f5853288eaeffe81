using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor;

/// <summary>What the hypervisor wants to be woken for.</summary>
public enum HypTimerPurpose : byte
{
    /// <summary>The time slice of the current vCPU is over.</summary>
    SliceEnd,

    /// <summary>A timer of a vCPU that waits off the core is due.</summary>
    WakeVcpu,

    /// <summary>A probe's start time: its guest's core is asked to install it.</summary>
    StartProbe,

    /// <summary>A probe's end time.</summary>
    DisarmProbe,

    /// <summary>The output of a vCPU's emulated physical timer changes.</summary>
    PhysicalTimer,

    /// <summary>Something is typed at a guest's console.</summary>
    ConsoleInput,
}

/// <summary>An entry of the hypervisor's timer queue.</summary>
/// <param name="At">When.</param>
/// <param name="Purpose">What for.</param>
/// <param name="Vcpu">The vCPU concerned; of a probe the guest's first.</param>
/// <param name="Probe">The probe, 0 where none is concerned.</param>
/// <param name="Cause">What asked for it.</param>
public sealed record HypTimerEntry(VirtualInstant At, HypTimerPurpose Purpose, VcpuId Vcpu, ushort Probe, Stamp Cause);

/// <summary>The one physical timer of the hypervisor (CNTHP), shared by its services: a queue in order of time, then of request.</summary>
public sealed class HypTimerQueue
{
    private readonly List<HypTimerEntry> entries = [];

    /// <summary>When the timer must fire; Never while nothing waits.</summary>
    public VirtualInstant Earliest => entries.Count == 0 ? VirtualInstant.Never : entries[0].At;

    /// <summary>Adds an entry behind those of the same instant; one for Never is none.</summary>
    public void Add(HypTimerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.At == VirtualInstant.Never)
        {
            return;
        }

        int place = entries.FindIndex(e => e.At > entry.At);
        entries.Insert(place < 0 ? entries.Count : place, entry);
    }

    /// <summary>An entry of a vCPU for a purpose is there.</summary>
    public bool Contains(HypTimerPurpose purpose, VcpuId vcpu) => entries.Exists(e => e.Purpose == purpose && e.Vcpu == vcpu);

    /// <summary>Takes out the entries of a vCPU for a purpose.</summary>
    public void Cancel(HypTimerPurpose purpose, VcpuId vcpu) => entries.RemoveAll(e => e.Purpose == purpose && e.Vcpu == vcpu);

    /// <summary>Takes out the entries of a probe for a purpose.</summary>
    public void Cancel(HypTimerPurpose purpose, ushort probe) => entries.RemoveAll(e => e.Purpose == purpose && e.Probe == probe);

    /// <summary>Takes the first entry that is due, or null.</summary>
    public HypTimerEntry? TakeDue(VirtualInstant now)
    {
        if (entries.Count == 0 || entries[0].At > now)
        {
            return null;
        }

        HypTimerEntry first = entries[0];
        entries.RemoveAt(0);
        return first;
    }
}
