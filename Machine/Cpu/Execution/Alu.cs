using System.Numerics;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Data processing in full: every shift, every flag (ARM DDI 0406 A5.2, A8.4).</summary>
internal static unsafe class Alu
{
    private const uint SetFlags = 1 << 20;

    /// <summary>Carries out a data-processing instruction; R15 must be what it reads as. A result for R15 is left there.</summary>
    internal static void Execute(CpuState* s, Op* op)
    {
        uint word = op->Raw;
        uint opcode = (word >> 21) & 15;
        uint carry = s->C;
        uint operand = Operand(s, op, ref carry);
        uint left = s->R[(word >> 16) & 15];
        uint d = (word >> 12) & 15;
        bool flags = (word & SetFlags) != 0 && !(d == 15 && opcode is < 8 or > 11);
        uint result;
        switch (opcode)
        {
            case 2 or 10:
                result = Add(s, left, ~operand, 1, flags);
                break;
            case 3:
                result = Add(s, operand, ~left, 1, flags);
                break;
            case 4 or 11:
                result = Add(s, left, operand, 0, flags);
                break;
            case 5:
                result = Add(s, left, operand, s->C, flags);
                break;
            case 6:
                result = Add(s, left, ~operand, s->C, flags);
                break;
            case 7:
                result = Add(s, operand, ~left, s->C, flags);
                break;
            default:
                result = Logical(opcode, left, operand);
                if (flags)
                {
                    s->N = result;
                    s->Z = result;
                    s->C = carry;
                }

                break;
        }

        if (opcode is < 8 or > 11)
        {
            s->R[d] = result;
        }
    }

    /// <summary>ORN, which only T32 has.</summary>
    internal static void OrNot(CpuState* s, Op* op)
    {
        uint carry = s->C;
        uint result = s->R[op->Rn] | ~Operand(s, op, ref carry);
        if ((op->Raw & SetFlags) != 0)
        {
            s->N = result;
            s->Z = result;
            s->C = carry;
        }

        s->R[op->Rd] = result;
    }

    private static uint Logical(uint opcode, uint left, uint operand) => opcode switch
    {
        0 or 8 => left & operand,
        1 or 9 => left ^ operand,
        12 => left | operand,
        13 => operand,
        14 => left & ~operand,
        _ => ~operand,
    };

    /// <summary>Adds with carry in; the flags as in AddWithCarry (A2.2.1).</summary>
    internal static uint Add(CpuState* s, uint a, uint b, uint carry, bool flags)
    {
        ulong wide = (ulong)a + b + carry;
        uint result = (uint)wide;
        if (flags)
        {
            s->N = result;
            s->Z = result;
            s->C = (uint)(wide >> 32);
            s->V = (a ^ result) & (b ^ result);
        }

        return result;
    }

    /// <summary>The second operand with its carry out.</summary>
    private static uint Operand(CpuState* s, Op* op, ref uint carry)
    {
        if ((op->Raw & (1 << 25)) == 0)
        {
            return Register(s, op->Raw, ref carry);
        }

        carry = op->Rs != 0 ? op->Imm >> 31 : carry;
        return op->Imm;
    }

    /// <summary>A register, shifted by a constant or a register.</summary>
    private static uint Register(CpuState* s, uint word, ref uint carry)
    {
        uint value = s->R[word & 15];
        uint type = (word >> 5) & 3;
        if ((word & 0x10) != 0)
        {
            return ShiftByRegister(value, type, s->R[(word >> 8) & 15] & 0xFF, ref carry);
        }

        uint amount = (word >> 7) & 31;
        if (amount != 0)
        {
            return ShiftByRegister(value, type, amount, ref carry);
        }

        switch (type)
        {
            case 0:
                return value;
            case 1 or 2:
                return ShiftByRegister(value, type, 32, ref carry);
            default:
                uint rotated = (s->C << 31) | (value >> 1);
                carry = value & 1;
                return rotated;
        }
    }

    /// <summary>Shifts by 0 to 255; by 0 the carry stays.</summary>
    internal static uint ShiftByRegister(uint value, uint type, uint amount, ref uint carry)
    {
        if (amount == 0)
        {
            return value;
        }

        int n = (int)Math.Min(amount, 33);
        switch (type)
        {
            case 0:
                carry = (uint)(((ulong)value << n) >> 32) & 1;
                return (uint)((ulong)value << n);
            case 1:
                carry = (uint)((ulong)value >> (n - 1)) & 1;
                return (uint)((ulong)value >> n);
            case 2:
                carry = (uint)((long)(int)value >> (n - 1)) & 1;
                return (uint)((long)(int)value >> n);
            default:
                uint rotated = BitOperations.RotateRight(value, (int)(amount & 31));
                carry = rotated >> 31;
                return rotated;
        }
    }

    /// <summary>A shift by a constant without carry out, as loads with an index need it.</summary>
    internal static uint Index(CpuState* s, uint word)
    {
        uint carry = s->C;
        return Register(s, word & ~0x10u, ref carry);
    }
}
