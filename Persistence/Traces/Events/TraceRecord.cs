using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Events;

/// <summary>One entry of a journal stream. Every kind is listed in <see cref="RecordKind"/>; their bytes in Binary/.</summary>
/// <param name="Cause">The stamp of the hit, command or tick that began the causal chain.</param>
public abstract record TraceRecord(Stamp Cause)
{
    /// <summary>The number that names the record's layout in a journal.</summary>
    public abstract RecordKind Kind { get; }
}

/// <summary>The record catalogue. Numbers are never reused or renumbered.</summary>
public enum RecordKind : ushort
{
    /// <summary><see cref="StepRecord"/>.</summary>
    Step = 1,

    /// <summary><see cref="ConsoleRecord"/>.</summary>
    Console = 2,

    /// <summary><see cref="GuestStateRecord"/>.</summary>
    GuestState = 3,

    /// <summary><see cref="SwitchRecord"/>.</summary>
    Switch = 16,

    /// <summary><see cref="WakeupRecord"/>.</summary>
    Wakeup = 17,

    /// <summary><see cref="FunctionHitRecord"/>.</summary>
    FunctionHit = 18,

    /// <summary><see cref="IrqRecord"/>.</summary>
    Irq = 19,

    /// <summary><see cref="MarkerRecord"/>.</summary>
    Marker = 20,

    /// <summary><see cref="LostRecordsRecord"/>.</summary>
    LostRecords = 21,

    /// <summary><see cref="FunctionReturnRecord"/>.</summary>
    FunctionReturn = 22,

    /// <summary><see cref="SoftirqRecord"/>.</summary>
    Softirq = 23,

    /// <summary><see cref="IpiRecord"/>.</summary>
    Ipi = 24,

    /// <summary><see cref="CpuIdleRecord"/>.</summary>
    CpuIdle = 25,

    /// <summary><see cref="ForeignRecord"/>.</summary>
    Foreign = 26,

    /// <summary><see cref="ControlRecord"/>.</summary>
    Control = 32,

    /// <summary><see cref="ProbeCountsRecord"/>.</summary>
    ProbeCounts = 33,

    /// <summary><see cref="RunEndRecord"/>.</summary>
    RunEnd = 34,

    /// <summary><see cref="CommandRecord"/>.</summary>
    Command = 35,

    /// <summary><see cref="HorizonRecord"/>; never stored.</summary>
    Horizon = ushort.MaxValue,
}
