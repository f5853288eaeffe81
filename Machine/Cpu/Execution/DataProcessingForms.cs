using ActorTrace.Machine.Cpu.Decoding;

namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Which data-processing instructions have a form of their own in the interpreter, as a table by opcode.</summary>
internal static class DataProcessingForms
{
    private const int Pc = 15;
    private const uint IsImmediate = 1 << 25;
    private const OpCode None = OpCode.DataProcessing;

    /// <summary>Without flags: opcode -> immediate, register, shifted.</summary>
    private static readonly (OpCode Immediate, OpCode Register, OpCode Shifted)[] Plain =
    [
        (OpCode.AndI, OpCode.AndR, OpCode.AndS),
        (OpCode.EorI, OpCode.EorR, OpCode.EorS),
        (OpCode.SubI, OpCode.SubR, OpCode.SubS),
        (OpCode.RsbI, OpCode.RsbR, OpCode.RsbS),
        (OpCode.AddI, OpCode.AddR, OpCode.AddS),
        (OpCode.AdcI, OpCode.AdcR, None),
        (OpCode.SbcI, OpCode.SbcR, None),
        (None, None, None),
        (None, None, None),
        (None, None, None),
        (None, None, None),
        (None, None, None),
        (OpCode.OrrI, OpCode.OrrR, OpCode.OrrS),
        (OpCode.MovI, OpCode.MovR, OpCode.MovS),
        (OpCode.BicI, OpCode.BicR, OpCode.BicS),
        (OpCode.MovI, OpCode.MvnR, OpCode.MvnS),
    ];

    /// <summary>With flags.</summary>
    private static readonly (OpCode Immediate, OpCode Register, OpCode Shifted)[] Flags =
    [
        (OpCode.AndsI, OpCode.AndsR, None),
        (None, OpCode.EorsR, None),
        (OpCode.SubsI, OpCode.SubsR, None),
        (OpCode.RsbsI, None, None),
        (OpCode.AddsI, OpCode.AddsR, None),
        (None, None, None),
        (None, None, None),
        (None, None, None),
        (OpCode.TstI, OpCode.TstR, None),
        (OpCode.TeqI, OpCode.TeqR, None),
        (OpCode.CmpI, OpCode.CmpR, OpCode.CmpS),
        (OpCode.CmnI, None, None),
        (None, OpCode.OrrsR, None),
        (OpCode.MovsI, OpCode.MovsR, OpCode.MovsS),
        (None, OpCode.BicsR, None),
        (None, OpCode.MvnsR, None),
    ];

    /// <summary>Fills in the operation; true where it writes the program counter.</summary>
    internal static bool Fill(ref Op op, in Instruction instruction, CodePlace place)
    {
        uint word = instruction.Word;
        uint opcode = (word >> 21) & 15;
        bool flags = (word & (1 << 20)) != 0;
        Immediate(ref op, instruction);
        if (op.Rd == Pc && opcode is < 8 or > 11)
        {
            op.Code = OpCode.DataProcessingToPc;
            return true;
        }

        op.Code = None;
        bool usesRn = opcode is not (13 or 15);
        (OpCode immediate, OpCode register, OpCode shifted) = (flags ? Flags : Plain)[opcode];
        if ((word & IsImmediate) != 0)
        {
            if (usesRn && op.Rn == Pc)
            {
                ProgramCounterRelative(ref op, opcode, flags, place.AlignedProgramCounter(instruction.Ahead));
                return false;
            }

            op.Code = immediate;
            if (opcode == 15 && immediate != None)
            {
                op.Imm = ~op.Imm;
            }
        }
        else if (op.Rm != Pc && !(usesRn && op.Rn == Pc))
        {
            Register(ref op, word, register, shifted);
        }

        return false;
    }

    /// <summary>Imm: the constant. Rs = 1: a logical instruction sets the carry to its top bit.</summary>
    internal static void Immediate(ref Op op, in Instruction instruction)
    {
        uint word = instruction.Word;
        if ((word & IsImmediate) != 0)
        {
            bool rotates = instruction.HasImmediate ? instruction.Rotates : (word & 0xF00) != 0;
            op.Imm = instruction.HasImmediate ? instruction.Immediate : OpBuilder.ExpandImmediate(word);
            op.Rs = rotates ? (byte)1 : (byte)0;
        }
    }

    /// <summary>ADR.</summary>
    private static void ProgramCounterRelative(ref Op op, uint opcode, bool flags, uint pc)
    {
        if (!flags && opcode is 2 or 4)
        {
            op.Code = OpCode.Adr;
            op.Imm = opcode == 4 ? pc + op.Imm : pc - op.Imm;
        }
    }

    private static void Register(ref Op op, uint word, OpCode register, OpCode shifted)
    {
        bool byRegister = (word & 0x10) != 0;
        uint type = (word >> 5) & 3;
        uint amount = (word >> 7) & 31;
        if (byRegister)
        {
            bool flags = (word & (1 << 20)) != 0;
            if (((word >> 21) & 15) == 13 && !flags && ((word >> 8) & 15) != Pc)
            {
                (op.Code, op.Rs, op.Shift) = (OpCode.MovByRegister, (byte)((word >> 8) & 15), (byte)type);
            }
        }
        else if (type == 0 && amount == 0)
        {
            op.Code = register;
        }
        else if (type != 3 || amount != 0)
        {
            // LSR and ASR by 0 mean 32; RRX (ROR by 0) has no form.
            (op.Code, op.Rs, op.Shift) = (shifted, (byte)type, (byte)(amount == 0 ? 32 : amount));
        }
    }
}
