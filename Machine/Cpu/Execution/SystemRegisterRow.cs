namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Who may access a system register, and what traps.</summary>
[Flags]
internal enum SystemAccess
{
    None = 0,
    Read = 1,
    Write = 2,
    UserRead = 4,
    UserWrite = 8,

    /// <summary>HCR.TVM traps writes.</summary>
    TrapVm = 16,

    /// <summary>HDCR.TDA, TDOSA or TDRA traps.</summary>
    TrapDebug = 32,

    ReadWrite = Read | Write,
    All = ReadWrite | UserRead | UserWrite,
}

/// <summary>What an access does beside reading or writing the value.</summary>
internal enum SystemEffect
{
    None,

    /// <summary>Remembered translations are forgotten.</summary>
    FlushTranslations,

    /// <summary>TLB maintenance of everything. In these three the row's number is 1 for the Inner Shareable domain.</summary>
    TlbAll,

    /// <summary>TLB maintenance of an address.</summary>
    TlbAddress,

    /// <summary>TLB maintenance of an ASID.</summary>
    TlbAsid,

    /// <summary>Cache maintenance of an address, which must translate.</summary>
    CacheAddress,

    /// <summary>The generic timer's; the row's number is the <see cref="TimerRegister"/>.</summary>
    Timer,

    /// <summary>The performance monitors'; the row's number is the <see cref="PerformanceRegister"/>.</summary>
    PerformanceMonitor,

    /// <summary>ATS1C..: translates the value; the row's number is 0 to 3 for PR, PW, UR, UW.</summary>
    TranslateAddress,

    /// <summary>Pending interrupts.</summary>
    InterruptStatus,

    /// <summary>TEECR says whether PL0 may use it.</summary>
    ThumbEe,
}

/// <summary>A 32-bit register of coprocessor 14 or 15.</summary>
internal sealed record SystemRegisterRow(string Name, int Crn, int Opc1, int Crm, int Opc2, SystemAccess Access)
{
    internal Func<Cp15, uint>? Get { get; init; }

    internal Action<Cp15, uint>? Set { get; init; }

    internal SystemEffect Effect { get; init; }

    internal int Number { get; init; }

    internal int Key => (Crn << 10) | (Opc1 << 7) | (Crm << 3) | Opc2;
}

/// <summary>A 64-bit register of coprocessor 14 or 15.</summary>
internal sealed record WideRegisterRow(string Name, int Coprocessor, int Opc1, int Crm, SystemAccess Access)
{
    internal Func<Cp15, ulong>? Get { get; init; }

    internal Action<Cp15, ulong>? Set { get; init; }

    internal SystemEffect Effect { get; init; }

    internal int Number { get; init; }

    internal int Key => ((Coprocessor & 1) << 8) | (Opc1 << 4) | Crm;
}
