using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>Finds the bytes behind a guest's virtual address: guest tables (or identity with the MMU off), then stage 2.</summary>
internal static class GuestCode
{
    /// <summary>Walks both stages.</summary>
    /// <param name="lease">The core with the guest on it.</param>
    /// <param name="guest">The guest.</param>
    /// <param name="address">Where in the guest.</param>
    /// <param name="found">The physical address.</param>
    /// <param name="steps">Descriptors read.</param>
    /// <returns>False where the address does not translate to RAM at present.</returns>
    public static bool TryLocate(CoreLease lease, GuestLease guest, GuestVa address, out Pa found, out int steps)
    {
        found = default;
        Stage1Result first = lease.Core.TranslateGuest(address, false);
        steps = first.DescriptorReads;
        if (!first.IsMapped)
        {
            return false;
        }

        Stage2Result second = Stage2Walk.Translate(guest.Vcpu.Hyp, guest.Memory, first.Ipa);
        steps += second.DescriptorReads;
        found = second.Pa;
        return second.IsMapped && guest.Memory.Find(second.Pa, 4) is not null;
    }
}
