namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Which data-processing instructions have a form of their own in the interpreter, as a table by opcode.</summary>
internal static class DataProcessingForms
{
    private const int Pc = 15;
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
        (None, OpCode.MovsR, None),
        (None, None, None),
        (None, None, None),
    ];

    /// <summary>Fills in the operation; true where it writes the program counter.</summary>
    internal static bool Fill(ref Op op, uint word)
    {
        uint opcode = (word >> 21) & 15;
        bool flags = (word & (1 << 20)) != 0;
        bool compares = opcode is >= 8 and <= 11;
        if (op.Rd == Pc && !compares)
        {
            op.Code = OpCode.DataProcessingToPc;
            return true;
        }

        op.Code = None;
        bool usesRn = opcode is not (13 or 15);
        (OpCode immediate, OpCode register, OpCode shifted) = (flags ? Flags : Plain)[opcode];
        if (usesRn && op.Rn == Pc)
        {
            return false;
        }

        if ((word & (1 << 25)) != 0)
        {
            op.Imm = OpBuilder.ExpandImmediate(word);
            if (opcode == 15)
            {
                op.Imm = ~op.Imm;
            }

            // A rotated constant of a logical instruction sets the carry to its top bit; Rs = 1 tells.
            op.Rs = (byte)((word & 0xF00) != 0 ? 1 : 0);
            op.Code = immediate;
            return false;
        }

        if (op.Rm == Pc)
        {
            return false;
        }

        bool byRegister = (word & 0x10) != 0;
        uint type = (word >> 5) & 3;
        uint amount = (word >> 7) & 31;
        if (byRegister)
        {
            if (opcode == 13 && !flags && ((word >> 8) & 15) != Pc)
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

        return false;
    }
}
