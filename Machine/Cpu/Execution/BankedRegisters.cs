namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>What MRS and MSR (Banked register) name: SYSm with R (ARM DDI 0406 B9.2.3).</summary>
internal static unsafe class BankedRegisters
{
    /// <summary>Finds where a banked register is at present; false for what does not exist here or may not be named.</summary>
    internal static bool TryFind(CpuState* s, uint selector, bool spsr, out uint* place)
    {
        place = null;
        int current = ProcessorMode.Bank(s->Mode);
        if (!spsr && selector <= 6)
        {
            place = User(s, (int)selector + 8, current);
            return true;
        }

        if (!spsr && selector is >= 8 and <= 14)
        {
            place = Fiq(s, (int)selector, current);
            return true;
        }

        int bank = (selector & ~1u) switch
        {
            0b01110 when spsr => ProcessorMode.FiqBank,
            0b10000 => ProcessorMode.IrqBank,
            0b10010 => ProcessorMode.SupervisorBank,
            0b10100 => ProcessorMode.AbortBank,
            0b10110 => ProcessorMode.UndefinedBank,
            _ => 0,
        };
        if (bank == 0 || (spsr && (selector & 1) != 0))
        {
            return false;
        }

        place = spsr ? &s->Spsr[bank]
            : (selector & 1) == 0 ? (bank == current ? &s->R[14] : &s->BankedLr[bank])
            : bank == current ? &s->R[13] : &s->BankedSp[bank];
        return true;
    }

    private static uint* User(CpuState* s, int register, int current) => register switch
    {
        13 when current != ProcessorMode.UserBank => &s->BankedSp[0],
        14 when current != ProcessorMode.UserBank => &s->BankedLr[0],
        <= 12 when current == ProcessorMode.FiqBank => &s->OtherHigh[register - 8],
        _ => &s->R[register],
    };

    private static uint* Fiq(CpuState* s, int register, int current) => register switch
    {
        _ when current == ProcessorMode.FiqBank => &s->R[register],
        13 => &s->BankedSp[ProcessorMode.FiqBank],
        14 => &s->BankedLr[ProcessorMode.FiqBank],
        _ => &s->OtherHigh[register - 8],
    };
}
