namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>The 64-bit registers of coprocessors 14 and 15 (ARM DDI 0406 B3.17.3, C11.2), one a line; what is not here is UNDEFINED.</summary>
internal static class WideRegisterTable
{
    private const SystemAccess Controls = SystemAccess.ReadWrite | SystemAccess.TrapVm;
    private const SystemAccess DebugRead = SystemAccess.Read | SystemAccess.UserRead | SystemAccess.TrapDebug;

    internal static readonly WideRegisterRow[] Rows =
    [
        new("DBGDRAR", 14, 0, 1, DebugRead),
        new("DBGDSAR", 14, 0, 2, DebugRead),
        new("TTBR0", 15, 0, 2, Controls) { Get = c => c.Ttbr0, Set = (c, v) => c.Ttbr0 = v },
        new("TTBR1", 15, 1, 2, Controls) { Get = c => c.Ttbr1, Set = (c, v) => c.Ttbr1 = v },
        new("PAR", 15, 0, 7, SystemAccess.ReadWrite) { Get = c => c.Par, Set = (c, v) => c.Par = v },
        new("CNTPCT", 15, 0, 14, SystemAccess.Read | SystemAccess.UserRead)
        {
            Effect = SystemEffect.Timer,
            Number = (int)TimerRegister.PhysicalCount,
        },
        new("CNTVCT", 15, 1, 14, SystemAccess.Read | SystemAccess.UserRead)
        {
            Effect = SystemEffect.Timer,
            Number = (int)TimerRegister.VirtualCount,
        },
        new("CNTP_CVAL", 15, 2, 14, SystemAccess.All) { Effect = SystemEffect.Timer, Number = (int)TimerRegister.PhysicalCompare },
        new("CNTV_CVAL", 15, 3, 14, SystemAccess.All) { Effect = SystemEffect.Timer, Number = (int)TimerRegister.VirtualCompare },
        new("CPUMERRSR", 15, 0, 15, SystemAccess.ReadWrite),
        new("L2MERRSR", 15, 1, 15, SystemAccess.ReadWrite),
    ];
}
