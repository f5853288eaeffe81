using System.Numerics;
using System.Runtime.CompilerServices;
using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Cpu.Vfp;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Runs decoded blocks of the attached vCPU until something must be decided outside.</summary>
internal sealed unsafe partial class Engine
{
    private readonly ClockRates rates;
    private readonly Mmu mmu;
    private readonly Transfers transfers;
    private readonly SystemInstructions system;
    private readonly VfpUnit vfp;
    private readonly Op[] shortened = GC.AllocateArray<Op>(Block.MaxLength + 1, pinned: true);
    private uint[] gates = [];
    private CpuState* state;

    internal Engine(ClockRates rates, Mmu mmu, ICorePeripherals peripherals, Func<VirtualInstant, ulong> instructionsAt)
    {
        this.rates = rates;
        this.mmu = mmu;
        transfers = new Transfers(mmu);
        system = new SystemInstructions(mmu, new SystemRegisters(mmu, peripherals, instructionsAt), peripherals);
        vfp = new VfpUnit(mmu);
    }

    /// <summary>Instructions that the last run completed.</summary>
    internal long Executed { get; private set; }

    /// <summary>The A32 word of the instruction at which the last run came back without completing it.</summary>
    internal uint StoppingWord { get; private set; }

    /// <summary>Bytes of that instruction.</summary>
    internal uint StoppingLength { get; private set; }

    /// <summary>The watched places of the attached vCPU, which stop the core as gates do; null for none.</summary>
    internal CodeWatch? Watch { get; set; }

    /// <summary>When the run begins.</summary>
    internal VirtualInstant Now { get; set; }

    internal void Attach(VcpuContext? vcpu, VirtualInstant now)
    {
        state = vcpu is null ? null : vcpu.State;
        system.Attach(vcpu, now);
        vfp.Attach(vcpu);
    }

    /// <summary>Sets the gates; blocks must begin at them.</summary>
    internal void SetGates(ReadOnlySpan<uint> addresses) => gates = addresses.ToArray();

    internal void ApplyGates(CodeCache code)
    {
        bool changed = false;
        foreach (uint gate in gates)
        {
            changed |= code.GateOffsets.Add(gate & 0xFFF);
        }

        foreach (uint place in Watch?.Addresses ?? [])
        {
            changed |= code.GateOffsets.Add(place & 0xFFF);
        }

        if (changed)
        {
            code.DropAll();
        }
    }

    /// <summary>R15 stands in an IT block.</summary>
    internal bool InsideIfThen => (state->Control & Psr.Thumb) != 0 && (state->Control & Psr.IfThen) != 0;

    /// <summary>ITSTATE goes on to the next instruction.</summary>
    internal void AdvanceIfThen()
    {
        if (InsideIfThen)
        {
            uint next = IfThenState.Advance(IfThenState.FromPsr(state->Control));
            state->Control = (state->Control & ~Psr.IfThen) | IfThenState.ToPsr(next);
        }
    }

    internal bool IsGate(uint address) => IsGateOfProgram(address) || (Watch is not null && Watch.Sees(address));

    internal bool IsGateOfProgram(uint address) => gates.Length != 0 && gates.AsSpan().Contains(address);

    /// <summary>Runs up to a number of instructions from R15.</summary>
    internal Outcome Run(long budget) => Run(budget, null, 0);

    /// <summary>Fetches the instruction at R15; false where that aborts.</summary>
    /// <param name="instruction">An A32 word; in T32 state 16 bits, or 32 with the first halfword above.</param>
    internal bool TryFetch(out uint instruction)
    {
        uint pc = state->R[15];
        instruction = 0;
        if ((state->Control & Psr.Thumb) == 0)
        {
            CodePage* page = mmu.FetchPage(pc);
            instruction = page == null ? 0 : *(uint*)(page->Host + (pc & 0xFFC));
            return page != null;
        }

        if (!TryFetchHalfword(pc, out instruction))
        {
            return false;
        }

        if (!T32Decoder.IsLong(instruction))
        {
            return true;
        }

        bool fetched = TryFetchHalfword(pc + 2, out uint second);
        instruction = (instruction << 16) | second;
        return fetched;
    }

    /// <summary>Fetches the second halfword where only the first of a 32-bit T32 instruction is given; false where that aborts.</summary>
    internal bool TryComplete(ref uint? instruction)
    {
        if ((state->Control & Psr.Thumb) == 0 || instruction is not (<= ushort.MaxValue and { } first) || !T32Decoder.IsLong(first))
        {
            return true;
        }

        bool fetched = TryFetchHalfword(state->R[15] + 2, out uint second);
        instruction = (first << 16) | second;
        return fetched;
    }

    /// <summary>Runs one given instruction in place of the one at R15.</summary>
    /// <param name="instruction">As <see cref="TryFetch"/> gives it.</param>
    internal Outcome RunSingle(uint instruction)
    {
        bool thumb = (state->Control & Psr.Thumb) != 0;
        uint ifThen = thumb ? IfThenState.FromPsr(state->Control) : 0;
        return RunSingle(thumb ? T32Decoder.Decode(instruction, ifThen) : A32Decoder.Instruction(instruction), thumb, ifThen);
    }

    /// <summary>Runs the instruction again that the last run did not complete; its condition is met, and it has no immediate that counts.</summary>
    internal Outcome RunAgain()
    {
        const uint Always = 14;
        bool thumb = (state->Control & Psr.Thumb) != 0;
        return RunSingle(
            A32Decoder.Instruction(StoppingWord) with { Thumb = thumb, Length = StoppingLength, Condition = Always }, thumb,
            thumb ? IfThenState.FromPsr(state->Control) : 0);
    }

    private Outcome RunSingle(Instruction decoded, bool thumb, uint ifThen)
    {
        uint after = decoded.Handler == A32.IfThen ? decoded.Immediate : IfThenState.Advance(ifThen);
        Op* ops = (Op*)Unsafe.AsPointer(ref shortened[0]);

        // An IT instruction before it, of no length, is what makes it stand inside.
        ops[0] = new Op { Code = OpCode.IfThen, Imm = ifThen };
        ops[1] = OpBuilder.Build(decoded, new CodePlace(0, state->R[15] & 0xFFF, false), out _);
        ops[2] = OpBuilder.End(decoded.Length, after, false);
        state->Control &= thumb ? ~Psr.IfThen : uint.MaxValue;
        return ifThen == 0 ? Run(1, ops + 1, 1) : Run(1, ops, 2);
    }

    private bool TryFetchHalfword(uint address, out uint halfword)
    {
        CodePage* page = mmu.FetchPage(address);
        halfword = page == null ? 0u : *(ushort*)(page->Host + (address & 0xFFE));
        return page != null;
    }

    /// <summary>A copy of the first instructions of a block, with an end.</summary>
    private Op* Shorten(Op* ops, int count, bool thumb)
    {
        Op* copy = (Op*)Unsafe.AsPointer(ref shortened[0]);
        new ReadOnlySpan<Op>(ops, count).CopyTo(shortened);
        copy[count] = OpBuilder.End(Offset(ops + count), thumb ? IfThenAt(ops + count, ops) : 0, false);
        return copy;
    }

    /// <summary>Notes an instruction that did not complete: its ITSTATE is in the CPSR again.</summary>
    private void Stop(Op* op, Op* first, bool thumb)
    {
        StoppingWord = op->Raw;
        StoppingLength = Offset(op + 1) - Offset(op);
        if (thumb)
        {
            state->Control = (state->Control & ~Psr.IfThen) | IfThenState.ToPsr(IfThenAt(op, first));
        }
    }

    /// <summary>ITSTATE at an operation of a block: the IT instruction that counts is at most four before it.</summary>
    private static uint IfThenAt(Op* op, Op* first)
    {
        for (int back = 1; back < IfThenState.LongestBlock && op - back >= first; back++)
        {
            if (op[-back].Code == OpCode.IfThen)
            {
                uint ifThen = op[-back].Imm;
                for (int i = 1; i < back; i++)
                {
                    ifThen = IfThenState.Advance(ifThen);
                }

                return ifThen;
            }
        }

        return 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Offset(Op* op) => (uint)op->At << 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Shifted(uint* registers, Op* op)
    {
        uint value = registers[op->Rm];
        return op->Rs switch
        {
            0 => value << op->Shift,
            1 => (uint)((ulong)value >> op->Shift),
            2 => (uint)((long)(int)value >> op->Shift),
            _ => BitOperations.RotateRight(value, op->Shift),
        };
    }

    private static uint ShiftedByRegister(uint* registers, Op* op)
    {
        uint carry = 0;
        return Alu.ShiftByRegister(registers[op->Rm], op->Shift, registers[op->Rs] & 0xFF, ref carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FlagsOfSum(CpuState* s, uint a, uint b)
    {
        uint result = a + b;
        s->N = result;
        s->Z = result;
        s->C = result < a ? 1u : 0;
        s->V = (a ^ result) & (b ^ result);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FlagsOfDifference(CpuState* s, uint a, uint b)
    {
        uint result = a - b;
        s->N = result;
        s->Z = result;
        s->C = a >= b ? 1u : 0;
        s->V = (a ^ b) & (a ^ result);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FlagsOfValue(CpuState* s, uint result)
    {
        s->N = result;
        s->Z = result;
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FlagsOfLogical(CpuState* s, uint result, Op* op)
    {
        s->N = result;
        s->Z = result;
        if (op->Rs != 0)
        {
            s->C = op->Imm >> 31;
        }

        return result;
    }
}
