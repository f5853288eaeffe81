using ActorTrace.Machine.Values;

namespace ActorTrace.Traces.Analysis.Report;

/// <summary>What the hypervisor did in the window: known of a journal only. All times are nanoseconds.</summary>
public sealed record HypervisorReport
{
    /// <summary>Each core's time.</summary>
    public required IReadOnlyList<CoreReport> Cores { get; init; }

    /// <summary>Lengths of the stretches from entering the hypervisor to leaving it.</summary>
    public required Distribution Occupied { get; init; }

    /// <summary>The longest of them, longest first.</summary>
    public required IReadOnlyList<HypervisorStretch> Longest { get; init; }

    /// <summary>Traps by core and exception class.</summary>
    public required IReadOnlyList<TrapReport> Traps { get; init; }

    /// <summary>Hypercalls that were answered for a guest, by core and immediate; hits of probes are no hypercalls.</summary>
    public required IReadOnlyList<HypercallReport> Hypercalls { get; init; }

    /// <summary>Steps and charged cycles of each core.</summary>
    public required IReadOnlyList<CoreSummary> Costs { get; init; }

    /// <summary>From a hit until its record is in the trace buffer, by lane that is fed from a ring.</summary>
    public required IReadOnlyList<LaneReport> Lanes { get; init; }

    /// <summary>Signals between cores.</summary>
    public required IReadOnlyList<IpiReport> Ipis { get; init; }
}

/// <summary>A physical core's observed time: Hypervisor + Busy + Idle + Untraced = Observed.</summary>
/// <param name="Core">Which.</param>
/// <param name="Observed">Time in which it is known what the core did, nanoseconds.</param>
/// <param name="Hypervisor">Time in the hypervisor.</param>
/// <param name="Busy">Guest time of tasks other than idle.</param>
/// <param name="Idle">Guest time of an idle task.</param>
/// <param name="Untraced">Guest time in which it is not known which task ran: not traced yet, or after a loss.</param>
public sealed record CoreReport(CoreId Core, ulong Observed, ulong Hypervisor, ulong Busy, ulong Idle, ulong Untraced);

/// <summary>A stretch in the hypervisor.</summary>
/// <param name="Core">Where.</param>
/// <param name="From">When it was entered.</param>
/// <param name="Nanoseconds">Until the guest ran again.</param>
/// <param name="Guest">The guest that it was entered from.</param>
/// <param name="Cause">Why: the exception class in words.</param>
/// <param name="Pc">Where the guest was.</param>
public sealed record HypervisorStretch(CoreId Core, ulong From, ulong Nanoseconds, string Guest, string Cause, uint Pc);

/// <summary>Traps of one exception class.</summary>
/// <param name="Core">Where.</param>
/// <param name="ExceptionClass">HSR[31:26]; 0x40 for a physical interrupt.</param>
/// <param name="Cause">The same in words.</param>
/// <param name="Count">How many.</param>
/// <param name="Cycles">Core cycles from entering the hypervisor to leaving it.</param>
/// <param name="Durations">The same for each, in nanoseconds.</param>
public sealed record TrapReport(CoreId Core, uint ExceptionClass, string Cause, ulong Count, ulong Cycles, Distribution Durations);

/// <summary>Hypercalls of one number.</summary>
/// <param name="Core">Where.</param>
/// <param name="Immediate">The HVC's immediate.</param>
/// <param name="Count">How many.</param>
/// <param name="Cycles">Core cycles of the service itself.</param>
public sealed record HypercallReport(CoreId Core, uint Immediate, ulong Count, ulong Cycles);

/// <summary>Hits that went through a ring.</summary>
/// <param name="Lane">Lane of the trace buffer.</param>
/// <param name="Guest">The traced guest.</param>
/// <param name="Vcpu">Its vCPU.</param>
/// <param name="HitToBuffer">From the hit until it was stored in the trace buffer; one observation a hit.</param>
public sealed record LaneReport(int Lane, string Guest, int Vcpu, Distribution HitToBuffer);

/// <summary>Signals from one core's hypervisor to another's.</summary>
/// <param name="From">Sender.</param>
/// <param name="To">Receiver.</param>
/// <param name="Latency">From the end of sending until the receiver's hypervisor takes it.</param>
/// <param name="Unmatched">Sent in the window, but no later step of the receiver belongs to the same cause.</param>
public sealed record IpiReport(CoreId From, CoreId To, Distribution Latency, ulong Unmatched);
