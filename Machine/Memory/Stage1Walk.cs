using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Memory;

/// <summary>The stage-1 walk of short descriptors (ARM DDI 0406 B3.5.1) and its permission check (B3.7). Reads only, no side effect.</summary>
public static class Stage1Walk
{
    private const uint TranslationSection = 0b00101;
    private const uint TranslationPage = 0b00111;
    private const uint AccessFlagSection = 0b00011;
    private const uint AccessFlagPage = 0b00110;
    private const uint DomainSection = 0b01001;
    private const uint DomainPage = 0b01011;
    private const uint PermissionSection = 0b01101;
    private const uint PermissionPage = 0b01111;
    private const uint ExternalAbortFirst = 0b01100;
    private const uint ExternalAbortSecond = 0b01110;
    private const uint SctlrMmu = 1;
    private const uint SctlrAccessFlagEnable = 1 << 29;

    /// <summary>Translates a guest address, whatever the permissions there.</summary>
    /// <param name="vcpu">Whose tables.</param>
    /// <param name="memory">Where the tables are.</param>
    /// <param name="address">What to translate.</param>
    public static Stage1Result Translate(VcpuContext vcpu, PhysicalMemory memory, GuestVa address)
    {
        ArgumentNullException.ThrowIfNull(vcpu);
        ArgumentNullException.ThrowIfNull(memory);
        Cp15 cp15 = vcpu.Cp15;
        if ((cp15.Sctlr & SctlrMmu) == 0)
        {
            return new Stage1Result { Ipa = new Ipa(address.Value), AccessPermissions = 0b011 };
        }

        uint va = address.Value;
        int n = (int)(cp15.Ttbcr & 7);
        bool second = n != 0 && va >> (32 - n) != 0;
        if (((cp15.Ttbcr >> (second ? 5 : 4)) & 1) != 0)
        {
            return new Stage1Result { FaultStatus = TranslationSection };
        }

        int bits = second ? 0 : n;
        uint tableBase = (uint)(second ? cp15.Ttbr1 : cp15.Ttbr0) & (0xFFFF_FFFF << (14 - bits));
        uint index = (va << bits) >> (20 + bits);
        int reads = 0;
        Stage1Result failed = Fetch(vcpu, memory, tableBase | (index << 2), ExternalAbortFirst, 0, ref reads, out uint first);
        if (!failed.IsMapped)
        {
            return failed;
        }

        bool flagEnable = (cp15.Sctlr & SctlrAccessFlagEnable) != 0;
        return (first & 3) switch
        {
            1 => Page(vcpu, memory, va, first, flagEnable, reads),
            2 or 3 => Section(va, first, flagEnable, reads),
            _ => new Stage1Result { FaultStatus = TranslationSection, DescriptorReads = reads },
        };
    }

    /// <summary>Adds the permission check to a translation.</summary>
    /// <param name="cp15">DACR and SCTLR.</param>
    /// <param name="found">A translation.</param>
    /// <param name="access">What is to be done.</param>
    /// <param name="privileged">False for PL0 and the unprivileged loads and stores.</param>
    /// <returns>The translation, or the fault.</returns>
    public static Stage1Result Check(Cp15 cp15, Stage1Result found, MemoryAccess access, bool privileged)
    {
        ArgumentNullException.ThrowIfNull(cp15);
        if (!found.IsMapped || (cp15.Sctlr & SctlrMmu) == 0)
        {
            return found;
        }

        uint domain = (cp15.Dacr >> (int)(2 * found.Domain)) & 3;
        if (domain == 3)
        {
            return found;
        }

        if (domain != 1)
        {
            return found with { FaultStatus = found.IsPage ? DomainPage : DomainSection };
        }

        bool simplified = (cp15.Sctlr & SctlrAccessFlagEnable) != 0;
        bool allowed = Allows(found.AccessPermissions, simplified, access == MemoryAccess.Write, privileged);
        if (access == MemoryAccess.Execute)
        {
            bool writable = Allows(found.AccessPermissions, simplified, true, privileged);
            bool writableByUser = Allows(found.AccessPermissions, simplified, true, false);
            allowed &= !found.ExecuteNever && !(privileged && found.PrivilegedExecuteNever);
            allowed &= !(writable && (cp15.Sctlr & (1 << 19)) != 0);
            allowed &= !(privileged && writableByUser && (cp15.Sctlr & (1 << 20)) != 0);
        }

        return allowed ? found : found with { FaultStatus = found.IsPage ? PermissionPage : PermissionSection };
    }

    /// <summary>AP[2:0] as a table (B3.7.1, tables B3-8 and B3-9).</summary>
    private static bool Allows(uint permissions, bool simplified, bool write, bool privileged)
    {
        if (simplified)
        {
            bool readOnly = (permissions & 4) != 0;
            bool user = (permissions & 2) != 0;
            return (privileged || user) && !(write && readOnly);
        }

        return permissions switch
        {
            0b000 or 0b100 => false,
            0b001 => privileged,
            0b010 => privileged || !write,
            0b011 => true,
            0b101 => privileged && !write,
            _ => !write,
        };
    }

    private static Stage1Result Section(uint va, uint descriptor, bool flagEnable, int reads)
    {
        bool super = (descriptor & (1 << 18)) != 0;
        uint domain = super ? 0 : (descriptor >> 5) & 15;
        uint permissions = ((descriptor >> 10) & 3) | ((descriptor >> 13) & 4);
        if (flagEnable && (permissions & 1) == 0)
        {
            return new Stage1Result { FaultStatus = AccessFlagSection, Domain = domain, DescriptorReads = reads };
        }

        ulong address = super
            ? (descriptor & 0xFF00_0000) | ((ulong)((descriptor >> 20) & 15) << 32) | ((ulong)((descriptor >> 5) & 15) << 36) | (va & 0x00FF_FFFF)
            : (descriptor & 0xFFF0_0000) | (va & 0x000F_FFFF);
        return new Stage1Result
        {
            Ipa = new Ipa(address),
            Domain = domain,
            AccessPermissions = permissions,
            ExecuteNever = (descriptor & 0x10) != 0,
            PrivilegedExecuteNever = (descriptor & 1) != 0,
            DescriptorReads = reads,
        };
    }

    private static Stage1Result Page(VcpuContext vcpu, PhysicalMemory memory, uint va, uint first, bool flagEnable, int reads)
    {
        uint domain = (first >> 5) & 15;
        uint at = (first & 0xFFFF_FC00) | ((va >> 10) & 0x3FC);
        Stage1Result failed = Fetch(vcpu, memory, at, ExternalAbortSecond, domain, ref reads, out uint descriptor);
        if (!failed.IsMapped)
        {
            return failed;
        }

        if ((descriptor & 3) == 0)
        {
            return new Stage1Result { FaultStatus = TranslationPage, Domain = domain, IsPage = true, DescriptorReads = reads };
        }

        uint permissions = ((descriptor >> 4) & 3) | ((descriptor >> 7) & 4);
        if (flagEnable && (permissions & 1) == 0)
        {
            return new Stage1Result { FaultStatus = AccessFlagPage, Domain = domain, IsPage = true, DescriptorReads = reads };
        }

        bool large = (descriptor & 2) == 0;
        return new Stage1Result
        {
            Ipa = new Ipa(large ? (descriptor & 0xFFFF_0000) | (va & 0xFFFF) : (descriptor & 0xFFFF_F000) | (va & 0xFFF)),
            Domain = domain,
            AccessPermissions = permissions,
            ExecuteNever = (descriptor & (large ? 0x8000u : 1u)) != 0,
            PrivilegedExecuteNever = (first & 4) != 0,
            IsPage = true,
            DescriptorReads = reads,
        };
    }

    /// <summary>Reads a descriptor, through stage 2.</summary>
    private static Stage1Result Fetch(
        VcpuContext vcpu, PhysicalMemory memory, uint at, uint externalAbort, uint domain, ref int reads, out uint descriptor)
    {
        descriptor = 0;
        Stage2Result second = Stage2Walk.Translate(vcpu.Hyp, memory, new Ipa(at));
        reads += second.DescriptorReads + 1;
        if (second.IsMapped && !second.Readable)
        {
            second = second with { FaultStatus = 0b001100u | (uint)second.Level };
        }

        bool answered = second.IsMapped && memory.TryReadWord(second.Pa, out descriptor);
        return answered
            ? default
            : new Stage1Result
            {
                FaultStatus = externalAbort,
                Domain = domain,
                IsPage = externalAbort == ExternalAbortSecond,
                WalkFault = second,
                WalkAddress = new Ipa(at),
                DescriptorReads = reads,
            };
    }
}
