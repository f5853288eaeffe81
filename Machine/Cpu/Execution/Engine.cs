using System.Numerics;
using System.Runtime.CompilerServices;
using ActorTrace.Machine.Values;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Runs decoded blocks of the attached vCPU until something must be decided outside.</summary>
internal sealed unsafe partial class Engine
{
    private readonly ClockRates rates;
    private readonly Mmu mmu;
    private readonly Transfers transfers;
    private readonly SystemInstructions system;
    private readonly Op[] shortened = GC.AllocateArray<Op>(Block.MaxLength + 1, pinned: true);
    private uint[] gates = [];
    private CpuState* state;

    internal Engine(ClockRates rates, Mmu mmu, ICorePeripherals peripherals, Func<VirtualInstant, ulong> instructionsAt)
    {
        this.rates = rates;
        this.mmu = mmu;
        transfers = new Transfers(mmu);
        system = new SystemInstructions(mmu, new SystemRegisters(mmu, peripherals, instructionsAt));
    }

    /// <summary>Instructions that the last run completed.</summary>
    internal long Executed { get; private set; }

    /// <summary>The instruction at which the last run came back other than by its budget.</summary>
    internal Op Stopping { get; private set; }

    /// <summary>When the run begins.</summary>
    internal VirtualInstant Now { get; set; }

    internal void Attach(VcpuContext? vcpu, VirtualInstant now)
    {
        state = vcpu is null ? null : vcpu.State;
        system.Attach(vcpu, now);
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

        if (changed)
        {
            code.DropAll();
        }
    }

    internal bool IsGate(uint address) => gates.Length != 0 && gates.AsSpan().Contains(address);

    /// <summary>Runs up to a number of instructions from R15.</summary>
    internal Outcome Run(long budget) => Run(budget, null);

    /// <summary>Runs one given instruction in place of the one at R15.</summary>
    internal Outcome RunSingle(uint instruction)
    {
        Op* ops = (Op*)Unsafe.AsPointer(ref shortened[0]);
        ops[0] = OpBuilder.Build(instruction, 0, uint.MaxValue, out _);
        ops[1] = default;
        return Run(1, ops);
    }

    /// <summary>A copy of the first instructions of a block, with an end.</summary>
    private Op* Shorten(Op* ops, int count)
    {
        Op* copy = (Op*)Unsafe.AsPointer(ref shortened[0]);
        new ReadOnlySpan<Op>(ops, count).CopyTo(shortened);
        copy[count] = default;
        return copy;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Offset(Op* op, Op* first) => (uint)((byte*)op - (byte*)first) >> 2;

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
