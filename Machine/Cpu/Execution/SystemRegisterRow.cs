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

    ReadWrite = Read | Write,
    All = ReadWrite | UserRead | UserWrite,
}

/// <summary>What an access does beside reading or writing the value.</summary>
internal enum SystemEffect
{
    None,

    /// <summary>Remembered translations are forgotten.</summary>
    FlushTranslations,

    /// <summary>The same on every vCPU of the guest.</summary>
    FlushSharedTranslations,

    /// <summary>The generic timer's; the row's number is the <see cref="TimerRegister"/>.</summary>
    Timer,

    /// <summary>The cycle counter's.</summary>
    CycleCounter,

    /// <summary>The counter's controls: the count so far is kept.</summary>
    CounterControl,

    /// <summary>ATS1C..: translates the value; the row's number is 0 to 3 for PR, PW, UR, UW.</summary>
    TranslateAddress,

    /// <summary>Pending interrupts.</summary>
    InterruptStatus,
}

/// <summary>A register of coprocessor 15.</summary>
internal sealed record SystemRegisterRow(string Name, int Crn, int Opc1, int Crm, int Opc2, SystemAccess Access)
{
    internal Func<Cp15, uint>? Get { get; init; }

    internal Action<Cp15, uint>? Set { get; init; }

    internal SystemEffect Effect { get; init; }

    internal int Number { get; init; }

    internal int Key => (Crn << 10) | (Opc1 << 7) | (Crm << 3) | Opc2;
}
