using ActorTrace.Machine.Cpu;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Memory;

/// <summary>The stage-1 walk (ARM DDI 0406 B3.3) and its permission check (B3.7). Reads only, no side effect.</summary>
public static class Stage1Walk
{
    private const uint SctlrMmu = 1;
    private const uint SctlrWriteExecuteNever = 1 << 19;
    private const uint SctlrUserWriteExecuteNever = 1 << 20;
    private const uint Client = 1;
    private const uint Manager = 3;

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
            return new Stage1Result
            {
                Ipa = new Ipa(address.Value),
                Rights = AccessRights.All,
                Attributes = MemoryAttributes.StronglyOrdered,
                SizeBits = 12,
            };
        }

        return cp15.UsesLongDescriptors
            ? LongDescriptorWalk.Translate(vcpu, memory, address.Value)
            : ShortDescriptorWalk.Translate(vcpu, memory, address.Value);
    }

    /// <summary>Adds the permission check to a translation.</summary>
    /// <param name="cp15">DACR, SCTLR and TTBCR.</param>
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

        if (!cp15.UsesLongDescriptors)
        {
            uint domain = (cp15.Dacr >> (int)(2 * found.Domain)) & 3;
            if (domain == Manager)
            {
                return found;
            }

            if (domain != Client)
            {
                return found with { Fault = new MemoryFault(FaultKind.Domain, found.Level) };
            }
        }

        return Allows(cp15.Sctlr, found, access, privileged)
            ? found
            : found with { Fault = new MemoryFault(FaultKind.Permission, found.Level) };
    }

    /// <summary>B3.7.1 and B3.7.2. A fetch needs the right to load as well.</summary>
    private static bool Allows(uint sctlr, Stage1Result found, MemoryAccess access, bool privileged)
    {
        bool readable = found.Rights.HasFlag(privileged ? AccessRights.PrivilegedRead : AccessRights.UserRead);
        bool writable = found.Rights.HasFlag(privileged ? AccessRights.PrivilegedWrite : AccessRights.UserWrite);
        return access switch
        {
            MemoryAccess.Read => readable,
            MemoryAccess.Write => writable,
            _ => readable && !found.ExecuteNever && !(privileged && found.PrivilegedExecuteNever)
                && !(writable && (sctlr & SctlrWriteExecuteNever) != 0)
                && !(privileged && found.Rights.HasFlag(AccessRights.UserWrite) && (sctlr & SctlrUserWriteExecuteNever) != 0),
        };
    }
}
