namespace ActorTrace.Machine.Cpu.Execution;

/// <summary>Why the engine came back. In all but the first five the instruction at R15 did not complete.</summary>
internal enum Outcome
{
    /// <summary>The budget is used up.</summary>
    Limit,

    /// <summary>An instruction completed after which interrupts, mode or translation must be looked at anew.</summary>
    Recheck,

    /// <summary>The same of one that has set R15 itself.</summary>
    Jumped,

    /// <summary>A gate was reached.</summary>
    Gate,

    /// <summary>WFI completed: the processor sleeps.</summary>
    Sleep,

    /// <summary>The instruction touches a device or decoded code: it must run on its own.</summary>
    Alone,

    Undefined,
    SupervisorCall,
    Breakpoint,
    PrefetchAbort,
    DataAbort,
    Stage2Data,
    Stage2Fetch,
    Hypercall,
    WaitTrap,
    SystemTrap,
    DebugTrap,
}
