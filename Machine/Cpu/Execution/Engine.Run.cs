using System.Numerics;
using System.Runtime.CompilerServices;
using ActorTrace.Machine.Cpu.Decoding;
using ActorTrace.Machine.Memory;

namespace ActorTrace.Machine.Cpu.Execution;

/// <content>The interpreter's loop: one case for each <see cref="OpCode"/>. It is one method because registers, tables and the
/// place in the block stay in the host's registers only so.</content>
internal sealed unsafe partial class Engine
{
    /// <summary>Runs up to a number of instructions; <see cref="Executed"/> tells how many completed.</summary>
    /// <param name="budget">Instructions, at least 1.</param>
    /// <param name="single">Operations (with an end after them) to run in place of those at R15; null to run what is there.</param>
    /// <param name="count">How many these are: only the last of them is an instruction.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private Outcome Run(long budget, Op* single, int count)
    {
        CpuState* s = state;
        uint* R = s->R;
        nint* loads = mmu.Table(MemoryAccess.Read);
        nint* stores = mmu.Table(MemoryAccess.Write);
        nint* fetches = mmu.Table(MemoryAccess.Execute);
        bool privileged = s->Privileged;
        uint thumb = (s->Control >> Psr.ThumbBit) & 1;
        uint ahead = thumb != 0 ? 4u : 8;
        uint cyclesPerInstruction = rates.CyclesPerInstruction;
        long left = budget;
        int planned;
        uint pc = R[15];
        uint address;
        uint value;
        ulong product;
        nint host;
        uint* words;
        Block* block = null;
        Block* next;
        Block** link = null;
        Op* first;
        Op* op;
        OpCode code;
        Outcome outcome;
        if (single != null)
        {
            first = single;
            planned = count;
            left = 0;
            goto Begin;
        }

    Find:
        if (left == 0)
        {
            R[15] = pc;
            Executed = budget;
            return Outcome.Limit;
        }

        host = fetches[pc >> 12];
        if (host == 0)
        {
            R[15] = pc;
            host = (nint)mmu.FetchPage(pc);
            if (host == 0)
            {
                Executed = budget - left;
                return mmu.Fault.Outcome;
            }
        }

        block = (Block*)((CodePage*)host)->Blocks[(pc & 0xFFF) >> 1];
        if (block == null || block->Thumb != thumb)
        {
            link = null;
            block = mmu.Code.Decode((CodePage*)host, pc & 0xFFF, thumb);
        }

        if (block->MayBeGate && IsGate(pc))
        {
            R[15] = pc;
            Executed = budget - left;
            return Outcome.Gate;
        }

        if (link != null && !block->MayBeGate)
        {
            *link = block;
        }

    Enter:
        link = null;
        planned = block->Count;
        first = block->Ops;
        if (left < planned)
        {
            if (left == 0)
            {
                goto Find;
            }

            planned = (int)left;
            first = Shorten(first, planned, thumb != 0);
        }

        left -= planned;

    Begin:
        op = first;
        while (true)
        {
            code = op->Code;

        Dispatch:
            switch (code)
            {
                case OpCode.End:
                    pc += Offset(op);
                    if (op->Rs == 0)
                    {
                        goto Find;
                    }

                    next = block->Fall;
                    if (next != null)
                    {
                        block = next;
                        goto Enter;
                    }

                    link = &block->Fall;
                    goto Find;

                case OpCode.EndInside:
                    s->Control |= op->Imm;
                    R[15] = pc + Offset(op);
                    Executed = budget - left;
                    return Outcome.Recheck;

                case OpCode.Straddle:
                    outcome = Outcome.Alone;
                    goto Stopped;

                case OpCode.IfEq:
                    if (s->Z == 0)
                    {
                        code = op->Inner;
                        goto Dispatch;
                    }

                    break;

                case OpCode.IfNe:
                    if (s->Z != 0)
                    {
                        code = op->Inner;
                        goto Dispatch;
                    }

                    break;

                case OpCode.IfCs:
                    if (s->C != 0)
                    {
                        code = op->Inner;
                        goto Dispatch;
                    }

                    break;

                case OpCode.IfCc:
                    if (s->C == 0)
                    {
                        code = op->Inner;
                        goto Dispatch;
                    }

                    break;

                case OpCode.IfMi:
                    if ((int)s->N < 0)
                    {
                        code = op->Inner;
                        goto Dispatch;
                    }

                    break;

                case OpCode.IfPl:
                    if ((int)s->N >= 0)
                    {
                        code = op->Inner;
                        goto Dispatch;
                    }

                    break;

                case OpCode.IfVs:
                    if ((int)s->V < 0)
                    {
                        code = op->Inner;
                        goto Dispatch;
                    }

                    break;

                case OpCode.IfVc:
                    if ((int)s->V >= 0)
                    {
                        code = op->Inner;
                        goto Dispatch;
                    }

                    break;

                case OpCode.IfHi:
                    if (s->C != 0 && s->Z != 0)
                    {
                        code = op->Inner;
                        goto Dispatch;
                    }

                    break;

                case OpCode.IfLs:
                    if (s->C == 0 || s->Z == 0)
                    {
                        code = op->Inner;
                        goto Dispatch;
                    }

                    break;

                case OpCode.IfGe:
                    if ((int)(s->N ^ s->V) >= 0)
                    {
                        code = op->Inner;
                        goto Dispatch;
                    }

                    break;

                case OpCode.IfLt:
                    if ((int)(s->N ^ s->V) < 0)
                    {
                        code = op->Inner;
                        goto Dispatch;
                    }

                    break;

                case OpCode.IfGt:
                    if (s->Z != 0 && (int)(s->N ^ s->V) >= 0)
                    {
                        code = op->Inner;
                        goto Dispatch;
                    }

                    break;

                case OpCode.IfLe:
                    if (s->Z == 0 || (int)(s->N ^ s->V) < 0)
                    {
                        code = op->Inner;
                        goto Dispatch;
                    }

                    break;

                case OpCode.AndI:
                    R[op->Rd] = R[op->Rn] & op->Imm;
                    break;

                case OpCode.AndR:
                    R[op->Rd] = R[op->Rn] & R[op->Rm];
                    break;

                case OpCode.AndS:
                    R[op->Rd] = R[op->Rn] & Shifted(R, op);
                    break;

                case OpCode.EorI:
                    R[op->Rd] = R[op->Rn] ^ op->Imm;
                    break;

                case OpCode.EorR:
                    R[op->Rd] = R[op->Rn] ^ R[op->Rm];
                    break;

                case OpCode.EorS:
                    R[op->Rd] = R[op->Rn] ^ Shifted(R, op);
                    break;

                case OpCode.SubI:
                    R[op->Rd] = R[op->Rn] - op->Imm;
                    break;

                case OpCode.SubR:
                    R[op->Rd] = R[op->Rn] - R[op->Rm];
                    break;

                case OpCode.SubS:
                    R[op->Rd] = R[op->Rn] - Shifted(R, op);
                    break;

                case OpCode.RsbI:
                    R[op->Rd] = op->Imm - R[op->Rn];
                    break;

                case OpCode.RsbR:
                    R[op->Rd] = R[op->Rm] - R[op->Rn];
                    break;

                case OpCode.RsbS:
                    R[op->Rd] = Shifted(R, op) - R[op->Rn];
                    break;

                case OpCode.AddI:
                    R[op->Rd] = R[op->Rn] + op->Imm;
                    break;

                case OpCode.AddR:
                    R[op->Rd] = R[op->Rn] + R[op->Rm];
                    break;

                case OpCode.AddS:
                    R[op->Rd] = R[op->Rn] + Shifted(R, op);
                    break;

                case OpCode.OrrI:
                    R[op->Rd] = R[op->Rn] | op->Imm;
                    break;

                case OpCode.OrrR:
                    R[op->Rd] = R[op->Rn] | R[op->Rm];
                    break;

                case OpCode.OrrS:
                    R[op->Rd] = R[op->Rn] | Shifted(R, op);
                    break;

                case OpCode.BicI:
                    R[op->Rd] = R[op->Rn] & ~op->Imm;
                    break;

                case OpCode.BicR:
                    R[op->Rd] = R[op->Rn] & ~R[op->Rm];
                    break;

                case OpCode.BicS:
                    R[op->Rd] = R[op->Rn] & ~Shifted(R, op);
                    break;

                case OpCode.MovI:
                    R[op->Rd] = op->Imm;
                    break;

                case OpCode.MovR:
                    R[op->Rd] = R[op->Rm];
                    break;

                case OpCode.MovS:
                    R[op->Rd] = Shifted(R, op);
                    break;

                case OpCode.MvnR:
                    R[op->Rd] = ~R[op->Rm];
                    break;

                case OpCode.MvnS:
                    R[op->Rd] = ~Shifted(R, op);
                    break;

                case OpCode.AdcI:
                    R[op->Rd] = R[op->Rn] + op->Imm + s->C;
                    break;

                case OpCode.AdcR:
                    R[op->Rd] = R[op->Rn] + R[op->Rm] + s->C;
                    break;

                case OpCode.SbcI:
                    R[op->Rd] = R[op->Rn] - op->Imm - 1 + s->C;
                    break;

                case OpCode.SbcR:
                    R[op->Rd] = R[op->Rn] - R[op->Rm] - 1 + s->C;
                    break;

                case OpCode.AddsI:
                    R[op->Rd] = FlagsOfSum(s, R[op->Rn], op->Imm);
                    break;

                case OpCode.AddsR:
                    R[op->Rd] = FlagsOfSum(s, R[op->Rn], R[op->Rm]);
                    break;

                case OpCode.SubsI:
                    R[op->Rd] = FlagsOfDifference(s, R[op->Rn], op->Imm);
                    break;

                case OpCode.SubsR:
                    R[op->Rd] = FlagsOfDifference(s, R[op->Rn], R[op->Rm]);
                    break;

                case OpCode.RsbsI:
                    R[op->Rd] = FlagsOfDifference(s, op->Imm, R[op->Rn]);
                    break;

                case OpCode.AndsI:
                    R[op->Rd] = FlagsOfLogical(s, R[op->Rn] & op->Imm, op);
                    break;

                case OpCode.AndsR:
                    R[op->Rd] = FlagsOfValue(s, R[op->Rn] & R[op->Rm]);
                    break;

                case OpCode.OrrsR:
                    R[op->Rd] = FlagsOfValue(s, R[op->Rn] | R[op->Rm]);
                    break;

                case OpCode.EorsR:
                    R[op->Rd] = FlagsOfValue(s, R[op->Rn] ^ R[op->Rm]);
                    break;

                case OpCode.MovsI:
                    R[op->Rd] = FlagsOfLogical(s, op->Imm, op);
                    break;

                case OpCode.MovsS:
                    R[op->Rd] = FlagsOfValue(s, Alu.ShiftByRegister(R[op->Rm], op->Rs, op->Shift, ref s->C));
                    break;

                case OpCode.BicsR:
                    R[op->Rd] = FlagsOfValue(s, R[op->Rn] & ~R[op->Rm]);
                    break;

                case OpCode.MvnsR:
                    R[op->Rd] = FlagsOfValue(s, ~R[op->Rm]);
                    break;

                case OpCode.MovsR:
                    R[op->Rd] = FlagsOfValue(s, R[op->Rm]);
                    break;

                case OpCode.CmpI:
                    FlagsOfDifference(s, R[op->Rn], op->Imm);
                    break;

                case OpCode.CmpR:
                    FlagsOfDifference(s, R[op->Rn], R[op->Rm]);
                    break;

                case OpCode.CmpS:
                    FlagsOfDifference(s, R[op->Rn], Shifted(R, op));
                    break;

                case OpCode.CmnI:
                    FlagsOfSum(s, R[op->Rn], op->Imm);
                    break;

                case OpCode.TstI:
                    FlagsOfLogical(s, R[op->Rn] & op->Imm, op);
                    break;

                case OpCode.TstR:
                    FlagsOfValue(s, R[op->Rn] & R[op->Rm]);
                    break;

                case OpCode.TeqI:
                    FlagsOfLogical(s, R[op->Rn] ^ op->Imm, op);
                    break;

                case OpCode.TeqR:
                    FlagsOfValue(s, R[op->Rn] ^ R[op->Rm]);
                    break;

                case OpCode.MovByRegister:
                    R[op->Rd] = ShiftedByRegister(R, op);
                    break;

                case OpCode.DataProcessing:
                    R[15] = pc + Offset(op) + ahead;
                    Alu.Execute(s, op);
                    break;

                case OpCode.OrNot:
                    R[15] = pc + Offset(op) + ahead;
                    Alu.OrNot(s, op);
                    break;

                case OpCode.Adr:
                    R[op->Rd] = pc + op->Imm;
                    break;

                case OpCode.MovTop:
                    R[op->Rd] = (R[op->Rd] & 0xFFFF) | op->Imm;
                    break;

                case OpCode.Mul:
                    R[op->Rd] = R[op->Rm] * R[op->Rs];
                    break;

                case OpCode.Muls:
                    R[op->Rd] = FlagsOfValue(s, R[op->Rm] * R[op->Rs]);
                    break;

                case OpCode.Mla:
                    R[op->Rd] = (R[op->Rm] * R[op->Rs]) + R[op->Rn];
                    break;

                case OpCode.Mls:
                    R[op->Rd] = R[op->Rn] - (R[op->Rm] * R[op->Rs]);
                    break;

                case OpCode.Umull:
                    product = (ulong)R[op->Rm] * R[op->Rs];
                    R[op->Rn] = (uint)product;
                    R[op->Rd] = (uint)(product >> 32);
                    break;

                case OpCode.Smull:
                    product = (ulong)((long)(int)R[op->Rm] * (int)R[op->Rs]);
                    R[op->Rn] = (uint)product;
                    R[op->Rd] = (uint)(product >> 32);
                    break;

                case OpCode.Clz:
                    R[op->Rd] = (uint)BitOperations.LeadingZeroCount(R[op->Rm]);
                    break;

                case OpCode.Uxtb:
                    R[op->Rd] = (byte)R[op->Rm];
                    break;

                case OpCode.Uxth:
                    R[op->Rd] = (ushort)R[op->Rm];
                    break;

                case OpCode.Sxtb:
                    R[op->Rd] = (uint)(sbyte)R[op->Rm];
                    break;

                case OpCode.Sxth:
                    R[op->Rd] = (uint)(short)R[op->Rm];
                    break;

                case OpCode.Ubfx:
                    R[op->Rd] = (R[op->Rm] >> op->Shift) & op->Imm;
                    break;

                case OpCode.Bfi:
                    R[op->Rd] = (R[op->Rd] & ~op->Imm) | ((R[op->Rm] << op->Shift) & op->Imm);
                    break;

                case OpCode.Compute:
                    R[15] = pc + Offset(op) + ahead;
                    Computing.Execute(s, (A32)op->Rs, op->Raw);
                    break;

                case OpCode.LdrI:
                    address = R[op->Rn] + op->Imm;
                    host = loads[address >> 12];
                    if (host != 0 && (address & 3) == 0)
                    {
                        value = *(uint*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 4, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    R[op->Rd] = value;
                    break;

                case OpCode.StrI:
                    address = R[op->Rn] + op->Imm;
                    host = stores[address >> 12];
                    if (host != 0 && (address & 3) == 0)
                    {
                        *(uint*)(host + (nint)address) = R[op->Rd];
                    }
                    else if (!mmu.Store(address, 4, R[op->Rd], false, privileged))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.LdrbI:
                    address = R[op->Rn] + op->Imm;
                    host = loads[address >> 12];
                    if (host != 0)
                    {
                        value = *(byte*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 1, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    R[op->Rd] = value;
                    break;

                case OpCode.StrbI:
                    address = R[op->Rn] + op->Imm;
                    host = stores[address >> 12];
                    if (host != 0)
                    {
                        *(byte*)(host + (nint)address) = (byte)R[op->Rd];
                    }
                    else if (!mmu.Store(address, 1, R[op->Rd], false, privileged))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.LdrhI:
                    address = R[op->Rn] + op->Imm;
                    host = loads[address >> 12];
                    if (host != 0 && (address & 1) == 0)
                    {
                        value = *(ushort*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 2, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    R[op->Rd] = value;
                    break;

                case OpCode.StrhI:
                    address = R[op->Rn] + op->Imm;
                    host = stores[address >> 12];
                    if (host != 0 && (address & 1) == 0)
                    {
                        *(ushort*)(host + (nint)address) = (ushort)R[op->Rd];
                    }
                    else if (!mmu.Store(address, 2, R[op->Rd], false, privileged))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.LdrsbI:
                    address = R[op->Rn] + op->Imm;
                    host = loads[address >> 12];
                    if (host != 0)
                    {
                        value = *(byte*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 1, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    R[op->Rd] = (uint)(sbyte)value;
                    break;

                case OpCode.LdrshI:
                    address = R[op->Rn] + op->Imm;
                    host = loads[address >> 12];
                    if (host != 0 && (address & 1) == 0)
                    {
                        value = *(ushort*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 2, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    R[op->Rd] = (uint)(short)value;
                    break;

                case OpCode.LdrR:
                    address = R[op->Rn] + (R[op->Rm] << op->Shift);
                    host = loads[address >> 12];
                    if (host != 0 && (address & 3) == 0)
                    {
                        value = *(uint*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 4, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    R[op->Rd] = value;
                    break;

                case OpCode.StrR:
                    address = R[op->Rn] + (R[op->Rm] << op->Shift);
                    host = stores[address >> 12];
                    if (host != 0 && (address & 3) == 0)
                    {
                        *(uint*)(host + (nint)address) = R[op->Rd];
                    }
                    else if (!mmu.Store(address, 4, R[op->Rd], false, privileged))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.LdrbR:
                    address = R[op->Rn] + (R[op->Rm] << op->Shift);
                    host = loads[address >> 12];
                    if (host != 0)
                    {
                        value = *(byte*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 1, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    R[op->Rd] = value;
                    break;

                case OpCode.StrbR:
                    address = R[op->Rn] + (R[op->Rm] << op->Shift);
                    host = stores[address >> 12];
                    if (host != 0)
                    {
                        *(byte*)(host + (nint)address) = (byte)R[op->Rd];
                    }
                    else if (!mmu.Store(address, 1, R[op->Rd], false, privileged))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.LdrhR:
                    address = R[op->Rn] + (R[op->Rm] << op->Shift);
                    host = loads[address >> 12];
                    if (host != 0 && (address & 1) == 0)
                    {
                        value = *(ushort*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 2, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    R[op->Rd] = value;
                    break;

                case OpCode.StrhR:
                    address = R[op->Rn] + (R[op->Rm] << op->Shift);
                    host = stores[address >> 12];
                    if (host != 0 && (address & 1) == 0)
                    {
                        *(ushort*)(host + (nint)address) = (ushort)R[op->Rd];
                    }
                    else if (!mmu.Store(address, 2, R[op->Rd], false, privileged))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.LdrLiteral:
                    address = pc + op->Imm;
                    host = loads[address >> 12];
                    if (host != 0 && (address & 3) == 0)
                    {
                        value = *(uint*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 4, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    R[op->Rd] = value;
                    break;

                case OpCode.LdrPre:
                    address = R[op->Rn] + op->Imm;
                    host = loads[address >> 12];
                    if (host != 0 && (address & 3) == 0)
                    {
                        value = *(uint*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 4, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    R[op->Rn] = address;
                    R[op->Rd] = value;
                    break;

                case OpCode.LdrPost:
                    address = R[op->Rn];
                    host = loads[address >> 12];
                    if (host != 0 && (address & 3) == 0)
                    {
                        value = *(uint*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 4, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    R[op->Rn] = address + op->Imm;
                    R[op->Rd] = value;
                    break;

                case OpCode.StrPre:
                    address = R[op->Rn] + op->Imm;
                    host = stores[address >> 12];
                    if (host != 0 && (address & 3) == 0)
                    {
                        *(uint*)(host + (nint)address) = R[op->Rd];
                    }
                    else if (!mmu.Store(address, 4, R[op->Rd], false, privileged))
                    {
                        goto Refused;
                    }

                    R[op->Rn] = address;
                    break;

                case OpCode.StrPost:
                    address = R[op->Rn];
                    host = stores[address >> 12];
                    if (host != 0 && (address & 3) == 0)
                    {
                        *(uint*)(host + (nint)address) = R[op->Rd];
                    }
                    else if (!mmu.Store(address, 4, R[op->Rd], false, privileged))
                    {
                        goto Refused;
                    }

                    R[op->Rn] = address + op->Imm;
                    break;

                case OpCode.LdrbPre:
                    address = R[op->Rn] + op->Imm;
                    host = loads[address >> 12];
                    if (host != 0)
                    {
                        value = *(byte*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 1, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    R[op->Rn] = address;
                    R[op->Rd] = value;
                    break;

                case OpCode.LdrbPost:
                    address = R[op->Rn];
                    host = loads[address >> 12];
                    if (host != 0)
                    {
                        value = *(byte*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 1, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    R[op->Rn] = address + op->Imm;
                    R[op->Rd] = value;
                    break;

                case OpCode.StrbPre:
                    address = R[op->Rn] + op->Imm;
                    host = stores[address >> 12];
                    if (host != 0)
                    {
                        *(byte*)(host + (nint)address) = (byte)R[op->Rd];
                    }
                    else if (!mmu.Store(address, 1, R[op->Rd], false, privileged))
                    {
                        goto Refused;
                    }

                    R[op->Rn] = address;
                    break;

                case OpCode.StrbPost:
                    address = R[op->Rn];
                    host = stores[address >> 12];
                    if (host != 0)
                    {
                        *(byte*)(host + (nint)address) = (byte)R[op->Rd];
                    }
                    else if (!mmu.Store(address, 1, R[op->Rd], false, privileged))
                    {
                        goto Refused;
                    }

                    R[op->Rn] = address + op->Imm;
                    break;

                case OpCode.LdrdI:
                    address = R[op->Rn] + op->Imm;
                    host = loads[address >> 12];
                    if (host != 0 && (address & 3) == 0 && (address & 0xFFF) != 0xFFC)
                    {
                        words = (uint*)(host + (nint)address);
                        value = *words;
                        R[op->Shift] = words[1];
                        R[op->Rd] = value;
                    }
                    else if (!transfers.Dual(s, op))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.StrdI:
                    address = R[op->Rn] + op->Imm;
                    host = stores[address >> 12];
                    if (host != 0 && (address & 3) == 0 && (address & 0xFFF) != 0xFFC)
                    {
                        words = (uint*)(host + (nint)address);
                        *words = R[op->Rd];
                        words[1] = R[op->Shift];
                    }
                    else if (!transfers.Dual(s, op))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.LdrdPre:
                    address = R[op->Rn] + op->Imm;
                    host = loads[address >> 12];
                    if (host != 0 && (address & 3) == 0 && (address & 0xFFF) != 0xFFC)
                    {
                        words = (uint*)(host + (nint)address);
                        R[op->Rn] = address;
                        value = *words;
                        R[op->Shift] = words[1];
                        R[op->Rd] = value;
                    }
                    else if (!transfers.Dual(s, op))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.StrdPre:
                    address = R[op->Rn] + op->Imm;
                    host = stores[address >> 12];
                    if (host != 0 && (address & 3) == 0 && (address & 0xFFF) != 0xFFC)
                    {
                        words = (uint*)(host + (nint)address);
                        *words = R[op->Rd];
                        words[1] = R[op->Shift];
                        R[op->Rn] = address;
                    }
                    else if (!transfers.Dual(s, op))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.LdrdPost:
                    address = R[op->Rn];
                    host = loads[address >> 12];
                    if (host != 0 && (address & 3) == 0 && (address & 0xFFF) != 0xFFC)
                    {
                        words = (uint*)(host + (nint)address);
                        R[op->Rn] = address + op->Imm;
                        value = *words;
                        R[op->Shift] = words[1];
                        R[op->Rd] = value;
                    }
                    else if (!transfers.Dual(s, op))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.StrdPost:
                    address = R[op->Rn];
                    host = stores[address >> 12];
                    if (host != 0 && (address & 3) == 0 && (address & 0xFFF) != 0xFFC)
                    {
                        words = (uint*)(host + (nint)address);
                        *words = R[op->Rd];
                        words[1] = R[op->Shift];
                        R[op->Rn] = address + op->Imm;
                    }
                    else if (!transfers.Dual(s, op))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.Memory:
                    R[15] = pc + Offset(op) + ahead;
                    if (!transfers.Execute(s, op))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.LoadMultiple:
                    R[15] = pc + Offset(op) + ahead;
                    address = R[op->Rn] + op->Imm;
                    host = loads[address >> 12];
                    if (host != 0 && (address & 3) == 0 && (address & 0xFFF) + op->Rs <= 4096)
                    {
                        words = (uint*)(host + (nint)address);
                        R[op->Rn] += (uint)((sbyte)op->Shift * 4);
                        for (value = op->Raw & 0xFFFF; value != 0; value &= value - 1)
                        {
                            R[BitOperations.TrailingZeroCount(value)] = *words++;
                        }
                    }
                    else if (!transfers.LoadMultiple(s, op->Raw))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.StoreMultiple:
                    R[15] = pc + Offset(op) + ahead;
                    address = R[op->Rn] + op->Imm;
                    host = stores[address >> 12];
                    if (host != 0 && (address & 3) == 0 && (address & 0xFFF) + op->Rs <= 4096)
                    {
                        words = (uint*)(host + (nint)address);
                        for (value = op->Raw & 0xFFFF; value != 0; value &= value - 1)
                        {
                            *words++ = R[BitOperations.TrailingZeroCount(value)];
                        }

                        R[op->Rn] += (uint)((sbyte)op->Shift * 4);
                    }
                    else if (!transfers.StoreMultiple(s, op->Raw))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.Vfp:
                    if (!vfp.Execute(s, op))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.VfpLoad:
                    R[15] = pc + Offset(op) + ahead;
                    if (!vfp.Load(s, op, loads))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.VfpStore:
                    R[15] = pc + Offset(op) + ahead;
                    if (!vfp.Store(s, op, stores))
                    {
                        goto Refused;
                    }

                    break;

                case OpCode.ReadSystem:
                    R[15] = pc + Offset(op) + ahead;
                    outcome = system.Read(s, (A32)op->Rs, op->Raw, Now + ((ulong)(budget - left - planned + (op - first) + 1) * cyclesPerInstruction));
                    if (outcome != Outcome.Recheck)
                    {
                        goto Stopped;
                    }

                    break;

                case OpCode.Nop or OpCode.IfThen:
                    break;

                case OpCode.BEq:
                    if (s->Z == 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BNe:
                    if (s->Z != 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BCs:
                    if (s->C != 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BCc:
                    if (s->C == 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BMi:
                    if ((int)s->N < 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BPl:
                    if ((int)s->N >= 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BVs:
                    if ((int)s->V < 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BVc:
                    if ((int)s->V >= 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BHi:
                    if (s->C != 0 && s->Z != 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BLs:
                    if (s->C == 0 || s->Z == 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BGe:
                    if ((int)(s->N ^ s->V) >= 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BLt:
                    if ((int)(s->N ^ s->V) < 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BGt:
                    if (s->Z != 0 && (int)(s->N ^ s->V) >= 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BLe:
                    if (s->Z == 0 || (int)(s->N ^ s->V) < 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BranchZero:
                    if (R[op->Rn] == 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BranchNonzero:
                    if (R[op->Rn] != 0)
                    {
                        goto Taken;
                    }

                    goto Fall;

                case OpCode.BranchLink:
                    R[14] = pc + op->Raw;
                    goto Taken;

                case OpCode.B:
                    goto Taken;

                case OpCode.BranchExchange:
                    value = R[op->Rm];
                    goto Exchange;

                case OpCode.BranchLinkExchange:
                    value = R[op->Rm];
                    R[14] = pc + op->Imm;
                    goto Exchange;

                case OpCode.BranchState:
                    value = pc + op->Imm;
                    goto Exchange;

                case OpCode.BranchLinkState:
                    R[14] = pc + op->Raw;
                    value = pc + op->Imm;
                    goto Exchange;

                case OpCode.TableBranch:
                    R[15] = pc + Offset(op) + ahead;
                    address = R[op->Rn] + (R[op->Rm] << op->Shift);
                    host = loads[address >> 12];
                    if (host != 0 && (address & op->Shift) == 0)
                    {
                        value = op->Shift == 0 ? *(byte*)(host + (nint)address) : *(ushort*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 1 << op->Shift, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    value = (R[15] + (value * 2)) | 1;
                    goto Exchange;

                case OpCode.LdrPcI:
                    address = R[op->Rn] + op->Imm;
                    host = loads[address >> 12];
                    if (host != 0 && (address & 3) == 0)
                    {
                        value = *(uint*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 4, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    goto Exchange;

                case OpCode.LdrPcPost:
                    address = R[op->Rn];
                    host = loads[address >> 12];
                    if (host != 0 && (address & 3) == 0)
                    {
                        value = *(uint*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 4, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    R[op->Rn] = address + op->Imm;
                    goto Exchange;

                case OpCode.LdrPcTable:
                    address = pc + Offset(op) + ahead + (R[op->Rm] << op->Shift);
                    host = loads[address >> 12];
                    if (host != 0 && (address & 3) == 0)
                    {
                        value = *(uint*)(host + (nint)address);
                    }
                    else if (!mmu.Load(address, 4, false, privileged, out value))
                    {
                        goto Refused;
                    }

                    goto Exchange;

                case OpCode.MemoryToPc:
                    R[15] = pc + Offset(op) + ahead;
                    if (!transfers.WordOrByte(s, op->Raw, privileged))
                    {
                        goto Refused;
                    }

                    value = R[15];
                    goto Exchange;

                case OpCode.LoadMultipleToPc:
                    R[15] = pc + Offset(op) + ahead;
                    address = R[op->Rn] + op->Imm;
                    host = loads[address >> 12];
                    if (host != 0 && (address & 3) == 0 && (address & 0xFFF) + op->Rs <= 4096)
                    {
                        words = (uint*)(host + (nint)address);
                        R[op->Rn] += (uint)((sbyte)op->Shift * 4);
                        for (value = op->Raw & 0xFFFF; value != 0; value &= value - 1)
                        {
                            R[BitOperations.TrailingZeroCount(value)] = *words++;
                        }
                    }
                    else if (!transfers.LoadMultiple(s, op->Raw))
                    {
                        goto Refused;
                    }

                    value = R[15];
                    goto Exchange;

                case OpCode.DataProcessingToPc:
                    R[15] = pc + Offset(op) + ahead;
                    if ((op->Raw & (1 << 20)) == 0)
                    {
                        Alu.Execute(s, op);
                        // Only A32 changes state so (ALUWritePC).
                        value = R[15] | thumb;
                        goto Exchange;
                    }

                    outcome = system.ReturnByResult(s, op);
                    goto Stopped;

                case OpCode.System:
                    R[15] = pc + Offset(op) + ahead;
                    if (thumb != 0)
                    {
                        s->Control |= IfThenState.ToPsr(IfThenAt(op + 1, first));
                    }

                    outcome = system.Execute(
                        s, (A32)op->Rs, op->Raw, Now + ((ulong)(budget - left - planned + (op - first) + 1) * cyclesPerInstruction));
                    goto Stopped;

                default:
                    throw new InvalidOperationException($"No operation {code}.");
            }

            op++;
        }

    Taken:
        pc += op->Imm;
        if (op->Rs == 0)
        {
            goto Find;
        }

        next = block->Taken;
        if (next != null)
        {
            block = next;
            goto Enter;
        }

        link = &block->Taken;
        goto Find;

    Fall:
        pc += op->Raw;
        if (op->Rs == 0)
        {
            goto Find;
        }

        next = block->Fall;
        if (next != null)
        {
            block = next;
            goto Enter;
        }

        if ((pc & 0xFFF) != 0)
        {
            link = &block->Fall;
        }

        goto Find;

    Exchange:
        pc = value & (~3u | ((value & 1) << 1));
        if ((value & 1) != thumb)
        {
            s->Control ^= Psr.Thumb;
            thumb ^= 1;
            ahead ^= 4 ^ 8;
        }

        goto Find;

    Refused:
        outcome = mmu.Fault.Outcome;

    Stopped:
        Executed = budget - left - planned + (op - first);
        switch (outcome)
        {
            case Outcome.Jumped:
                Executed++;
                return Outcome.Recheck;
            case Outcome.Recheck or Outcome.Sleep:
                Executed++;
                R[15] = pc + Offset(op + 1);
                return outcome;
            default:
                R[15] = pc + Offset(op);
                Stop(op, first, thumb != 0);
                return outcome;
        }
    }
}
