using ActorTrace.Machine.Cpu.Decoding;

namespace ActorTrace.Machine.Tests.Cpu.Fuzzing;

/// <summary>Makes A32 cases: mostly one instruction of a row of the decode table, else any word; sometimes several in a row.</summary>
/// <param name="random">Decides.</param>
/// <param name="states">Makes the registers.</param>
/// <param name="rows">The rows.</param>
/// <param name="space">Bits that any word has.</param>
internal sealed class A32CaseGenerator(Random random, StateGenerator states, IReadOnlyList<A32Row> rows, (uint Mask, uint Value) space) : ICaseGenerator
{
    private const uint SupervisorTrap = 0xEF00_0042;
    private const uint UndefinedTrap = 0xE7F0_00F0;
    private static readonly A32[] UsesMemory =
    [
        A32.LoadStore, A32.LoadStoreExtra, A32.LoadStoreDual, A32.LoadMultiple, A32.StoreMultiple, A32.LoadUser, A32.StoreUser,
        A32.LoadReturn, A32.ReturnFromException, A32.LoadExclusive, A32.StoreExclusive, A32.Swap,
        A32.VfpStore, A32.VfpStoreMultiple, A32.VfpLoad, A32.VfpLoadMultiple,
    ];

    public FuzzCase Make(uint slot, FuzzSettings settings)
    {
        while (true)
        {
            int length = random.Next(5) == 0 ? 2 + random.Next(3) : 1;
            FuzzInstruction[] instructions = [.. Enumerable.Range(0, length).Select(i => Instruction(slot + (uint)(i * 4) + 8))];
            FuzzCase one = new() { Instructions = instructions, Slot = slot };
            states.Fill(one, thumb: false, settings.Vfp);
            Aim(one);
            one.Trap = Trap(one.Mode);
            if (Compares(one, settings))
            {
                return one;
            }
        }
    }

    public bool Compares(FuzzCase one, FuzzSettings settings)
    {
        uint traps = one.Slot + (uint)(one.Instructions.Count * 4);
        for (int i = 0; i < one.Instructions.Count; i++)
        {
            uint word = one.Instructions[i].Word;
            bool excluded = A32Exclusions.ByField(word) is not null
                || Strays(word, one.Slot + (uint)(i * 4) + 8, traps)
                || (i == 0 ? A32Exclusions.State(word, one, new FuzzSituation(one, settings)) is not null : A32Exclusions.DependsOnState(word));
            if (excluded)
            {
                return false;
            }
        }

        return true;
    }

    private FuzzInstruction Instruction(uint pc)
    {
        while (true)
        {
            FuzzInstruction instruction = random.Next(4) == 0 ? AnyWord() : OfRow(rows[random.Next(rows.Count)], pc);
            if (A32Exclusions.ByField(instruction.Word) is null)
            {
                return instruction;
            }
        }
    }

    private FuzzInstruction AnyWord()
    {
        uint word = ((uint)random.NextInt64(1L << 32) & ~space.Mask) | space.Value;
        return new FuzzInstruction(A32Decoder.Find(word)?.Title ?? "", word);
    }

    private FuzzInstruction OfRow(A32Row row, uint pc)
    {
        uint word = FuzzSets.OfRow(random, row);
        if (row.Conditional)
        {
            word = (word & 0x0FFF_FFFF) | ((random.Next(4) != 0 ? 14u : (uint)random.Next(14)) << 28);
        }

        if (IsBranch(word) && random.Next(2) == 0)
        {
            uint target = HarnessLayout.PadsVirtual + ((uint)random.Next(0x4_0000) * 4);
            word = (word & 0xFF00_0000) | (((target - pc) >> 2) & 0xFF_FFFF);
        }

        return new FuzzInstruction(A32Decoder.Find(word)?.Title ?? "", word);
    }

    private static bool IsBranch(uint word) => (word & 0x0E00_0000) == 0x0A00_0000;

    /// <summary>A branch to a place in the slots that need not be a trap: the case would go on in another one, or never end.</summary>
    private static bool Strays(uint word, uint pc, uint traps)
    {
        uint target = pc + (uint)((int)(word << 8) >> 6);
        return IsBranch(word) && target - HarnessLayout.SlotsVirtual < HarnessLayout.SlotsReach
            && (target < traps || target >= (traps & ~(HarnessLayout.SlotBytes - 1u)) + HarnessLayout.SlotBytes - 4);
    }

    /// <summary>Bases of memory instructions point into the window, index registers are small.</summary>
    private void Aim(FuzzCase one)
    {
        foreach (FuzzInstruction instruction in one.Instructions)
        {
            uint word = instruction.Word;
            A32 handler = A32Decoder.Decode(word);
            if (!UsesMemory.Contains(handler) || random.Next(6) == 0)
            {
                continue;
            }

            uint index = word & 15;
            bool indexed = handler == A32.LoadStore ? (word & (1 << 25)) != 0
                : handler is A32.LoadStoreExtra or A32.LoadStoreDual && (word & (1 << 22)) == 0;
            if (indexed && index < 13)
            {
                one.Registers[index] = states.Index();
            }

            uint n = (word >> 16) & 15;
            if (n < 13)
            {
                one.Registers[n] = states.Pointer();
            }
        }
    }

    /// <summary>A trap to another mode than the case's, so that it leaves the case's own LR and SPSR.</summary>
    private uint Trap(uint mode) =>
        mode == 0x13 || (mode != 0x1B && random.Next(2) == 0) ? UndefinedTrap : SupervisorTrap;
}
