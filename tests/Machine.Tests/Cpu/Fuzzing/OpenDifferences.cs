using System.Globalization;
using ActorTrace.Machine.Cpu.Decoding;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>
/// What the architecture leaves open after an instruction, or calls UNPREDICTABLE for a value that is known only when it has run:
/// those words of a result are not compared. Each has a name and the section it is from.
/// </summary>
internal static class OpenDifferences
{
    private const uint PrefetchAbort = 3;
    private const uint DataAbort = 4;
    private const uint SupervisorCall = 2;
    private const uint StatusBits = 0x40F;
    private const uint PageTranslation = 7;
    private const uint PageDomain = 11;
    private static readonly int Vector = HarnessLayout.Index("vector");
    private static readonly int LrAbort = HarnessLayout.Index("lr_abt");
    private static readonly int SpsrAbort = HarnessLayout.Index("spsr_abt");
    private static readonly int LrSupervisor = HarnessLayout.Index("lr_svc");
    private static readonly int LrUndefined = HarnessLayout.Index("lr_und");
    private static readonly int InstructionStatus = HarnessLayout.Index("ifsr");
    private static readonly int[] Statuses = [HarnessLayout.Index("dfsr"), InstructionStatus];
    private static readonly int Memory = HarnessLayout.Index("memory");

    /// <summary>A name, when it applies (case, QEMU's result, ours), and which bits of which word of a result are not compared then.</summary>
    private static readonly (string Name, Func<FuzzCase, uint[], uint[], bool> Applies, Func<FuzzCase, int, uint> Bits)[] Table =
    [
        ("B1.3.3: bits 23:20 of an SPSR are reserved",
            static (_, _, _) => true,
            static (_, index) => HarnessLayout.ResultNames[index].StartsWith("spsr", StringComparison.Ordinal) ? 0x00F0_0000u : 0),
        ("B4.1.96: bits 7:4 of IFSR are reserved; QEMU puts the domain there",
            static (_, _, _) => true,
            static (_, index) => index == InstructionStatus ? 0xF0u : 0),
        ("B3.13.3: a translation fault of the second level goes before the domain's; QEMU looks at the domain first",
            static (_, theirs, ours) => Array.Exists(Statuses, at => (theirs[at] & StatusBits) == PageDomain && (ours[at] & StatusBits) == PageTranslation),
            static (_, index) => Statuses.Contains(index) ? StatusBits : 0),
        ("the case went on in the slot of another one",
            static (one, theirs, _) => LeavesSlot(one, theirs),
            static (_, _) => uint.MaxValue),
        ("A2.3.1: a branch to an address that ends in binary 10, in A32 state, is UNPREDICTABLE",
            static (_, theirs, _) => theirs[Vector] == PrefetchAbort && (theirs[LrAbort] & 3) == 2 && (theirs[SpsrAbort] & 0x20) == 0,
            static (_, _) => uint.MaxValue),
        ("A3.4.5: whether a store-exclusive that fails for the monitor aborts is IMPLEMENTATION DEFINED",
            static (one, _, ours) => Aborted(one, ours) is { } instruction && Decode(one, instruction).Handler == A32.StoreExclusive,
            static (_, _) => uint.MaxValue),
        ("B1.9.8: the registers that an aborted load of several words would load are UNKNOWN, but for the base",
            static (one, theirs, _) => Aborted(one, theirs) is { } instruction && Loaded(one, instruction) != 0,
            static (one, index) => IsLoaded(one, index) ? uint.MaxValue : 0),
        ("B1.9.8: so are the floating-point registers",
            static (one, theirs, _) => Aborted(one, theirs) is { } instruction && Decode(one, instruction).Handler is A32.VfpLoadMultiple or A32.VfpLoad,
            static (_, index) => index > HarnessLayout.ResultWords ? uint.MaxValue : 0),
        ("B1.9.8: memory that an aborted store of several words would write is UNKNOWN",
            static (one, theirs, _) => Aborted(one, theirs) is { } instruction && StoresSeveral(one, instruction),
            static (_, index) => index >= Memory && index < HarnessLayout.ResultWords ? uint.MaxValue : 0),
    ];

    internal static IEnumerable<string> Names => Table.Select(row => row.Name);

    /// <summary>For each word of a result the bits that are not compared.</summary>
    internal static uint[] Of(FuzzCase one, uint[] theirs, uint[] ours)
    {
        uint[] open = new uint[theirs.Length];
        foreach (var row in Table.Where(row => row.Applies(one, theirs, ours)))
        {
            for (int i = 0; i < open.Length; i++)
            {
                open[i] |= row.Bits(one, i);
            }
        }

        return open;
    }

    /// <summary>The case ended in the slot of another one.</summary>
    internal static bool LeavesSlot(FuzzCase one, ReadOnlySpan<uint> result) =>
        Link(result) - HarnessLayout.SlotsVirtual < HarnessLayout.SlotsReach && (Link(result) ^ one.Slot) >= HarnessLayout.SlotBytes;

    /// <summary>The instruction of the case that a result says had a data abort.</summary>
    private static FuzzInstruction? Aborted(FuzzCase one, uint[] result) => result[Vector] == DataAbort ? one.At(result[LrAbort] - 8) : null;

    /// <summary>The return address of the exception that ended the case.</summary>
    private static uint Link(ReadOnlySpan<uint> result) => result[Vector] switch
    {
        SupervisorCall => result[LrSupervisor],
        PrefetchAbort or DataAbort => result[LrAbort] - 4,
        _ => result[LrUndefined],
    };

    /// <summary>As an A32 word, with its second register for dual accesses of T32.</summary>
    private static (A32 Handler, uint Word, uint Second) Decode(FuzzCase one, FuzzInstruction instruction)
    {
        if (!one.Thumb)
        {
            return (A32Decoder.Decode(instruction.Word), instruction.Word, ((instruction.Word >> 12) & 14) + 1);
        }

        Instruction decoded = T32Decoder.Decode(instruction.Word, 0);
        return (decoded.Handler, decoded.Word, (decoded.Word >> 8) & 15);
    }

    /// <summary>
    /// The registers that an instruction which loads several would write; its base among them only for LDM (User registers), of which
    /// QEMU does not restore it.
    /// </summary>
    private static uint Loaded(FuzzCase one, FuzzInstruction instruction)
    {
        (A32 handler, uint word, uint second) = Decode(one, instruction);
        uint dual = (1u << (int)((word >> 12) & 15)) | (1u << (int)second);
        uint list = handler switch
        {
            A32.LoadMultiple or A32.LoadUser or A32.LoadReturn => word & 0xFFFF,
            A32.LoadStoreDual when (word & 0x20) == 0 => dual,
            A32.LoadExclusive when (word & 0x60_0000) == 0x20_0000 => dual,
            _ => 0,
        };
        return handler == A32.LoadUser ? list : list & ~(1u << (int)((word >> 16) & 15));
    }

    private static bool StoresSeveral(FuzzCase one, FuzzInstruction instruction)
    {
        (A32 handler, uint word, _) = Decode(one, instruction);
        return handler switch
        {
            A32.StoreMultiple or A32.StoreUser or A32.StoreReturnState or A32.LoadStore or A32.LoadStoreExtra or A32.VfpStore
                or A32.VfpStoreMultiple or A32.LoadStoreUnprivileged or A32.LoadStoreExtraUnprivileged => true,
            A32.LoadStoreDual => (word & 0x20) != 0,
            _ => false,
        };
    }

    /// <summary>R8-R14 stand in the results once for each mode.</summary>
    private static bool IsLoaded(FuzzCase one, int index)
    {
        uint list = one.Instructions.Aggregate(0u, (all, next) => all | Loaded(one, next));
        string name = HarnessLayout.ResultNames[index];
        int number = name.StartsWith("sp_", StringComparison.Ordinal) ? 13
            : name.StartsWith("lr_", StringComparison.Ordinal) && index != LrAbort ? 14
            : name[0] == 'r' && int.TryParse(name.AsSpan(1).TrimEnd("_fiq"), CultureInfo.InvariantCulture, out int found) ? found : 16;
        return (list & (1u << number)) != 0;
    }
}
