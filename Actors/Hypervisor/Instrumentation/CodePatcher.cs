using ActorTrace.Machine.Images;
using ActorTrace.Machine.Values;
using ActorTrace.Traces.Events;

namespace ActorTrace.Actors.Hypervisor.Instrumentation;

/// <summary>
/// Writes probe instructions into a guest's memory and takes them out. Several who want one at the same place share it. What the
/// guest has written over a probe instruction meanwhile is the guest's and stays.
/// </summary>
internal static class CodePatcher
{
    private const ulong PageSize = 0x1000;
    private const int LongInstruction = 4;
    private const int ShortInstruction = 2;

    /// <summary>Puts a probe instruction where an address leads.</summary>
    /// <param name="work">The guest.</param>
    /// <param name="code">Who wants it.</param>
    /// <param name="address">Where its address leads.</param>
    /// <returns>Why it cannot be there; <see cref="ProbeError.None"/> where it is.</returns>
    public static ProbeError Place(ProbeWork work, PlacedCode code, Pa address)
    {
        ProbeSite? site = work.Table.SiteAt(address);
        CodeEncoding encoding = work.Guest.Spec.Image.EncodingAt(code.Address);
        if (encoding == CodeEncoding.Data || encoding == (code.Thumb ? CodeEncoding.A32 : CodeEncoding.T32))
        {
            return ProbeError.NoSuchCode;
        }

        if (site is null)
        {
            int length = InstructionLength(work, code, address);
            if (work.Table.Overlapping(address, length) is not null)
            {
                return ProbeError.InsideInstruction;
            }

            if (ExclusiveSequence.Holds(work, code.Address, code.Thumb))
            {
                return ProbeError.ExclusiveSequence;
            }

            Write(work, Choose(work, code, address, length), code).Add(code);
            return ProbeError.None;
        }

        if (site.Thumb != code.Thumb)
        {
            return ProbeError.InsideInstruction;
        }

        site.Add(code);
        SuitPrivilege(work, code);
        return ProbeError.None;
    }

    /// <summary>Makes a hypercall a breakpoint where PL0 may reach it: there HVC is UNDEFINED.</summary>
    public static void SuitPrivilege(ProbeWork work, PlacedCode code)
    {
        ProbeSite site = code.Site ?? throw new InvalidOperationException("A probe that is nowhere.");
        if (site.Instruction.IsBreakpoint || !work.Lease.Core.MayExecute(code.Address, privileged: false))
        {
            return;
        }

        IReadOnlyList<PlacedCode> all = site.Clear();
        Erase(work, site, all[0]);
        ProbeSite changed = Write(work, Choose(work, code, site.Address, site.Extent), code);
        foreach (PlacedCode each in all)
        {
            changed.Add(each);
        }
    }

    /// <summary>Takes somebody's wish for a probe instruction back; with the last of them at a place the guest's own bytes return.</summary>
    public static void Lift(ProbeWork work, PlacedCode code)
    {
        if (code.Site is not { } site)
        {
            return;
        }

        site.Remove(code);
        if (site.IsEmpty)
        {
            Erase(work, site, code);
        }
    }

    /// <summary>
    /// Looks whether a probe instruction is still where it was put. Where the guest has written over it the place is given up, and all
    /// who want a probe instruction there have none until their addresses are resolved anew.
    /// </summary>
    public static void GiveUpOverwritten(ProbeWork work, ProbeSite site)
    {
        if (!IsIntact(work, site))
        {
            work.Table.Remove(site);
            site.Clear();
        }
    }

    private static int InstructionLength(ProbeWork work, PlacedCode code, Pa address) =>
        !code.Thumb || ProbeInstruction.IsLong((ushort)GuestCode.Read(work.Guest.Memory, address, true, ShortInstruction))
            ? LongInstruction
            : ShortInstruction;

    private static ProbeSite Choose(ProbeWork work, PlacedCode code, Pa address, int length)
    {
        bool user = work.Lease.Core.MayExecute(code.Address, privileged: false);
        bool inTwoPages = (address.Value % PageSize) + (ulong)length > PageSize;
        ProbeInstruction instruction = code.Thumb
            ? ProbeInstruction.OfT32(code.Probe, user || length == ShortInstruction || inTwoPages || MayBeInItBlock(work, code.Address))
            : ProbeInstruction.OfA32(code.Probe, user);
        return new ProbeSite(address, code.Thumb)
        {
            Instruction = instruction,
            SavedBits = GuestCode.Read(work.Guest.Memory, address, code.Thumb, instruction.Length),
            Extent = length,
        };
    }

    /// <summary>HVC is UNPREDICTABLE in an IT block, so any halfword before that may be an IT (A8.8.54) decides for BKPT.</summary>
    private static bool MayBeInItBlock(ProbeWork work, GuestVa address)
    {
        const int Farthest = 4 * LongInstruction;
        for (int back = ShortInstruction; back <= Farthest && address.Value >= back; back += ShortInstruction)
        {
            if (GuestCode.TryReadHalfword(work.Lease, work.Guest, new GuestVa(address.Value - (uint)back), out ushort halfword)
                && (halfword & 0xFF00) == 0xBF00 && (halfword & 0xF) != 0)
            {
                return true;
            }
        }

        return false;
    }

    private static ProbeSite Write(ProbeWork work, ProbeSite site, PlacedCode code)
    {
        work.Table.Add(site);
        Put(work, site, site.Instruction.Bits);
        work.Charge(StepKind.Install, CostCategory.Patch, work.Costs.Patch, code.Address.Value, code.Probe, site.Address.Value);
        return site;
    }

    private static void Erase(ProbeWork work, ProbeSite site, PlacedCode code)
    {
        if (IsIntact(work, site))
        {
            Put(work, site, site.SavedBits);
        }

        work.Table.Remove(site);
        work.Charge(StepKind.Remove, CostCategory.Patch, work.Costs.Patch, code.Address.Value, code.Probe, site.Address.Value);
    }

    private static bool IsIntact(ProbeWork work, ProbeSite site) =>
        GuestCode.Read(work.Guest.Memory, site.Address, site.Thumb, site.Instruction.Length) == site.Instruction.Bits;

    private static void Put(ProbeWork work, ProbeSite site, uint bits)
    {
        GuestCode.Write(work.Guest.Memory, site.Address, site.Thumb, site.Instruction.Length, bits);
        work.Lease.Core.InvalidateInstructions(site.Address, (uint)site.Instruction.Length);
    }
}
