using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Memory;

/// <summary>The walk of short descriptors (ARM DDI 0406 B3.5).</summary>
internal static class ShortDescriptorWalk
{
    private const uint SctlrAccessFlagEnable = 1 << 29;
    private const AccessRights PrivilegedAll = AccessRights.PrivilegedRead | AccessRights.PrivilegedWrite;
    private const AccessRights AllRead = AccessRights.PrivilegedRead | AccessRights.UserRead;

    /// <summary>AP[2:0] with SCTLR.AFE clear (table B3-8).</summary>
    private static readonly AccessRights[] FullModel =
    [
        AccessRights.None,
        PrivilegedAll,
        PrivilegedAll | AccessRights.UserRead,
        AccessRights.All,
        AccessRights.None,
        AccessRights.PrivilegedRead,
        AllRead,
        AllRead,
    ];

    /// <summary>AP[2:1] with SCTLR.AFE set, and of long descriptors (table B3-9).</summary>
    private static readonly AccessRights[] SimpleModel = [PrivilegedAll, AccessRights.All, AccessRights.PrivilegedRead, AllRead];

    internal static AccessRights Simple(uint permissions) => SimpleModel[permissions];

    internal static Stage1Result Translate(VcpuContext vcpu, PhysicalMemory memory, uint va)
    {
        Cp15 cp15 = vcpu.Cp15;
        DescriptorReader reader = new(vcpu, memory);
        int n = (int)(cp15.Ttbcr & 7);
        bool second = n != 0 && va >> (32 - n) != 0;
        if (((cp15.Ttbcr >> (second ? 5 : 4)) & 1) != 0)
        {
            return Refused(FaultKind.Translation, 1, 0, reader);
        }

        int bits = second ? 0 : n;
        uint tableBase = (uint)(second ? cp15.Ttbr1 : cp15.Ttbr0) & (0xFFFF_FFFF << (14 - bits));
        uint index = (va << bits) >> (20 + bits);
        if (!reader.TryReadWord(tableBase | (index << 2), out uint first))
        {
            return reader.Unreadable(1, 0);
        }

        return (first & 3) switch
        {
            1 => Page(cp15, va, first, reader),
            2 or 3 => Section(cp15, va, first, reader),
            _ => Refused(FaultKind.Translation, 1, 0, reader),
        };
    }

    private static Stage1Result Section(Cp15 cp15, uint va, uint descriptor, DescriptorReader reader)
    {
        bool super = (descriptor & (1 << 18)) != 0;
        uint domain = super ? 0 : (descriptor >> 5) & 15;
        uint permissions = ((descriptor >> 10) & 3) | ((descriptor >> 13) & 4);
        if (!TryRights(cp15, permissions, out AccessRights rights))
        {
            return Refused(FaultKind.AccessFlag, 1, domain, reader);
        }

        ulong address = super
            ? (descriptor & 0xFF00_0000) | ((ulong)((descriptor >> 20) & 15) << 32) | ((ulong)((descriptor >> 5) & 15) << 36) | (va & 0x00FF_FFFF)
            : (descriptor & 0xFFF0_0000) | (va & 0x000F_FFFF);
        return new Stage1Result
        {
            Ipa = new Ipa(address),
            Domain = domain,
            Rights = rights,
            ExecuteNever = (descriptor & 0x10) != 0,
            PrivilegedExecuteNever = (descriptor & 1) != 0,
            Attributes = MemoryAttributes.OfShort(cp15, (descriptor >> 12) & 7, (descriptor >> 2) & 3, (descriptor & (1 << 16)) != 0),
            Level = 1,
            SizeBits = super ? 24 : 20,
            DescriptorReads = reader.Reads,
        };
    }

    private static Stage1Result Page(Cp15 cp15, uint va, uint first, DescriptorReader reader)
    {
        uint domain = (first >> 5) & 15;
        if (!reader.TryReadWord((first & 0xFFFF_FC00) | ((va >> 10) & 0x3FC), out uint descriptor))
        {
            return reader.Unreadable(2, domain);
        }

        if ((descriptor & 3) == 0)
        {
            return Refused(FaultKind.Translation, 2, domain, reader);
        }

        uint permissions = ((descriptor >> 4) & 3) | ((descriptor >> 7) & 4);
        if (!TryRights(cp15, permissions, out AccessRights rights))
        {
            return Refused(FaultKind.AccessFlag, 2, domain, reader);
        }

        bool large = (descriptor & 2) == 0;
        return new Stage1Result
        {
            Ipa = new Ipa(large ? (descriptor & 0xFFFF_0000) | (va & 0xFFFF) : (descriptor & 0xFFFF_F000) | (va & 0xFFF)),
            Domain = domain,
            Rights = rights,
            ExecuteNever = (descriptor & (large ? 0x8000u : 1u)) != 0,
            PrivilegedExecuteNever = (first & 4) != 0,
            Attributes = MemoryAttributes.OfShort(
                cp15, (descriptor >> (large ? 12 : 6)) & 7, (descriptor >> 2) & 3, (descriptor & (1 << 10)) != 0),
            Level = 2,
            SizeBits = large ? 16 : 12,
            DescriptorReads = reader.Reads,
        };
    }

    /// <summary>With SCTLR.AFE AP[0] is the access flag: false where it is clear.</summary>
    private static bool TryRights(Cp15 cp15, uint permissions, out AccessRights rights)
    {
        bool simple = (cp15.Sctlr & SctlrAccessFlagEnable) != 0;
        rights = simple ? Simple(permissions >> 1) : FullModel[permissions];
        return !simple || (permissions & 1) != 0;
    }

    private static Stage1Result Refused(FaultKind kind, int level, uint domain, DescriptorReader reader) =>
        new() { Fault = new MemoryFault(kind, level), Level = level, Domain = domain, DescriptorReads = reader.Reads };
}
