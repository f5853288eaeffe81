using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Actors.Simulation;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;

namespace ActorTrace.EndToEnd.Predecessor;

/// <summary>Where a hypervisor looks for the bytes behind a guest's virtual address; null where it finds none.</summary>
internal delegate Pa? Walk(CoreLease lease, GuestVa address);

/// <summary>Walks that leave something out, and the memory of the whole board that they lead to.</summary>
internal sealed class WrongWalks(SimulatedBoard board)
{
    /// <summary>Guest tables without stage 2: what the guest takes for physical is taken for physical.</summary>
    public static Pa? StageOneOnly(CoreLease lease, GuestVa address)
    {
        Stage1Result first = lease.Core.TranslateGuest(address, false);
        return first.IsMapped ? new Pa(first.Ipa.Value) : null;
    }

    /// <summary>Both stages, but always those of the first guest.</summary>
    public Pa? FirstGuestsTable(CoreLease lease, GuestVa address)
    {
        GuestLease guest = board.GuestLeases[0];
        Stage1Result first = Stage1Walk.Translate(guest.Vcpu, guest.Memory, address);
        if (!first.IsMapped)
        {
            return null;
        }

        Stage2Result second = Stage2Walk.Translate(guest.Vcpu.Hyp, guest.Memory, first.Ipa);
        return second.IsMapped ? second.Pa : null;
    }

    /// <summary>Bytes of the board's memory, whosever they are; empty where there is none.</summary>
    public Span<byte> Bytes(Pa address, uint length)
    {
        foreach (GuestLease guest in board.GuestLeases)
        {
            if (guest.Memory.Slice(address, length) is { IsEmpty: false } found)
            {
                return found;
            }
        }

        return [];
    }
}

/// <summary>Reads a guest by a walk.</summary>
internal sealed class WalkReader(WrongWalks walks, Walk walk, CoreLease lease) : IGuestReader
{
    private const uint PageSize = 0x1000;

    public bool TryRead(uint guestVa, Span<byte> destination)
    {
        for (int done = 0; done < destination.Length;)
        {
            uint address = guestVa + (uint)done;
            int chunk = Math.Min(destination.Length - done, (int)(PageSize - (address % PageSize)));
            Span<byte> source = walk(lease, new GuestVa(address)) is { } found ? walks.Bytes(found, (uint)chunk) : [];
            if (source.IsEmpty)
            {
                return false;
            }

            source.CopyTo(destination[done..]);
            done += chunk;
        }

        return true;
    }

    public uint Register(ProfileRegister r) => r <= ProfileRegister.R15 ? lease.Core[(int)r] : throw new NotSupportedException("the profile of the RTOS names no other");
}
