using ActorTrace.Machine.Memory;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu.Execution;

/// <content>Translation through both stages, and the faults it leaves.</content>
internal sealed unsafe partial class Mmu
{
    private const uint SctlrMmu = 1;

    /// <summary>The instruction turns out to be UNDEFINED.</summary>
    internal bool Undefined() => Refuse(Outcome.Undefined);

    internal bool AlignmentAbort(uint address, bool write) => Abort(address, AlignmentFault, write);

    /// <summary>A fault of cache maintenance or address translation. WnR is set, whatever the operation does.</summary>
    /// <param name="address">The operation's.</param>
    /// <param name="found">What its translation gave.</param>
    /// <param name="translation">Of address translation.</param>
    internal Outcome MaintenanceAbort(uint address, Stage1Result found, bool translation)
    {
        Fault = First(MemoryAccess.Write, address, found) with { Maintenance = !translation, Translation = translation };
        return Fault.Outcome;
    }

    /// <summary>
    /// Cache maintenance of an address: it must translate, whatever the permissions and the domain (B3.12.3). That is all there is to do:
    /// memory and decoded code are coherent. Stage 2 is not asked, as if its hypervisor let such operations pass.
    /// </summary>
    internal Outcome MaintainCache(uint address)
    {
        if (Translations.Current.Of(MemoryAccess.Read, Vcpu.State->Privileged).Entries[address >> 12] != 0)
        {
            return Outcome.Recheck;
        }

        Stage1Result found = Stage1Walk.Translate(Vcpu, Ram, new GuestVa(address));
        return found.IsMapped ? Outcome.Recheck : MaintenanceAbort(address, found, false);
    }

    /// <summary>Forgets the mapping of an address.</summary>
    internal void FlushAddress(uint address) => Translations.FlushAddress(address);

    /// <summary>Forgets the mappings of an ASID.</summary>
    internal void FlushAsid(byte asid) => Translations.FlushAsid(asid);

    /// <summary>TLB maintenance for the Inner Shareable domain reaches the guest's other vCPUs.</summary>
    internal void Broadcast() => Translations.Broadcast(Code);

    /// <summary>The first stage with its permissions, without any effect.</summary>
    internal Stage1Result Probe(uint address, MemoryAccess access, bool privileged) =>
        Stage1Walk.Check(Vcpu.Cp15, Stage1Walk.Translate(Vcpu, Ram, new GuestVa(address)), access, privileged);

    /// <summary>Translates through both stages.</summary>
    internal bool Translate(uint address, MemoryAccess access, bool privileged, out ulong physical) =>
        Translate(address, access, privileged, out _, out physical);

    private bool Translate(uint address, MemoryAccess access, bool privileged, out Stage1Result first, out ulong physical)
    {
        physical = 0;
        first = Probe(address, access, privileged);
        if (!first.IsMapped)
        {
            Fault = First(access, address, first);
            return false;
        }

        if (!Vcpu.Hyp.Stage2)
        {
            physical = first.Ipa.Value;
            return true;
        }

        Stage2Result second = Stage2Walk.Translate(Vcpu.Hyp, Ram, first.Ipa).Check(access);
        if (!second.IsMapped)
        {
            Fault = Second(access, address, first.Ipa, second.Fault, false);
            return false;
        }

        physical = second.Pa.Value;
        return true;
    }

    /// <summary>The fault of a first stage: the guest's, or the hypervisor's where stage 2 refused a descriptor.</summary>
    private static MmuFault First(MemoryAccess access, uint address, Stage1Result found) => found.WalkFault.IsMapped
        ? new MmuFault
        {
            Outcome = access == MemoryAccess.Execute ? Outcome.PrefetchAbort : Outcome.DataAbort,
            Reason = found.Fault,
            Domain = found.Domain,
            Address = address,
            Write = access == MemoryAccess.Write,
        }
        : Second(access, address, found.WalkAddress, found.WalkFault.Fault, true);

    private static MmuFault Second(MemoryAccess access, uint address, Ipa ipa, MemoryFault reason, bool walk) => new()
    {
        Outcome = access == MemoryAccess.Execute ? Outcome.Stage2Fetch : Outcome.Stage2Data,
        Address = address,
        Ipa = ipa,
        Reason = reason,
        Write = access == MemoryAccess.Write,
        OnWalk = walk,
    };

    /// <summary>Walks for an access that is not remembered; remembers it where it finds RAM.</summary>
    private bool Locate(uint address, MemoryAccess access, bool privileged, out Place place)
    {
        place = default;
        if (!Translate(address, access, privileged, out Stage1Result found, out ulong physical))
        {
            place = new Place { Physical = EmulatedSpace | Fault.Ipa.Value };
            return Emulated is not null && Fault is { Outcome: Outcome.Stage2Data, OnWalk: false };
        }

        byte* host = CodeCache.HostAddress(Ram, physical, 1, access);
        bool unaligned = host != null && (found.Attributes.IsNormal || (Vcpu.Cp15.Sctlr & SctlrMmu) == 0);
        place = new Place { Physical = physical, Host = host, Unaligned = unaligned };
        if (host != null && !(access == MemoryAccess.Write && Code.Find(physical) != null))
        {
            Translations.Current.Fill(access, privileged, address, (nint)host - (nint)address, found, unaligned);
        }

        return true;
    }

    private bool Refuse(Outcome outcome)
    {
        Fault = new MmuFault { Outcome = outcome };
        return false;
    }

    private bool Abort(uint address, MemoryFault reason, bool write)
    {
        Fault = new MmuFault { Outcome = Outcome.DataAbort, Address = address, Reason = reason, Write = write };
        return false;
    }

    /// <summary>Where an access goes.</summary>
    private readonly struct Place
    {
        /// <summary>The physical address.</summary>
        internal ulong Physical { get; init; }

        /// <summary>Where the bytes are, null for devices.</summary>
        internal byte* Host { get; init; }

        /// <summary>Unaligned accesses are allowed.</summary>
        internal bool Unaligned { get; init; }
    }
}
