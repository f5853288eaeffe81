using ActorTrace.Machine.Cpu.Decoding;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>Makes T32 cases: mostly one instruction of a row of the decode table, else any; sometimes several; often in an IT block.</summary>
/// <param name="random">Decides.</param>
/// <param name="states">Makes the registers.</param>
/// <param name="ofRow">Makes an instruction of a row.</param>
/// <param name="any">Makes any instruction.</param>
internal sealed class T32CaseGenerator(Random random, StateGenerator states, Func<uint> ofRow, Func<uint> any) : ICaseGenerator
{
    private const uint SupervisorTrap = 0xDF42;
    private const uint BreakpointTrap = 0xBE42;
    private static readonly A32[] UsesMemory =
    [
        A32.LoadStore, A32.LoadStoreExtra, A32.LoadStoreDual, A32.LoadMultiple, A32.StoreMultiple, A32.LoadStoreUnprivileged,
        A32.LoadStoreExtraUnprivileged, A32.ReturnFromException, A32.LoadExclusive, A32.StoreExclusive, A32.TableBranch,
        A32.VfpStore, A32.VfpStoreMultiple, A32.VfpLoad, A32.VfpLoadMultiple,
    ];

    private static readonly A32[] Branches = [A32.Branch, A32.BranchLink, A32.BranchLinkThumb, A32.CompareBranchZero, A32.CompareBranchNonzero];

    public FuzzCase Make(uint slot, FuzzSettings settings)
    {
        while (true)
        {
            int length = random.Next(5) == 0 ? 2 + random.Next(3) : 1;
            FuzzInstruction[] instructions = [.. Enumerable.Range(0, length).Select(_ => Instruction())];
            FuzzCase one = new() { Instructions = instructions, Slot = slot, Offset = (uint)random.Next(2) * 2 };
            states.Fill(one, thumb: true, settings.Vfp);
            Aim(one);
            one.Trap = one.Mode == 0x13 || (one.Mode is not (0x1B or 0x17) && random.Next(2) == 0) ? BreakpointTrap : SupervisorTrap;
            if (Compares(one, settings))
            {
                return one;
            }
        }
    }

    public bool Compares(FuzzCase one, FuzzSettings settings)
    {
        FuzzSituation situation = new(one, settings);
        uint ifThen = ((one.Cpsr >> 8) & 0xFC) | ((one.Cpsr >> 25) & 3);
        uint at = one.Slot + one.Offset;
        uint traps = one.Slot + one.Offset + (uint)one.Instructions.Sum(i => i.Word > 0xFFFF ? 4 : 2);
        for (int i = 0; i < one.Instructions.Count; i++)
        {
            uint bits = one.Instructions[i].Word;
            if (T32Exclusions.ByField(bits, ifThen) is not null || Strays(bits, at, traps))
            {
                return false;
            }

            uint twin = T32Decoder.Decode(bits, ifThen).Word;
            if (i == 0 ? A32Exclusions.State(twin, one, situation) is not null : A32Exclusions.DependsOnState(twin))
            {
                return false;
            }

            ifThen = T32Exclusions.Next(bits, ifThen);
            at += bits > 0xFFFF ? 4u : 2;
        }

        return true;
    }

    private FuzzInstruction Instruction()
    {
        while (true)
        {
            uint bits = Near(random.Next(4) == 0 ? any() : ofRow());
            if (T32Exclusions.ByField(bits, 0) is null || bits < 0x40)
            {
                return new FuzzInstruction(T32Decoder.Find(bits)?.Title ?? "", bits);
            }
        }
    }

    /// <summary>Short branches go to traps of their own slot.</summary>
    private uint Near(uint bits)
    {
        uint distance = (uint)random.Next(10);
        return bits switch
        {
            >= 0xE000 and < 0xE800 => 0xE000 | distance,
            >= 0xD000 and < 0xDE00 => (bits & 0xFF00) | distance,
            < 0x1_0000 when (bits & 0xF500) == 0xB100 => (bits & ~0x2F8u) | (distance << 3),
            _ => bits,
        };
    }

    /// <summary>A branch to a place in the slots that need not be a trap: the case would go on in another one, or never end.</summary>
    private static bool Strays(uint bits, uint at, uint traps)
    {
        Instruction instruction = T32Decoder.Decode(bits, 0);
        if (!Branches.Contains(instruction.Handler))
        {
            return false;
        }

        uint target = at + 4 + instruction.Immediate;
        return target - HarnessLayout.SlotsVirtual < HarnessLayout.SlotsReach
            && (target < traps || target >= (traps & ~(HarnessLayout.SlotBytes - 1u)) + HarnessLayout.SlotBytes - 10);
    }

    /// <summary>Bases of memory instructions point into the window, index registers are small.</summary>
    private void Aim(FuzzCase one)
    {
        foreach (FuzzInstruction instruction in one.Instructions)
        {
            Instruction decoded = T32Decoder.Decode(instruction.Word, 0);
            if (!UsesMemory.Contains(decoded.Handler) || random.Next(6) == 0)
            {
                continue;
            }

            uint index = decoded.Word & 15;
            bool indexed = decoded.Handler == A32.TableBranch || (decoded.Handler == A32.LoadStore ? (decoded.Word & (1 << 25)) != 0
                : decoded.Handler == A32.LoadStoreExtra && !decoded.HasImmediate && (decoded.Word & (1 << 22)) == 0);
            if (indexed && index < 13)
            {
                one.Registers[index] = states.Index();
            }

            uint n = (decoded.Word >> 16) & 15;
            if (n < 13)
            {
                one.Registers[n] = states.Pointer();
            }
        }
    }
}
