using ActorTrace.Machine.Cpu;

namespace ActorTrace.Actors.Hypervisor;

/// <summary>The syndrome of a trapped CP15 access, HSR.ISS for EC 0x03 and 0x04 (ARM DDI 0406 B3.13.6).</summary>
/// <param name="exit">The trap.</param>
internal readonly struct SystemRegisterAccess(CoreExit exit)
{
    private const uint TwoRegisterClass = 0x04;
    private const uint GenericTimer = 14;

    /// <summary>MCRR or MRRC.</summary>
    public bool IsWide => exit.ExceptionClass == TwoRegisterClass;

    /// <summary>MRC or MRRC.</summary>
    public bool IsRead => (exit.Iss & 1) != 0;

    /// <summary>A register of the generic timer: CRn = c14, or CRm = c14 for two registers.</summary>
    public bool IsTimer => (IsWide ? Crm : Crn) == GenericTimer;

    /// <summary>The physical timer's register that is accessed; null for all others.</summary>
    public TimerRegister? PhysicalTimer => (IsTimer, IsWide, IsWide ? Opc1 : Opc2, IsWide ? 2 : Crm) switch
    {
        (true, true, 0, _) => TimerRegister.PhysicalCount,
        (true, true, 2, _) => TimerRegister.PhysicalCompare,
        (true, false, 0, 2) => TimerRegister.PhysicalTimerValue,
        (true, false, 1, 2) => TimerRegister.PhysicalControl,
        _ => null,
    };

    private uint Crn => (exit.Iss >> 10) & 15;

    private uint Crm => (exit.Iss >> 1) & 15;

    private uint Opc1 => IsWide ? (exit.Iss >> 16) & 15 : (exit.Iss >> 14) & 7;

    private uint Opc2 => (exit.Iss >> 17) & 7;
}
