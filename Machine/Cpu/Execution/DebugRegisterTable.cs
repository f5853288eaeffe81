namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>The 32-bit registers of coprocessor 14 (ARM DDI 0406 C11.2, A2.9, A2.10), one a line; what is not here is UNDEFINED.</summary>
internal static class DebugRegisterTable
{
    private const SystemAccess Read = SystemAccess.Read | SystemAccess.TrapDebug;
    private const SystemAccess Write = SystemAccess.Write | SystemAccess.TrapDebug;
    private const SystemAccess ReadWrite = Read | Write;
    private const uint OsLockKey = 0xC5AC_CE55;

    internal static readonly SystemRegisterRow[] Rows =
    [
        new("DBGDIDR", 0, 0, 0, 0, Read | SystemAccess.UserRead) { Get = c => 0x3515F021 },
        new("DBGDTRRXext", 0, 0, 0, 2, ReadWrite),
        new("DBGDSCRint", 0, 0, 1, 0, Read | SystemAccess.UserRead) { Get = c => c.Debug.Status },
        new("DBGDSCRext", 0, 0, 2, 2, ReadWrite)
        {
            Get = c => c.Debug.Status,
            Set = (c, v) => c.Debug.Status = v & DebugRegisters.StatusMask,
        },
        new("DBGDTRTXext", 0, 0, 3, 2, ReadWrite),
        new("DBGDTRRXint, DBGDTRTXint", 0, 0, 5, 0, ReadWrite | SystemAccess.UserRead | SystemAccess.UserWrite),
        new("DBGWFAR", 0, 0, 6, 0, ReadWrite) { Get = c => c.Debug.WatchpointAddress, Set = (c, v) => c.Debug.WatchpointAddress = v },
        new("DBGOSECCR", 0, 0, 6, 2, ReadWrite),
        new("DBGVCR", 0, 0, 7, 0, ReadWrite) { Get = c => c.Debug.VectorCatch, Set = (c, v) => c.Debug.VectorCatch = v },
        .. Numbered("DBGBVR", 0, 4, DebugRegisters.Breakpoints, c => c.Debug.BreakpointValues, 0xFFFF_FFFF),
        .. Numbered("DBGBCR", 0, 5, DebugRegisters.Breakpoints, c => c.Debug.BreakpointControls, 0x00FF_E1E7),
        .. Numbered("DBGWVR", 0, 6, DebugRegisters.Watchpoints, c => c.Debug.WatchpointValues, 0xFFFF_FFFC),
        .. Numbered("DBGWCR", 0, 7, DebugRegisters.Watchpoints, c => c.Debug.WatchpointControls, 0x1F1F_FFFF),
        new("DBGDRAR", 1, 0, 0, 0, Read | SystemAccess.UserRead),
        .. Numbered("DBGBXVR", 1, 1, DebugRegisters.Breakpoints, c => c.Debug.BreakpointExtended, 0xFF).Skip(4),
        new("DBGOSLAR", 1, 0, 0, 4, Write) { Set = (c, v) => c.Debug.Locked = v == OsLockKey },
        new("DBGOSLSR", 1, 0, 1, 4, Read) { Get = c => 8u | (c.Debug.Locked ? 2u : 0) },
        new("DBGOSDLR", 1, 0, 3, 4, ReadWrite) { Get = c => c.Debug.DoubleLock, Set = (c, v) => c.Debug.DoubleLock = v & 1 },
        new("DBGPRCR", 1, 0, 4, 4, ReadWrite) { Get = c => c.Debug.Power, Set = (c, v) => c.Debug.Power = v & 1 },
        new("DBGPRSR", 1, 0, 5, 4, Read) { Get = c => 1u | (c.Debug.Locked ? 0x20u : 0) },
        new("DBGDSAR", 2, 0, 0, 0, Read | SystemAccess.UserRead),
        new("DBGDEVID2", 7, 0, 0, 7, Read),
        new("DBGDEVID1", 7, 0, 1, 7, Read),
        new("DBGDEVID", 7, 0, 2, 7, Read) { Get = c => 0x01110F13 },
        new("DBGCLAIMSET", 7, 0, 8, 6, ReadWrite) { Get = c => 0xFF, Set = (c, v) => c.Debug.Claims |= v & 0xFF },
        new("DBGCLAIMCLR", 7, 0, 9, 6, ReadWrite) { Get = c => c.Debug.Claims, Set = (c, v) => c.Debug.Claims &= ~v },
        new("DBGAUTHSTATUS", 7, 0, 14, 6, Read),
        new("TEECR", 0, 6, 0, 0, SystemAccess.ReadWrite)
        {
            Get = c => c.Debug.ThumbEeControl,
            Set = (c, v) => c.Debug.ThumbEeControl = v & 1,
        },
        new("TEEHBR", 1, 6, 0, 0, SystemAccess.All)
        {
            Get = c => c.Debug.ThumbEeHandlers,
            Set = (c, v) => c.Debug.ThumbEeHandlers = v & ~3u,
            Effect = SystemEffect.ThumbEe,
        },
        new("JIDR", 0, 7, 0, 0, SystemAccess.Read),
        new("JOSCR", 1, 7, 0, 0, SystemAccess.ReadWrite),
        new("JMCR", 2, 7, 0, 0, SystemAccess.ReadWrite),
    ];

    private static IEnumerable<SystemRegisterRow> Numbered(
        string name, int crn, int opc2, int count, Func<Cp15, uint[]> registers, uint mask) =>
        Enumerable.Range(0, count).Select(i => new SystemRegisterRow($"{name}{i}", crn, 0, i, opc2, ReadWrite)
        {
            Get = c => registers(c)[i],
            Set = (c, v) => registers(c)[i] = v & mask,
        });
}
