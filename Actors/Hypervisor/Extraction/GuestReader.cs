using ActorTrace.Actors.Cores;
using ActorTrace.Actors.Guests;
using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Profiles;
using ActorTrace.Machine.Values;

namespace ActorTrace.Actors.Hypervisor.Extraction;

/// <summary>Reads a guest's memory and registers for the kernel profile, as the hypervisor does: by walking both stages.</summary>
internal sealed class GuestReader : IGuestReader
{
    private const uint PageSize = 0x1000;
    private CoreLease? lease;
    private GuestLease? guest;
    private uint cachedPage;
    private ulong cachedStart;
    private bool cached;

    /// <summary>Words read since <see cref="Begin"/>.</summary>
    public int Words { get; private set; }

    /// <summary>Begins the reading for a hit.</summary>
    public void Begin(CoreLease core, GuestLease target)
    {
        lease = core;
        guest = target;
        cached = false;
        Words = 0;
    }

    /// <inheritdoc/>
    public bool TryRead(uint guestVa, Span<byte> destination)
    {
        int done = 0;
        while (done < destination.Length)
        {
            uint address = guestVa + (uint)done;
            int chunk = Math.Min(destination.Length - done, (int)(PageSize - (address % PageSize)));
            if (!TryPage(address, out ulong physical))
            {
                return false;
            }

            Span<byte> source = guest!.Memory.Slice(new Pa(physical), (uint)chunk);
            if (source.IsEmpty)
            {
                return false;
            }

            source.CopyTo(destination[done..]);
            done += chunk;
        }

        Words += (destination.Length + 3) / 4;
        return true;
    }

    /// <inheritdoc/>
    public uint Register(ProfileRegister register) => register switch
    {
        <= ProfileRegister.R15 => lease!.Core[(int)register],
        ProfileRegister.Cpsr => lease!.Core.Cpsr,
        ProfileRegister.Tpidruro => guest!.Vcpu.Cp15.Tpidruro,
        ProfileRegister.Tpidrurw => guest!.Vcpu.Cp15.Tpidrurw,
        ProfileRegister.Tpidrprw => guest!.Vcpu.Cp15.Tpidrprw,
        _ => throw new ArgumentOutOfRangeException(nameof(register)),
    };

    private bool TryPage(uint address, out ulong physical)
    {
        physical = cachedStart + (address % PageSize);
        if (cached && address / PageSize == cachedPage)
        {
            return true;
        }

        Stage1Result first = lease!.Core.TranslateGuest(new GuestVa(address & ~(PageSize - 1)), false);
        if (!first.IsMapped)
        {
            return false;
        }

        Stage2Result second = Stage2Walk.Translate(guest!.Vcpu.Hyp, guest.Memory, first.Ipa);
        if (!second.IsMapped)
        {
            return false;
        }

        (cached, cachedPage, cachedStart) = (true, address / PageSize, second.Pa.Value);
        physical = cachedStart + (address % PageSize);
        return true;
    }
}
